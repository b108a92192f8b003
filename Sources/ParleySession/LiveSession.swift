internal import ParleyRealtime

/// A session of any kind, behind the same two doors.
public enum LiveSession: ~Copyable, Sendable {
    /// Conversations and transcriptions.
    case session(Session)
    case translation(TranslationSession)

    /// Prepares the session that a configuration's kind asks for; ``start(at:)`` says its first
    /// words.
    public init(_ birth: Session.Birth) {
        switch birth.configuration.kind {
        case .realtime, .transcription: self = .session(Session(birth))
        case .translation: self = .translation(TranslationSession(birth))
        }
    }

    /// When to call again with ``Session/Input/timeout`` at the latest; nil when nothing waits.
    public var deadline: Instant? {
        switch self {
        case .session(let session): session.deadline
        case .translation(let session): session.deadline
        }
    }

    /// The first outputs.
    public mutating func start(at now: Instant) -> [Session.Output] {
        switch consume self {
        case .session(var session):
            let outputs = session.start(at: now)
            self = .session(session)
            return outputs
        case .translation(var session):
            let outputs = session.start(at: now)
            self = .translation(session)
            return outputs
        }
    }

    /// Takes one input and says what is to be done, in order.
    public mutating func handle(_ input: Session.Input, at now: Instant) -> [Session.Output] {
        switch consume self {
        case .session(var session):
            let outputs = session.handle(input, at: now)
            self = .session(session)
            return outputs
        case .translation(var session):
            let outputs = session.handle(input, at: now)
            self = .translation(session)
            return outputs
        }
    }
}
