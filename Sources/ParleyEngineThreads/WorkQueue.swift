internal import CLinux
internal import Glibc
internal import ParleyEngine

/// A bounded queue and the threads that serve it.
///
/// Checked by eye and not by the compiler, because it wraps pthreads: every stored variable is only
/// touched between ``lock()`` and ``unlock()``; entries are called outside of them, once each, by
/// whoever took them out of the queue.
final class WorkQueue: @unchecked Sendable {
    /// Does the work, or takes the reason why it won't be done; returns what tells the caller.
    ///
    /// The caller is told once the thread counts as free: who has the result finds no work running.
    typealias Body = (EngineError?) -> () -> Void

    private struct Entry {
        let work: EngineWork
        let body: Body
    }

    private let name: String
    private let threadCount: Int
    private let capacity: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [Entry] = []
    private var startedCount = 0
    private var runningCount = 0
    private var isClosed = false

    init(name: String, threadCount: Int, capacity: Int) {
        self.name = name
        self.threadCount = threadCount
        self.capacity = capacity
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    var load: EngineLoad {
        locked {
            EngineLoad(
                running: runningCount,
                of: threadCount,
                waiting: waiting.count,
                of: capacity
            )
        }
    }

    func submit(_ work: EngineWork, _ body: @escaping Body) {
        let refusal: EngineError? = locked {
            // Cancelled before it came here: then ``cancel(_:)`` found nothing to take out.
            guard !work.isCancelled else { return EngineError(.cancelled, "the caller cancelled") }
            // A free thread takes an entry at once, so it doesn't count as waiting.
            guard waiting.count < capacity + threadCount - runningCount else {
                return EngineError(.overloaded, "\(waiting.count) calls wait, \(capacity) may")
            }
            waiting.append(Entry(work: work, body: body))
            guard startThread() || startedCount > 0 else {
                waiting.removeLast()
                return EngineError(.overloaded, "the system gives no thread to run on")
            }
            pthread_cond_signal(changed)
            return nil
        }
        if let refusal { body(refusal)() }
    }

    func cancel(_ work: EngineWork) {
        let entry: Entry? = locked {
            work.cancel()
            guard let index = waiting.firstIndex(where: { $0.work === work }) else { return nil }
            return waiting.remove(at: index)
        }
        entry?.body(EngineError(.cancelled, "the caller cancelled"))()
    }

    /// Lets the threads end after the work that runs now.
    ///
    /// Nothing can wait any more: each call holds the pool.
    func close() {
        locked {
            isClosed = true
            pthread_cond_broadcast(changed)
        }
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}

// MARK: - Threads

extension WorkQueue {
    /// Starts one more thread when there is more work than threads that could take it.
    ///
    /// - Returns: Whether one was started.
    private func startThread() -> Bool {
        guard startedCount < threadCount, waiting.count > startedCount - runningCount else {
            return false
        }
        let queue = Unmanaged.passRetained(self)
        let failure = clinux_start_thread(
            name,
            { Unmanaged<WorkQueue>.fromOpaque($0).takeRetainedValue().serve() },
            queue.toOpaque()
        )
        guard failure == 0 else {
            queue.release()
            return false
        }
        startedCount += 1
        return true
    }

    private func serve() {
        while let entry = next() {
            let tell = entry.body(nil)
            locked { runningCount -= 1 }
            tell()
        }
    }

    /// Waits for work; nil when the pool has gone away.
    private func next() -> Entry? {
        locked {
            while waiting.isEmpty {
                guard !isClosed else { return nil }
                pthread_cond_wait(changed, mutex)
            }
            runningCount += 1
            return waiting.removeFirst()
        }
    }
}
