public import ParleyRealtime

extension Session {
    /// What a session is born with.
    public struct Birth: Sendable {
        /// What the client knows the session by.
        public var id: SessionID
        /// In force until the client changes it, and what `null` goes back to.
        public var configuration: SessionConfiguration
        /// What the client may name.
        public var names: SessionNames
        /// The language model sees images.
        public var seesImages: Bool
        /// What the client may name as its prompt.
        public var prompts: PromptCatalog
        /// How much is done for a turn that may be over before it is.
        public var speculation: Speculation
        /// Every bound of the session.
        public var limits: Limits
        /// Makes the ids of items, responses and events.
        public var ids: IdentifierSource
        /// Which MCP servers the client may name.
        public var toolServers = ToolServerRules()
        /// When MCP tools have answered, the model goes on without being asked.
        ///
        /// The reference server waits for `response.create`.
        public var continuesAfterTools = false
        /// When older turns are summarised; nil: never.
        public var compaction: CompactionRules?
        /// Wall clock at birth, unix seconds: only for `expires_at`.
        public var unixTime: Int
        /// A client's unknown members are errors.
        public var isStrict: Bool
        /// What the connection speaks; the session's events are GA's all the same, and only their
        /// order follows it.
        public var dialect: Dialect
        /// What is spoken to the session, where the operator said so: an ISO 639-1 code, for
        /// translations.
        public var spokenLanguage: String?
        /// What the voices speak, as BCP 47 tags, for translations; empty where nobody knows.
        public var voiceLanguages: [String] = []
        /// The client hears with each response what the limits of its key leave.
        public var reportsRateLimits: Bool

        /// Makes a birth; what isn't named has the documented defaults.
        public init(
            id: SessionID,
            configuration: SessionConfiguration,
            ids: IdentifierSource,
            unixTime: Int,
            names: SessionNames = SessionNames()
        ) {
            self.id = id
            self.configuration = configuration
            self.names = names
            self.seesImages = false
            self.prompts = PromptCatalog()
            self.speculation = .none
            self.limits = Limits()
            self.ids = ids
            self.unixTime = unixTime
            self.isStrict = false
            self.dialect = .ga
            self.reportsRateLimits = false
        }
    }

    /// What a session has done in a pause that may end the turn; all of it is thrown away when the
    /// user goes on.
    public enum Speculation: Sendable, Equatable, CaseIterable {
        /// Nothing: work begins when the turn is over.
        case none
        /// The recogniser says what was said so far.
        case transcription
    }
}

extension Session {
    /// When a conversation is long enough to be told in fewer words.
    public struct CompactionRules: Sendable, Equatable {
        /// Beyond this the oldest turns are summarised.
        public var limit: Size
        /// So much of the newest turns stays as it is; the newest turn always does.
        public var kept: Size

        /// Makes rules.
        public init(limit: Size, kept: Size) {
            self.limit = limit
            self.kept = kept
        }

        /// How much of a conversation; what is not named does not count.
        public struct Size: Sendable, Equatable {
            /// Tokens, by estimate.
            public var tokenCount: Int
            /// Turns and calls, without what the application wrote as `system`.
            public var itemCount: Int

            /// Makes a size.
            public init(tokenCount: Int = .max, itemCount: Int = .max) {
                self.tokenCount = tokenCount
                self.itemCount = itemCount
            }
        }
    }
}

extension ConfigurationUpdate {
    /// The rules of a session that was born so.
    init(_ birth: borrowing Session.Birth, voiceHeard: Voice?, isResponding: Bool) {
        self.init(
            defaults: birth.configuration,
            names: birth.names,
            toolServers: birth.toolServers,
            toolServerCount: birth.limits.toolServerCount,
            prompts: birth.prompts,
            voiceHeard: voiceHeard,
            isResponding: isResponding
        )
    }
}

extension Session.Birth {
    /// The session as events show it, with its configuration by now.
    func object(_ configuration: SessionConfiguration) -> SessionObject {
        SessionObject(
            id: id,
            expiresAt: unixTime + Int(limits.sessionDuration.components.seconds),
            configuration: configuration
        )
    }

    /// A configuration with what somebody asked for before the session begins, by the rules of
    /// `session.update`.
    ///
    /// - Parameters:
    ///   - defaults: What holds where nothing was asked for.
    ///   - update: What was asked for.
    ///   - names: What may be named.
    ///   - toolServers: Which MCP servers may be named.
    ///   - prompts: What may be named as the prompt.
    ///   - limits: The session's.
    /// - Returns: The configuration to begin with.
    /// - Throws: ``ProtocolError`` for the first member that can't be had.
    public static func configuration(
        _ defaults: SessionConfiguration,
        taking update: SessionUpdate,
        names: SessionNames,
        toolServers: ToolServerRules,
        prompts: PromptCatalog,
        limits: Limits
    ) throws(ProtocolError) -> SessionConfiguration {
        let rules = ConfigurationUpdate(
            defaults: defaults,
            names: names,
            toolServers: toolServers,
            toolServerCount: limits.toolServerCount,
            prompts: prompts,
            voiceHeard: nil,
            isResponding: false
        )
        return try rules.applied(update, to: defaults).get()
    }
}
