public import ParleyRealtime

/// One Realtime session as a pure state machine: inputs and time go in, events and effects come out.
public struct Session: ~Copyable, Sendable {
    /// What a session is born with.
    public struct Birth: Sendable {
        public var id: SessionID
        public var configuration: SessionConfiguration
        /// Voices of the pipeline's synthesiser; empty when it takes any name.
        public var voices: [String]
        public var limits: Limits
        public var ids: IdentifierSource
        /// Wall clock at birth, unix seconds: only for `expires_at`.
        public var unixTime: Int
        /// A client's unknown members are errors.
        public var isStrict: Bool
    }

    /// When to call again with ``Input/timeout`` at the latest; nil when nothing waits for time.
    public var deadline: Instant? { nil }

    /// Begins a session; ``start(at:)`` says its first words.
    public init(_ birth: Birth) {
    }

    /// The first outputs: `session.created`.
    public mutating func start(at now: Instant) -> [Output] {
        []
    }

    /// Takes one input and says what is to be done, in order.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        []
    }
}
