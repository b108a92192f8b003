/// Time as a loop keeps it: a sleep ends on the loop, with no visit to another thread.
///
///     try await Task.sleep(for: .milliseconds(20), clock: loop.clock)
package struct LoopClock: Clock {
    package typealias Duration = Swift.Duration
    package typealias Instant = ContinuousClock.Instant

    fileprivate let loop: EventLoop

    package var now: Instant { .now }
    package var minimumResolution: Duration { .nanoseconds(1) }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let sleeper = Sleeper(loop)
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { sleeper.start(deadline, $0) }
        } onCancel: {
            sleeper.cancel()
        }
    }
}

extension EventLoop {
    /// The loop's own clock.
    package var clock: LoopClock { LoopClock(loop: self) }
}

/// One sleep.
///
/// `@unchecked Sendable`: its fields are touched on the loop only.
private final class Sleeper: @unchecked Sendable {
    private let loop: EventLoop
    private var timer: EventLoop.TimerID?
    private var continuation: UnsafeContinuation<Void, any Error>?
    private var isCancelled = false

    init(_ loop: EventLoop) { self.loop = loop }

    func start(
        _ deadline: ContinuousClock.Instant,
        _ continuation: UnsafeContinuation<Void, any Error>
    ) {
        loop.execute { [self] in
            if isCancelled { return continuation.resume(throwing: CancellationError()) }
            self.continuation = continuation
            timer = loop.schedule(at: deadline) { self.finish() }
        }
    }

    func cancel() {
        loop.execute { [self] in
            isCancelled = true
            if let timer { loop.cancelTimer(timer) }
            continuation.take()?.resume(throwing: CancellationError())
        }
    }

    private func finish() { continuation.take()?.resume() }
}
