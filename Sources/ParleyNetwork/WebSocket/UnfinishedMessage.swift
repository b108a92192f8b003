/// Watches over a message that is not whole yet: what it makes us hold, and whether it goes on.
struct UnfinishedMessage {
    private let timeout: Duration
    private let rate: Int
    private let budget: ByteBudget
    private let holder: ByteBudget.Holder
    /// When it must have gone on; nil while there is none.
    private var deadline: ContinuousClock.Instant?
    private var byteCount = 0
    /// What of it the budget knows.
    private var charge = 0

    init(_ configuration: WebSocketConfiguration) {
        timeout = configuration.messageTimeout
        rate = configuration.messageRate
        budget = configuration.unfinished
        holder = budget.makeHolder()
    }

    /// Notes how much of it is there now.
    ///
    /// - Parameters:
    ///   - byteCount: Of its payload, so far.
    ///   - now: The time.
    ///   - makeRoom: Gives it up, on any thread, if it is the largest when others need the room.
    /// - Returns: Whether the budget allows for that.
    mutating func holds(
        _ byteCount: Int,
        at now: ContinuousClock.Instant,
        makeRoom: @escaping @Sendable () -> Void
    ) -> Bool {
        let earned = Duration.seconds(1) * max(0, byteCount - self.byteCount) / rate
        // What came at once doesn't earn hours of silence.
        deadline = min((deadline ?? now + timeout) + earned, now + timeout)
        self.byteCount = byteCount
        // A short one is free: nobody's long ones shall keep others from speaking.
        return pay(max(0, byteCount - Limits.freeMessage), makeRoom)
    }

    /// It is whole, or nobody wants it any more.
    mutating func ended() {
        guard deadline != nil else { return }
        deadline = nil
        byteCount = 0
        _ = pay(0) {}
    }

    /// We have not read for a while: that is not its fault.
    mutating func excuse(at now: ContinuousClock.Instant) {
        if deadline != nil { deadline = now + timeout }
    }

    /// Whether it has had its time, and what its bytes have earned.
    func isOverdue(at now: ContinuousClock.Instant) -> Bool {
        deadline.map { now > $0 } ?? false
    }

    private mutating func pay(_ wanted: Int, _ makeRoom: @escaping @Sendable () -> Void) -> Bool {
        guard wanted != charge else { return true }
        charge = wanted
        return budget.hold(wanted, by: holder, makeRoom: makeRoom)
    }
}
