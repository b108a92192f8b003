/// Times one engine call.
struct CallWatch {
    private let role: EngineRole
    private let metrics: RuntimeMetrics
    private let began = ContinuousClock.now
    private var hasOutput = false

    init(_ role: EngineRole, _ metrics: RuntimeMetrics) {
        self.role = role
        self.metrics = metrics
    }

    /// Notes a piece of output; the first one counts.
    mutating func noteOutput() {
        guard !hasOutput else { return }
        hasOutput = true
        metrics.firstOutput(role, began.duration(to: .now))
    }

    /// Notes a good end.
    ///
    /// - Parameter start: When the work could begin; nil for when the call did.
    func end(since start: ContinuousClock.Instant? = nil) {
        metrics.duration(role, (start ?? began).duration(to: .now))
    }
}
