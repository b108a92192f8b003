internal import ParleyRealtime

/// A session of any kind, behind the same three doors.
///
/// Its owner holds it as `any LiveSession & ~Copyable`, a box in which it changes where it lies: a
/// session is two kilobytes of modes and content, and moving it out of and into an enumeration's
/// case with every frame of audio cost a sixth of the frame.
public protocol LiveSession: ~Copyable, Sendable {
    /// When to call again with ``Session/Input/timeout`` at the latest; nil when nothing waits.
    var deadline: Instant? { get }
    /// The first outputs.
    mutating func start(at now: Instant) -> [Session.Output]
    /// Takes one input and says what is to be done, in order.
    mutating func handle(_ input: Session.Input, at now: Instant) -> [Session.Output]
}

extension Session: LiveSession {}
extension TranslationSession: LiveSession {}

extension Session.Birth {
    /// The session that the configuration's kind asks for, not yet started.
    public consuming func session() -> any LiveSession & ~Copyable {
        switch configuration.kind {
        case .realtime, .transcription: Session(self)
        case .translation: TranslationSession(self)
        }
    }
}
