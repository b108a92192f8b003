package import ParleyEngine
internal import Synchronization

/// What a piece of blocking work knows of the caller who waits for it.
///
/// Cancellation doesn't stop a thread: the work asks, often enough that the answer takes effect
/// within 50 ms.
package final class EngineWork: Sendable {
    private let cancelled = Atomic(false)
    /// When the caller stops waiting; nil means never.
    package let deadline: ContinuousClock.Instant?

    init(deadline: ContinuousClock.Instant?) {
        self.deadline = deadline
    }

    /// Whether the result is of no use any more.
    package var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// Returns while the result is still wanted.
    ///
    /// - Throws: ``EngineError/Fault/cancelled``, or ``EngineError/Fault/timeout`` after
    ///   ``deadline``.
    package func check() throws(EngineError) {
        guard !isCancelled else { throw EngineError(.cancelled, "the caller cancelled") }
        guard let deadline, ContinuousClock.now >= deadline else { return }
        throw EngineError(.timeout, "the work was not done at its deadline")
    }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }
}
