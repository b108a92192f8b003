internal import ParleyEngine

/// Times one engine call: the engine's own share of it.
///
/// While output is reported the engine waits for us, and we perhaps for a slow peer; that counts as
/// nobody's work.
struct CallWatch {
    private let role: EngineRole
    private let metrics: RuntimeMetrics
    private let began: ContinuousClock.Instant
    private var hasOutput = false
    /// When the engine began to wait for us; nil while it works.
    private var pausedAt: ContinuousClock.Instant?
    private var paused = Duration.zero

    init(_ role: EngineRole, _ metrics: RuntimeMetrics, at now: ContinuousClock.Instant = .now) {
        self.role = role
        self.metrics = metrics
        began = now
    }

    /// Notes a piece of output, the first one as such; the engine waits until ``goOn(at:)``.
    mutating func noteOutput(at now: ContinuousClock.Instant = .now) {
        pausedAt = now
        guard !hasOutput else { return }
        hasOutput = true
        metrics.firstOutput(role, began.duration(to: now))
    }

    /// Notes that the engine may go on.
    mutating func goOn(at now: ContinuousClock.Instant = .now) {
        guard let pausedAt = pausedAt.take() else { return }
        paused += pausedAt.duration(to: now)
    }

    /// Notes a good end.
    ///
    /// - Parameters:
    ///   - start: When the work could begin, and from when on nothing was reported; nil for when
    ///     the call did.
    ///   - now: The time.
    func end(since start: ContinuousClock.Instant? = nil, at now: ContinuousClock.Instant = .now) {
        let time = start.map { $0.duration(to: now) } ?? (began.duration(to: now) - paused)
        metrics.duration(role, time)
    }
}
