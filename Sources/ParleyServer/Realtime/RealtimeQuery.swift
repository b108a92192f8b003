internal import ParleyHTTP
internal import ParleyRealtime

/// What the URL and the headers of a Realtime connection ask for.
///
/// - Source: Realtime protocol, "URL" and "Dialect". Parameters that nobody knows are ignored.
struct RealtimeQuery: Equatable {
    /// The pipeline or language model; nil when the client names none.
    var model: String?
    /// Language of the speakers, for clients that say it here.
    var language: String?

    /// Reads a request.
    ///
    /// - Throws: ``ProtocolError`` for what this server doesn't speak; the client gets it as an
    ///   event.
    init(_ request: HTTPRequest) throws(ProtocolError) {
        let query = request.target.query
        try Self.checkIntent(query["intent"])
        if let callID = query["call_id"] {
            throw Self.refusal(
                "There is no call \"\(callID.prefix(64))\" to join: calls are not served yet."
            )
        }
        if Self.wantsBeta(request) {
            throw Self.refusal(
                "The beta dialect is not served yet. Leave out the realtime=v1 marker to speak GA."
            )
        }
        let model = query["model"] ?? query["deployment"]
        self.model = model.flatMap { $0.isEmpty ? nil : $0 }
        language = query["language"]
    }

    private static func checkIntent(_ intent: String?) throws(ProtocolError) {
        switch intent {
        case nil, "", "conversation", "realtime": return
        case "transcription":
            throw refusal("Transcription sessions are not served yet.", param: "intent")
        case let other?:
            throw ProtocolError(
                .invalidValue,
                "Found intent \"\(other.prefix(64))\", expected \"conversation\" or none.",
                param: "intent"
            )
        }
    }

    private static func wantsBeta(_ request: HTTPRequest) -> Bool {
        WebSocketSubprotocols(offeredBy: request).contains("openai-beta.realtime-v1")
            || request.headers.values("OpenAI-Beta").contains { $0.contains("realtime=v1") }
    }

    private static func refusal(_ message: String, param: String? = nil) -> ProtocolError {
        ProtocolError(.notImplemented, message, param: param)
    }
}
