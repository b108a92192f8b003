package import ParleyAudio
package import ParleyEngine
internal import ParleyHTTP
internal import ParleyJSON
package import ParleyNetwork

/// A voice behind `/audio/speech`.
///
/// - Source: OpenAI API reference, "Create speech".
package final class RemoteSpeechEngine: SpeechEngine {
    private let service: RemoteService
    private let format: SpeechFormat
    private let voice: String

    /// Makes an engine.
    ///
    /// - Parameters:
    ///   - service: Where it is.
    ///   - format: How it writes audio.
    ///   - voice: Spoken with where a session names none; services insist on one.
    package init(_ service: RemoteService, format: SpeechFormat = .pcm, voice: String? = nil) {
        self.service = service
        self.format = format
        self.voice = voice ?? "alloy"
    }

    /// Makes an engine with clients of its own on each loop of a group.
    package convenience init(
        name: String,
        endpoint: RemoteEndpoint,
        format: SpeechFormat,
        group: EventLoopGroup
    ) {
        self.init(RemoteService(name: name, endpoint: endpoint, group: group), format: format)
    }

    package var name: String { service.name }
    package var state: EngineState { service.state }
    package var load: EngineLoad { service.load }
    /// Only the service knows what else it has.
    package var voices: [String] { [] }

    /// Asks the service for a sign of life.
    package func prepare() async throws(EngineError) { try await service.prepare() }

    /// Streams one clause.
    package func speak(
        _ request: SpeechRequest,
        report: (AudioFrame) async -> Void
    ) async throws(EngineError) {
        guard request.text.contains(where: { !$0.isWhitespace }) else { return }
        let timeouts = service.endpoint.timeouts
        try await service.call(within: timeouts) { call throws(RemoteFailure) in
            let body = self.service.request(
                posting: self.body(request).serialized(),
                to: "audio/speech"
            )
            let response = try await self.service.open(body, call)
            let isHeard = try await self.read(response, call, report)
            // Dots alone may well be silence.
            guard isHeard || !request.text.contains(where: \.isLetter) else {
                throw .malformed(self.service.host, "no audio")
            }
        }
    }

    private func body(_ request: SpeechRequest) -> JSON {
        var body: JSONObject = [
            "model": .string(service.endpoint.model),
            "input": .string(request.text),
            "voice": .string(request.voice ?? voice),
            "response_format": .string(format.rawValue),
        ]
        // Not all services know it; where it says nothing it isn't said.
        if request.speed != 1 { body["speed"] = .number(request.speed) }
        return .object(body)
    }

    private func read(
        _ response: HTTPClientResponse,
        _ call: RemoteCall,
        _ report: (AudioFrame) async -> Void
    ) async throws(RemoteFailure) -> Bool {
        let type = response.headers[.contentType].map { RemoteService.mediaType($0) } ?? ""
        // A page or an error is not to be heard, whatever its status says.
        guard !type.hasPrefix("text/"), type != "application/json" else {
            throw .malformed(service.host, "no audio but \(type)")
        }
        var decoder = SpeechDecoder(format)
        while let piece = try await next(response) {
            try await tell(try frame(of: piece, &decoder), call, report)
        }
        do throws(WAVError) {
            try decoder.finish()
        } catch {
            throw .malformed(service.host, "audio that is none: \(error)")
        }
        return decoder.hasSamples
    }

    private func next(_ response: HTTPClientResponse) async throws(RemoteFailure) -> [UInt8]? {
        do throws(NetworkError) {
            return try await response.next()
        } catch {
            throw RemoteFailure(error)
        }
    }

    private func frame(
        of piece: [UInt8],
        _ decoder: inout SpeechDecoder
    ) throws(RemoteFailure) -> AudioFrame? {
        do throws(WAVError) {
            return try decoder.decode(piece)
        } catch {
            throw .malformed(service.host, "audio that cannot be read: \(error)")
        }
    }

    private func tell(
        _ frame: AudioFrame?,
        _ call: RemoteCall,
        _ report: (AudioFrame) async -> Void
    ) async throws(RemoteFailure) {
        guard !Task.isCancelled else { throw RemoteFailure(.cancelled, "cancelled") }
        guard let frame else { return }
        call.hasReported = true
        await report(frame)
    }
}
