/// A deadline that moves often and passes seldom.
///
/// Moving it later costs a store: the timer that is set looks again when it fires.
/// `@unchecked Sendable`: its fields are touched on its loop only.
final class Watchdog: @unchecked Sendable {
    private let loop: EventLoop
    private let bark: @Sendable () -> Void
    private var deadline: ContinuousClock.Instant?
    private var timer: (id: EventLoop.TimerID, at: ContinuousClock.Instant)?

    /// - Parameters:
    ///   - loop: The loop on which everything happens.
    ///   - bark: Called when a deadline has passed; it must not hold the watchdog's owner.
    init(_ loop: EventLoop, bark: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.bark = bark
    }

    /// Whether a deadline is set.
    var isSet: Bool { deadline != nil }

    func set(_ time: Duration) {
        let wanted = ContinuousClock.now + time
        deadline = wanted
        if let timer {
            guard wanted < timer.at else { return }
            loop.cancelTimer(timer.id)
        }
        arm(wanted)
    }

    /// Forgets the deadline; the timer, if any, fires for nothing.
    func clear() { deadline = nil }

    /// Forgets the deadline and the timer, which must not outlive a closed connection.
    func stop() {
        deadline = nil
        if let timer { loop.cancelTimer(timer.id) }
        timer = nil
    }

    private func arm(_ time: ContinuousClock.Instant) {
        let id = loop.schedule(at: time) { [weak self] in self?.fired() }
        timer = (id, time)
    }

    private func fired() {
        timer = nil
        guard let deadline else { return }
        if deadline > .now { return arm(deadline) }
        self.deadline = nil
        bark()
    }
}
