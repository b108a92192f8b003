/// Every bound of a session, each with its reason.
public struct Limits: Sendable, Equatable {
    /// Longest session. The reference server allows 60 minutes.
    public var sessionDuration = Duration.seconds(3_600)
    /// Most audio kept while the client commits by itself: ten minutes, as long as a person can plausibly hold forth.
    public var inputBufferDuration = Duration.seconds(600)

    /// Makes the default limits.
    public init() {}
}
