/// How long a peer has shown no life, counted in pings.
struct WebSocketLiveness {
    private let missedPongs: Int
    /// Bytes from one ping to the next that show life although no frame has ended.
    private let leastProgress: Int
    private var unansweredPings = 0
    /// Intervals in which the peer took nothing of what waits for it.
    private var stalledPings = 0
    /// What the peer had taken at the last ping.
    private var writtenAtPing = 0
    /// What the peer had sent at the last ping.
    private var readAtPing = 0

    init(_ configuration: WebSocketConfiguration) {
        missedPongs = configuration.missedPongs
        let seconds = configuration.pingInterval.inSeconds
        leastProgress = max(1, Int(min(seconds, 3_600) * Double(configuration.messageRate)))
    }

    /// Notes that a message, a pong or another frame has come whole.
    mutating func peerSpoke() { unansweredPings = 0 }

    /// Judges the peer when the next ping is due.
    ///
    /// - Parameters:
    ///   - isReading: Whether we read; while we do not, a missing pong is our own doing.
    ///   - isBacklogged: Whether more waits for the peer than it should.
    ///   - writtenCount: What the peer has taken since the beginning.
    ///   - readCount: What the peer has sent since the beginning.
    /// - Returns: How the connection has to end; nil when the peer may stay, and be pinged.
    mutating func pingIsDue(
        isReading: Bool,
        isBacklogged: Bool,
        writtenCount: Int,
        readCount: Int
    ) -> WebSocketEnding? {
        // One who sends and never reads would else hold its session, whose reader waits for it.
        stalledPings = isBacklogged && writtenCount == writtenAtPing ? stalledPings + 1 : 0
        writtenAtPing = writtenCount
        if stalledPings > missedPongs { return .tooSlow }
        // A peer that gets on with a long frame cannot answer within it.
        if readCount - readAtPing >= leastProgress { unansweredPings = 0 }
        readAtPing = readCount
        guard isReading else { return nil }
        guard unansweredPings < missedPongs else { return .unresponsive }
        unansweredPings += 1
        return nil
    }
}
