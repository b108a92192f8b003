/// How long a peer has shown no life, counted in pings.
struct WebSocketLiveness {
    private let missedPongs: Int
    private var unansweredPings = 0
    /// Intervals in which the peer took nothing of what waits for it.
    private var stalledPings = 0
    /// What the peer had taken at the last ping.
    private var writtenAtPing = 0

    /// - Parameter missedPongs: Pings that may go unanswered.
    init(missedPongs: Int) { self.missedPongs = missedPongs }

    /// Notes that something came.
    ///
    /// Any sign of life will do: a peer busy with a long message cannot answer within it.
    mutating func peerSpoke() { unansweredPings = 0 }

    /// Judges the peer when the next ping is due.
    ///
    /// - Parameters:
    ///   - isReading: Whether we read; while we do not, a missing pong is our own doing.
    ///   - isBacklogged: Whether more waits for the peer than it should.
    ///   - writtenCount: What the peer has taken since the beginning.
    /// - Returns: How the connection has to end; nil when the peer may stay, and be pinged.
    mutating func pingIsDue(
        isReading: Bool,
        isBacklogged: Bool,
        writtenCount: Int
    ) -> WebSocketEnding? {
        // One who sends and never reads would else hold its session, whose reader waits for it.
        stalledPings = isBacklogged && writtenCount == writtenAtPing ? stalledPings + 1 : 0
        writtenAtPing = writtenCount
        if stalledPings > missedPongs { return .tooSlow }
        guard isReading else { return nil }
        guard unansweredPings < missedPongs else { return .unresponsive }
        unansweredPings += 1
        return nil
    }
}
