internal import ParleyHTTP
internal import ParleyRealtime

/// What the URL and the headers of a Realtime connection ask for.
///
/// - Source: Realtime protocol, "URL", "Dialect" and "Speaches". Parameters that nobody knows are
///   ignored.
struct RealtimeQuery: Equatable {
    /// What the session is for.
    var kind: SessionKind
    /// The pipeline or language model, the recogniser where that is all there is; nil when the
    /// client names none.
    var model: String?
    /// Language of the speakers, for clients that say it here.
    var language: String?
    /// The recogniser, for clients that say it here.
    var transcriptionModel: String?
    /// What the client is marked to speak; nil without a mark.
    var dialect: Dialect?

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - request: The handshake.
    ///   - kind: What the path says the session is for; nil where the query says it.
    /// - Throws: ``ProtocolError`` for what this server doesn't speak; the client gets it as an
    ///   event.
    init(_ request: HTTPRequest, of kind: SessionKind? = nil) throws(ProtocolError) {
        let query = request.target.query
        self.kind = if let kind { kind } else { try Self.kind(query["intent"]) }
        func named(_ name: String) -> String? {
            query[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        if let callID = named("call_id") {
            throw ProtocolError(
                .invalidCallID,
                "There is no call \"\(callID.excerpt)\" to join: calls are not served yet.",
                param: "call_id"
            )
        }
        model = named("model") ?? named("deployment")
        language = try named("language").map(Self.language)
        transcriptionModel = named("transcription_model")
        // Translations came after beta.
        dialect =
            kind == .translation ? .ga : Self.isMarkedBeta(request) ? .beta : nil
    }

    private static func kind(_ intent: String?) throws(ProtocolError) -> SessionKind {
        switch intent {
        case nil, "", "conversation", "realtime": return .realtime
        case "transcription": return .transcription
        case let other?:
            throw ProtocolError(
                .invalidValue,
                "Found intent \"\(other.excerpt)\", expected \"conversation\", "
                    + "\"transcription\" or none.",
                param: "intent"
            )
        }
    }

    private static func language(_ tag: String) throws(ProtocolError) -> String {
        guard !LanguageTag.isWellFormed(tag) else { return tag }
        throw ProtocolError(
            .invalidValue,
            "Found language \"\(tag.excerpt)\", expected \(LanguageTag.description).",
            param: "language"
        )
    }

    /// The REST SDK of that time sends `assistants=v2` in the same header: no mark.
    private static func isMarkedBeta(_ request: HTTPRequest) -> Bool {
        WebSocketSubprotocols(offeredBy: request).contains("openai-beta.realtime-v1")
            || request.headers.values("OpenAI-Beta").contains { $0.contains("realtime=v1") }
    }
}
