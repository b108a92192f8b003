package import ParleyEngine

/// Threads for blocking inference, so that it runs neither on an event loop nor on the cooperative
/// pool.
///
/// A fixed number of them, started when first needed, and a queue with a bound. The threads end
/// when the pool goes away.
///
/// ```swift
/// let threads = EngineThreads("recogniser", count: 2, capacity: 64)
/// let text = try await threads.run { work in
///     for chunk in chunks {
///         try work.check()
///         decoder.decode(chunk)
///     }
///     return decoder.text
/// }
/// ```
package final class EngineThreads: Sendable {
    private let queue: WorkQueue

    /// Makes a pool.
    ///
    /// - Parameters:
    ///   - name: What the system's tools call the threads; they show 15 bytes of it.
    ///   - count: Threads, at least one.
    ///   - capacity: Calls that may wait for a thread; one more is refused.
    package init(_ name: String, count: Int, capacity: Int) {
        queue = WorkQueue(name: name, threadCount: max(1, count), capacity: max(0, capacity))
    }

    deinit {
        queue.close()
    }

    /// Work that runs now and work that waits.
    package var load: EngineLoad { queue.load }

    /// Runs blocking work on one of the threads and waits for its end.
    ///
    /// Work that still waits for a thread ends at once when its task is cancelled; work that runs
    /// ends as soon as it asks ``EngineWork/check()``.
    ///
    /// - Parameters:
    ///   - deadline: When the result is of no use any more; judged when the work begins and
    ///     whenever it asks.
    ///   - work: What to do; gets what it needs to know of its caller.
    /// - Returns: What the work returned.
    /// - Throws: ``EngineError/Fault/overloaded`` when the queue is full,
    ///   ``EngineError/Fault/cancelled``, or what the work threw.
    package func run<Value: Sendable>(
        deadline: ContinuousClock.Instant? = nil,
        _ work: @escaping @Sendable (EngineWork) throws(EngineError) -> Value
    ) async throws(EngineError) -> Value {
        let job = EngineWork(deadline: deadline)
        let result: Result<Value, EngineError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.submit(job) { refusal in
                    let result = Result { () throws(EngineError) in
                        if let refusal { throw refusal }
                        try job.check()
                        return try work(job)
                    }
                    return { continuation.resume(returning: result) }
                }
            }
        } onCancel: {
            queue.cancel(job)
        }
        return try result.get()
    }
}
