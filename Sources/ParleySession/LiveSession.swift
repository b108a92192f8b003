internal import ParleyRealtime

/// A session of any kind, behind the same doors.
///
/// Its owner holds it as `any LiveSession & ~Copyable`, a box in which it changes where it lies: a
/// session is two kilobytes of modes and content, and moving it out of and into an enumeration's
/// case with every frame of audio cost a sixth of the frame.
public protocol LiveSession: ~Copyable, Sendable {
    /// When to call again with ``Session/Input/timeout`` at the latest; nil when nothing waits.
    var deadline: Instant? { get }
    /// Bytes of audio, in the client's format, that the input buffer takes for certain.
    var freeAudioByteCount: Int { get }
    /// The first outputs.
    mutating func start(at now: Instant) -> [Session.Output]
    /// Takes one input and says what is to be done, in order.
    mutating func handle(_ input: Session.Input, at now: Instant) -> [Session.Output]
}

extension Session: LiveSession {
    /// Bytes of audio that the input buffer takes for certain.
    public var freeAudioByteCount: Int { input.freeByteCount }
}

extension TranslationSession: LiveSession {
    /// Bytes of audio that the input buffer takes for certain.
    public var freeAudioByteCount: Int { input.freeByteCount }
}

extension Session.Birth {
    /// The session that the configuration's kind asks for, not yet started.
    public consuming func session() -> any LiveSession & ~Copyable {
        switch configuration.kind {
        case .realtime, .transcription: Session(self)
        case .translation: TranslationSession(self)
        }
    }
}
