/// Waits for a user who stays silent after an answer (`idle_timeout_ms`), once for each answer.
///
/// - Source: Realtime protocol, "turn_detection": the clock starts when the answer has been played.
struct IdleTimer: Sendable {
    /// What is waited for.
    struct Wait: Sendable, Equatable {
        /// How long, after the answer has been played.
        var timeout: Duration
        /// Where the input audio ended when the answer did, in samples.
        var position: Int
    }

    private enum State: Sendable {
        /// No answer waits for the user. Next: ``waiting(_:until:)``.
        case idle
        /// The user has until then. Next: ``idle``, by speech, a response or time.
        case waiting(Wait, until: Instant)
    }

    private var state = State.idle

    var deadline: Instant? {
        switch state {
        case .idle: nil
        case .waiting(_, let deadline): deadline
        }
    }

    /// An answer ended; it has been played at a moment that may be yet to come.
    mutating func start(_ wait: Wait, after playout: Instant) {
        state = .waiting(wait, until: playout + wait.timeout)
    }

    /// Something happened.
    mutating func stop() {
        state = .idle
    }

    /// What was waited for in vain, if the user's time is over; it is over once.
    mutating func fire(at now: Instant) -> Wait? {
        guard case .waiting(let wait, let deadline) = state, deadline <= now else { return nil }
        state = .idle
        return wait
    }
}
