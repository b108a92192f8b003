internal import ParleyClient

/// Which of many sessions has to send its next frame when: all of them once in each interval,
/// evenly spread over it.
///
/// Times are computed from the start, so that no delay adds up.
struct FramePacer: Sendable {
    /// A frame that is due.
    struct Due: Sendable, Equatable {
        let session: Int
        /// Counts the frames of the session.
        let frame: Int
        /// When it should go out.
        let time: Duration
    }

    let sessionCount: Int
    let interval: Duration
    /// Frames handed out, of all sessions.
    private var count = 0

    /// Makes a pacer whose first frame is due at zero.
    init(sessionCount: Int, interval: Duration) {
        self.sessionCount = max(1, sessionCount)
        self.interval = interval
    }

    /// How long after the first one a session begins.
    func phase(of session: Int) -> Duration {
        .nanoseconds(interval.inNanoseconds * Int64(session) / Int64(sessionCount))
    }

    /// When the next frame is due.
    var nextTime: Duration { time(of: count) }

    /// Takes the next frame if its time has come.
    mutating func next(at now: Duration) -> Due? {
        let time = nextTime
        guard time <= now else { return nil }
        defer { count += 1 }
        return Due(session: count % sessionCount, frame: count / sessionCount, time: time)
    }

    private func time(of count: Int) -> Duration {
        interval * (count / sessionCount) + phase(of: count % sessionCount)
    }
}
