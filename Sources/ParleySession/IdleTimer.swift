/// Waits for a user who stays silent after an answer (`idle_timeout_ms`), once for each answer.
///
/// - Source: Realtime protocol, "turn_detection": the clock starts when the answer has been played.
struct IdleTimer: Sendable {
    private enum State: Sendable {
        /// No answer waits for the user. Next: ``waiting(until:)``.
        case idle
        /// The user has until then. Next: ``idle``, by speech, a response or time.
        case waiting(until: Instant)
    }

    private var state = State.idle

    var deadline: Instant? {
        switch state {
        case .idle: nil
        case .waiting(let deadline): deadline
        }
    }

    /// An answer ended; it has been played at a moment that may be yet to come.
    mutating func start(after playout: Instant, timeout: Duration?) {
        state = timeout.map { .waiting(until: playout + $0) } ?? .idle
    }

    /// Something happened.
    mutating func stop() {
        state = .idle
    }

    /// Whether the user's time is over; it is over once.
    mutating func fire(at now: Instant) -> Bool {
        guard case .waiting(let deadline) = state, deadline <= now else { return false }
        state = .idle
        return true
    }
}
