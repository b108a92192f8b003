internal import ParleyAudio
package import ParleyEngine
internal import ParleyHTTP
internal import ParleyJSON
package import ParleyNetwork

/// A recogniser behind `/audio/transcriptions`.
///
/// The service takes whole files, so the work begins when the utterance has ended, or in a pause
/// that may be its end where requests for nothing are allowed.
///
/// - Source: OpenAI API reference, "Create transcription".
package final class RemoteTranscriptionEngine: TranscriptionEngine {
    /// What is asked of the service.
    package struct Options: Sendable, Equatable {
        /// Ask for the text as it is found.
        package var streams: Bool
        /// Ask who spoke when; such text comes as a whole.
        package var diarises: Bool
        /// Given with every utterance for which the session has none.
        package var prompt: String?
        /// Ask in pauses, too, which may turn out to be in the middle of an utterance: one more
        /// request for each pause.
        package var isSpeculative: Bool

        /// Makes options; by default the text alone is asked for, and once.
        package init(
            streams: Bool = false,
            diarises: Bool = false,
            prompt: String? = nil,
            isSpeculative: Bool = false
        ) {
            self.streams = streams
            self.diarises = diarises
            self.prompt = prompt
            self.isSpeculative = isSpeculative
        }
    }

    private let service: RemoteService
    private let settings: Options

    /// Bytes of one upload.
    ///
    /// Specified: the limit of OpenAI's service; thirteen minutes of speech.
    private static let uploadLimit = 25_000_000

    /// Makes an engine of a service.
    package init(_ service: RemoteService, options: Options = Options()) {
        self.service = service
        self.settings = options
    }

    /// Makes an engine with clients of its own on each loop of a group.
    package convenience init(
        name: String,
        endpoint: RemoteEndpoint,
        options: Options,
        group: EventLoopGroup
    ) {
        let service = RemoteService(name: name, endpoint: endpoint, group: group)
        self.init(service, options: options)
    }

    package var name: String { service.name }
    package var state: EngineState { service.state }
    package var load: EngineLoad { service.load }
    /// What recognisers work at inside; more would only be longer on the way.
    package var sampleRate: Int { 16_000 }
    package var isSpeculative: Bool { settings.isSpeculative }

    /// Asks the service for a sign of life.
    package func prepare() async throws(EngineError) { try await service.prepare() }

    /// Uploads the utterance when it has ended, or pauses, and hears what was said.
    package func transcribe(
        _ speech: AsyncStream<SpeechPiece>,
        options: TranscriptionOptions,
        report: (TranscriptionReport) async -> Void
    ) async throws(EngineError) -> Transcript {
        var samples: [Int16] = []
        var conclusion: Result<Transcript, EngineError>?
        for await piece in speech {
            switch piece {
            case .audio(let frame):
                conclusion = nil
                samples += frame.samples
                try check(samples)
            case .pause(let pause):
                conclusion = await conclude(samples, options, in: pause)
                guard case .success(let transcript) = conclusion else { continue }
                await report(.provisional(transcript, pause))
            }
        }
        guard !Task.isCancelled else { throw EngineError(.cancelled, "cancelled while listening") }
        if let conclusion { return try conclusion.get() }
        return try await upload(samples, options, report)
    }

    /// Uploads what may be all of the utterance; nil when it wasn't.
    private func conclude(
        _ samples: [Int16],
        _ options: TranscriptionOptions,
        in pause: SpeechPause
    ) async -> Result<Transcript, EngineError>? {
        var options = options
        options.wantsPartials = false
        let request = options
        return await pause.attempt { () async throws(EngineError) in
            try await self.upload(samples, request) { _ in }
        }
    }

    private func check(_ samples: [Int16]) throws(EngineError) {
        guard samples.count * 2 >= Self.uploadLimit else { return }
        throw EngineError(.request, "an utterance of more than \(Self.uploadLimit) bytes")
    }

    private func upload(
        _ samples: [Int16],
        _ options: TranscriptionOptions,
        _ report: (TranscriptionReport) async -> Void
    ) async throws(EngineError) -> Transcript {
        guard !samples.isEmpty else { return Transcript(text: "") }
        let file = AudioFrame(samples: samples, sampleRate: sampleRate).wav
        let timeouts = service.endpoint.timeouts
        return try await service.call(within: timeouts) { call throws(RemoteFailure) in
            let request = self.service.request(
                posting: self.form(file, options),
                to: "audio/transcriptions"
            )
            let response = try await self.service.open(request, call)
            var answer = TranscriptionAnswer(options)
            if RemoteEvents.isStream(response) {
                try await self.read(response, into: &answer, call, report)
            } else {
                let whole = try await self.service.wholeJSON(response)
                try self.judge { () throws(TranscriptionAnswer.Malformed) in
                    try answer.read(whole: whole)
                }
            }
            return answer.transcript
        }
    }

    private func form(_ file: [UInt8], _ options: TranscriptionOptions) -> MultipartBuilder {
        var random = SecureRandom()
        var form = MultipartBuilder(MultipartBoundary(random: (random.next(), random.next())))
        form.add("model", service.endpoint.model)
        form.add("response_format", settings.diarises ? "diarized_json" : "json")
        // Services that tell speakers apart demand this for all but short utterances.
        if settings.diarises { form.add("chunking_strategy", "auto") }
        if let language = options.language { form.add("language", language) }
        if let prompt = options.prompt ?? settings.prompt { form.add("prompt", prompt) }
        if options.wantsLogprobs { form.add("include[]", "logprobs") }
        if settings.streams, !settings.diarises, options.wantsPartials {
            form.add("stream", "true")
        }
        form.add("file", fileName: "speech.wav", mediaType: "audio/wav", file)
        return form
    }

    private func read(
        _ response: HTTPClientResponse,
        into answer: inout TranscriptionAnswer,
        _ call: RemoteCall,
        _ report: (TranscriptionReport) async -> Void
    ) async throws(RemoteFailure) {
        var stream = RemoteEvents(response, host: service.host)
        while !answer.isFinished, let event = try await stream.next() {
            let partial = try judge { () throws(TranscriptionAnswer.Malformed) in
                try answer.read(event)
            }
            guard let partial else { continue }
            call.hasReported = true
            await report(.partial(partial))
        }
        guard stream.isDone || answer.isFinished else {
            let detail = "\(service.host) ended in the middle of its answer"
            throw RemoteFailure(.unavailable, detail, isPassing: true)
        }
    }

    private func judge<Value>(
        _ read: () throws(TranscriptionAnswer.Malformed) -> Value
    ) throws(RemoteFailure) -> Value {
        do throws(TranscriptionAnswer.Malformed) {
            return try read()
        } catch {
            throw .malformed(service.host, "an answer in which \(error.message)")
        }
    }
}
