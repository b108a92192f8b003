/// Watches over a message that is not whole yet: what it makes us hold, and how long it takes.
struct UnfinishedMessage {
    private let timeout: Duration
    private let rate: Int
    private let budget: ByteBudget
    private var began: ContinuousClock.Instant?
    private var byteCount = 0
    /// What of it the budget knows.
    private var charge = 0

    init(_ configuration: WebSocketConfiguration) {
        timeout = configuration.messageTimeout
        rate = configuration.messageRate
        budget = configuration.unfinished
    }

    /// Notes how much of it is there now.
    ///
    /// - Returns: Whether the budget allows for that.
    mutating func holds(_ byteCount: Int, at now: ContinuousClock.Instant) -> Bool {
        if began == nil { began = now }
        self.byteCount = byteCount
        // A short one is free: nobody's long ones shall keep others from speaking.
        return pay(max(0, byteCount - Limits.freeMessage))
    }

    /// It is whole, or nobody wants it any more.
    mutating func ended() {
        guard began != nil else { return }
        began = nil
        byteCount = 0
        _ = pay(0)
    }

    /// Whether it has had its time, and what its bytes have earned.
    func isOverdue(at now: ContinuousClock.Instant) -> Bool {
        guard let began else { return false }
        return now - began > timeout + .seconds(1) * byteCount / rate
    }

    private mutating func pay(_ wanted: Int) -> Bool {
        defer { charge = wanted }
        return wanted == charge || budget.change(by: wanted - charge)
    }
}
