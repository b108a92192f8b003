import ParleyAudio
import ParleyEngine
import ParleyJSON
import Testing

@testable import ParleyRemoteEngine

@Suite("A remote recogniser listens", .timeLimit(.minutes(1)))
struct RemoteTranscriptionTests {
    private func transcribe(
        streams: Bool,
        samples: Int = 24_000,
        fault: String? = nil,
        options: TranscriptionOptions = TranscriptionOptions(language: "en", prompt: "Parley")
    ) async throws -> (text: String, partials: [PartialTranscript], seen: [JSON]) {
        let (transcript, partials, seen) = try await transcribe(
            .init(streams: streams),
            samples: samples,
            fault: fault,
            options: options
        )
        return (transcript.text, partials, seen)
    }

    private func transcribe(
        _ settings: RemoteTranscriptionEngine.Options,
        samples: Int = 24_000,
        fault: String? = nil,
        options: TranscriptionOptions = TranscriptionOptions()
    ) async throws -> (Transcript, partials: [PartialTranscript], seen: [JSON]) {
        let service = try MockService.service(fault: fault)
        let engine = RemoteTranscriptionEngine(service, options: settings)
        let speech = AsyncStream<SpeechPiece> { continuation in
            let silence = [Int16](repeating: 0, count: samples / 10)
            for _ in 0..<10 {
                let frame = AudioFrame(samples: silence, sampleRate: engine.sampleRate)
                continuation.yield(.audio(frame))
            }
            continuation.finish()
        }
        var partials: [PartialTranscript] = []
        let transcript = try await engine.transcribe(speech, options: options) { report in
            if case .partial(let partial) = report { partials.append(partial) }
        }
        return (transcript, partials, try await service.requestsSeen())
    }

    @Test("An utterance is uploaded as WAV when it has ended")
    func whole() async throws {
        let (text, partials, seen) = try await transcribe(streams: false)
        #expect(text == "I heard 1500 milliseconds at 16000 hertz in en.")
        #expect(partials.isEmpty)
        #expect(seen.count == 1)
        #expect(seen[0]["form"]?["model"] == "mock")
        #expect(seen[0]["form"]?["prompt"] == "Parley")
        #expect(seen[0]["form"]?["stream"] == nil)
        #expect(seen[0]["file_bytes"] == .integer(44 + 48_000))
    }

    @Test("A streamed text grows word by word, each partial the whole so far")
    func streamed() async throws {
        let (text, partials, _) = try await transcribe(streams: true)
        #expect(text == "I heard 1500 milliseconds at 16000 hertz in en.")
        #expect(partials.prefix(2).map(\.text) == ["I", "I heard"])
        #expect(partials.last?.text == text)
        #expect(partials.last?.stableByteCount == text.utf8.count)
    }

    @Test("A session that shows no partials asks for none")
    func noPartials() async throws {
        let options = TranscriptionOptions(wantsPartials: false)
        let (_, partials, seen) = try await transcribe(streams: true, options: options)
        #expect(partials.isEmpty)
        #expect(seen[0]["form"]?["stream"] == nil)
    }

    @Test("How probable tokens were is told to who asks", arguments: [true, false])
    func logprobs(streams: Bool) async throws {
        let asked = TranscriptionOptions(wantsLogprobs: true)
        let (told, _, seen) = try await transcribe(.init(streams: streams), options: asked)
        let (untold, _, _) = try await transcribe(.init(streams: streams))
        #expect(seen[0]["form"]?["include[]"] == "logprobs")
        #expect(told.logprobs?.first == TokenLogprob(token: "I", logprob: -0.25, bytes: [73]))
        #expect(told.logprobs?.map(\.token).joined() == told.text)
        #expect(untold.logprobs == nil)
    }

    @Test("Who spoke when is told where the service tells speakers apart")
    func segments() async throws {
        let (transcript, _, seen) = try await transcribe(.init(streams: true, diarises: true))
        #expect(seen[0]["form"]?["response_format"] == "diarized_json")
        #expect(transcript.segments.map(\.speaker) == ["A", "B"])
        #expect(transcript.segments[0].span == .zero..<Duration.milliseconds(750))
        #expect(transcript.segments.map(\.text).joined() == transcript.text)
    }

    @Test("Silence that nobody recorded is asked of nobody")
    func empty() async throws {
        let (text, _, seen) = try await transcribe(streams: false, samples: 0)
        #expect(text.isEmpty)
        #expect(seen.isEmpty)
    }

    @Test("An utterance beyond the limit is refused unsent")
    func tooLong() async throws {
        let error = await #expect(throws: EngineError.self) {
            try await transcribe(streams: false, samples: 20_000_000)
        }
        #expect(error?.fault == .request)
    }

    @Test("A service that fails once is asked again")
    func retried() async throws {
        let (text, _, seen) = try await transcribe(streams: true, fault: "cut-early*1")
        #expect(text.hasPrefix("I heard"))
        #expect(seen.count == 2)
    }
}

@Suite("A remote voice speaks", .timeLimit(.minutes(1)))
struct RemoteSpeechTests {
    private func speak(
        _ request: SpeechRequest,
        format: SpeechFormat,
        fault: String? = nil
    ) async throws -> (audio: AudioFrame, pieces: Int, seen: [JSON]) {
        let service = try MockService.service(fault: fault)
        let engine = RemoteSpeechEngine(service, format: format, voice: "amy")
        var audio = AudioFrame(samples: [], sampleRate: 0)
        var pieces = 0
        try await engine.speak(request) { frame in
            audio.samples += frame.samples
            audio.sampleRate = frame.sampleRate
            pieces += 1
        }
        return (audio, pieces, try await service.requestsSeen())
    }

    @Test(
        "Samples come in pieces, cut anywhere, and none is lost",
        arguments: SpeechFormat.allCases
    )
    func pieces(format: SpeechFormat) async throws {
        let (audio, _, seen) = try await speak(SpeechRequest(text: "Hello there"), format: format)
        #expect(audio.sampleRate == 24_000)
        #expect(audio.duration == .milliseconds(550))
        // A cut in the wrong place would make noise of the tone.
        #expect(audio.samples.allSatisfy { abs(Int($0)) <= 8_000 })
        #expect(
            zip(audio.samples, audio.samples.dropFirst()).allSatisfy {
                abs(Int($0) - Int($1)) < 1_000
            }
        )
        #expect(seen[0]["body"]?["voice"] == "amy")
        #expect(seen[0]["body"]?["response_format"] == .string(format.rawValue))
        #expect(seen[0]["body"]?["speed"] == nil)
    }

    @Test("Voice and speed are the session's where it says so")
    func voiceAndSpeed() async throws {
        let request = SpeechRequest(text: "Hello there", voice: "bob", speed: 2)
        let (audio, _, seen) = try await speak(request, format: .pcm)
        #expect(audio.duration == .milliseconds(275))
        #expect(seen[0]["body"]?["voice"] == "bob")
        #expect(seen[0]["body"]?["speed"] == 2.0)
    }

    @Test("A request with a voice that isn't there is rejected")
    func unknownVoice() async throws {
        let error = await #expect(throws: EngineError.self) {
            try await speak(SpeechRequest(text: "Hello", voice: "nobody"), format: .pcm)
        }
        #expect(error?.fault == .rejected)
    }

    @Test(
        "A WAV at a rate that nobody can resample is refused, with both rates in the detail",
        arguments: [4_000, 7_999, 48_001, 96_000]
    )
    func unsupportedRate(rate: Int) async throws {
        let error = await #expect(throws: EngineError.self) {
            try await speak(SpeechRequest(text: "Hello"), format: .wav, fault: "rate-\(rate)")
        }
        #expect(error?.fault == .malformedAnswer)
        #expect(error?.detail.contains("found a sample rate of \(rate) Hz") == true)
        #expect(error?.detail.contains("expected 8000 to 48000") == true)
    }

    @Test("A WAV at the lowest and the highest rate is heard", arguments: [8_000, 48_000])
    func supportedRate(rate: Int) async throws {
        let request = SpeechRequest(text: "Hello")
        let (audio, _, _) = try await speak(request, format: .wav, fault: "rate-\(rate)")
        #expect(audio.sampleRate == rate)
        #expect(audio.samples.count == 2_400)
    }

    @Test("Nothing to say is asked of nobody")
    func nothing() async throws {
        #expect(try await speak(SpeechRequest(text: " \n"), format: .pcm).seen.isEmpty)
    }

    @Test("A broken answer that nobody heard yet is asked for again")
    func retried() async throws {
        let (audio, _, seen) = try await speak(
            SpeechRequest(text: "Hello"),
            format: .pcm,
            fault: "status-503*2"
        )
        #expect(audio.duration == .milliseconds(250))
        #expect(seen.count == 3)
    }

    @Test("A WAV header may arrive in any pieces", arguments: 1...50)
    func header(length: Int) throws {
        var decoder = SpeechDecoder(.wav)
        let file = AudioFrame(samples: Array(0..<100), sampleRate: 22_050).wav
        var samples: [Int16] = []
        for start in stride(from: 0, to: file.count, by: length) {
            let piece = Array(file[start..<min(start + length, file.count)])
            if let frame = try decoder.decode(piece) {
                #expect(frame.sampleRate == 22_050)
                samples += frame.samples
            }
        }
        try decoder.finish()
        #expect(samples == Array(0..<100))
    }
}
