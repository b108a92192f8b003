public import ParleyJSON

/// A session as a dialect shows it, in events and in the answers of REST endpoints.
///
/// - Source: Realtime protocol, "Session object", "GA and beta mapping", "Legacy session
///   endpoints".
public struct WrittenSession: JSONWritable {
    /// `client_secret` of a flat session that a REST endpoint made.
    public struct ClientSecret: Sendable, Hashable {
        /// The secret.
        public var value: String
        /// Unix seconds.
        public var expiresAt: Int

        /// Makes a secret.
        public init(value: String, expiresAt: Int) {
            self.value = value
            self.expiresAt = expiresAt
        }
    }

    private let session: SessionObject
    private let dialect: Dialect
    private let clientSecret: ClientSecret?

    /// Prepares a session to be written.
    ///
    /// - Parameters:
    ///   - session: What to show.
    ///   - dialect: How to show it.
    ///   - clientSecret: Shown by flat sessions, where events show null; GA has it beside the
    ///     session.
    public init(
        _ session: SessionObject,
        in dialect: Dialect,
        clientSecret: ClientSecret? = nil
    ) {
        self.session = session
        self.dialect = dialect
        self.clientSecret = clientSecret
    }

    /// Writes the object.
    public func write(to writer: inout JSONWriter) {
        switch (dialect, session.configuration.kind) {
        case (_, .translation): GATranslationSession(session: session).write(to: &writer)
        case (.ga, .realtime): GASession(session: session).write(to: &writer)
        case (.ga, .transcription): GATranscriptionSession(session: session).write(to: &writer)
        case (.beta, .realtime):
            BetaSession(session: session, clientSecret: clientSecret).write(to: &writer)
        case (.speaches, _):
            BetaSession(session: session, clientSecret: clientSecret, namesSynthesiser: true)
                .write(to: &writer)
        case (.beta, .transcription):
            BetaTranscriptionSession(session: session, clientSecret: clientSecret)
                .write(to: &writer)
        }
    }
}

extension WrittenSession.ClientSecret: JSONWritable {
    /// Writes `value` and `expires_at`.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("value", value)
            $0.member("expires_at", expiresAt)
        }
    }
}

/// An item as a dialect shows it.
struct WrittenItem: JSONWritable {
    let item: Item
    let dialect: Dialect
    /// Only `conversation.item.retrieved` shows audio.
    var showsAudio = false

    func write(to writer: inout JSONWriter) {
        switch dialect {
        case .ga: GAItem(item: item, showsAudio: showsAudio).write(to: &writer)
        case .beta, .speaches: BetaItem(item: item, showsAudio: showsAudio).write(to: &writer)
        }
    }
}

/// A response as a dialect shows it.
struct WrittenResponse: JSONWritable {
    let response: Response
    let dialect: Dialect

    func write(to writer: inout JSONWriter) {
        switch dialect {
        case .ga: GAResponse(response: response).write(to: &writer)
        case .beta, .speaches: BetaResponse(response: response).write(to: &writer)
        }
    }
}
