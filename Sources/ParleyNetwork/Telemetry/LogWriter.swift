internal import CLinux
internal import Glibc

/// Writes log lines to a descriptor, on a thread of its own.
///
/// Who logs never waits: not for a terminal that was stopped, nor for a pipe that nobody empties.
/// Lines wait in a queue with a bound; those that find it full are dropped, and where they would
/// stand a line says how many they were.
///
/// Owned by whoever ends the process, who calls ``flush(within:)`` before.
package final class LogWriter: LogSink {
    /// Bytes of lines that wait.
    ///
    /// Chosen: some thousand lines, the uproar of a few seconds.
    package static let standardCapacity = 1 << 20

    private let queue: LogQueue

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - format: How lines look.
    ///   - descriptor: Where they go; stays open, and keeps its flags.
    ///   - capacity: Bytes that may wait; at least one line always may.
    /// - Throws: ``SystemError`` when the system gives no thread.
    package init(
        format: LogFormat,
        to descriptor: Int32 = STDERR_FILENO,
        capacity: Int = standardCapacity
    ) throws(SystemError) {
        queue = LogQueue(format: format, descriptor: descriptor, capacity: capacity)
        try queue.start()
    }

    deinit { queue.close() }

    package func write(_ record: LogRecord) { queue.append(record) }

    /// Waits until all lines so far are written, or can't be.
    ///
    /// - Parameter limit: The longest wait; it blocks the calling thread.
    /// - Returns: False when the time was up before.
    @discardableResult
    package func flush(within limit: Duration) -> Bool { queue.flush(within: limit) }

    /// From now on a crash of this process leaves the writer a moment for what it has to write.
    package static func finishBeforeCrash() { clinux_finish_before_crash(crashMilliseconds) }

    /// Chosen: time enough for a full queue; a supervisor restarts the process soon all the same.
    private static let crashMilliseconds: Int32 = 2_000
}

/// Lines that wait, and the thread that writes them.
///
/// Checked by eye and not by the compiler, because it wraps pthreads: every stored variable is only
/// touched between ``lock()`` and ``unlock()``.
private final class LogQueue: @unchecked Sendable {
    /// What is written at once.
    private struct Batch {
        var bytes: [UInt8]
        var lineCount: Int
        /// Lines that were dropped behind these, as the last line says.
        var droppedCount: Int
    }

    private let format: LogFormat
    private let descriptor: Int32
    private let capacity: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// There is something to write.
    private let filled = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    /// Something was written, or given up.
    private let settled = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [UInt8] = []
    private var waitingLineCount = 0
    private var droppedCount = 0
    private var takenLineCount = 0
    private var settledLineCount = 0
    private var isClosed = false

    init(format: LogFormat, descriptor: Int32, capacity: Int) {
        self.format = format
        self.descriptor = descriptor
        self.capacity = capacity
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(filled, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(settled, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(settled)
        pthread_cond_destroy(filled)
        pthread_mutex_destroy(mutex)
        settled.deallocate()
        filled.deallocate()
        mutex.deallocate()
    }

    func append(_ record: LogRecord) {
        let line = format.render(record)
        locked {
            // Once one is missing all are, until a line can say so in the right place.
            let fits = droppedCount == 0 && waiting.count + line.utf8.count <= capacity
            guard fits || waiting.isEmpty else {
                droppedCount += 1
                return
            }
            waiting += line.utf8
            waitingLineCount += 1
            clinux_add_backlog(1)
            pthread_cond_signal(filled)
        }
    }

    func flush(within limit: Duration) -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let (seconds, attoseconds) = limit.components
        let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
        deadline.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        return locked {
            let goal = takenLineCount + waitingLineCount
            while settledLineCount < goal {
                guard pthread_cond_timedwait(settled, mutex, &deadline) == 0 else { break }
            }
            return settledLineCount >= goal
        }
    }

    /// Lets the thread end once it has written what waits.
    func close() {
        locked {
            isClosed = true
            pthread_cond_signal(filled)
        }
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}

// MARK: - The thread

extension LogQueue {
    func start() throws(SystemError) {
        let queue = Unmanaged.passRetained(self)
        let failure = clinux_start_thread(
            "log",
            { Unmanaged<LogQueue>.fromOpaque($0).takeRetainedValue().serve() },
            queue.toOpaque()
        )
        guard failure == 0 else {
            queue.release()
            throw SystemError("cannot start the log's thread", code: failure)
        }
    }

    private func serve() {
        // Above all SIGPIPE: a reader who has gone away ends no process.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        while let batch = next() {
            let rest = write(batch.bytes)
            locked { settle(batch, unwritten: rest) }
        }
    }

    /// Waits for lines; nil when there will be no more.
    private func next() -> Batch? {
        locked {
            while waiting.isEmpty {
                guard !isClosed else { return nil }
                pthread_cond_wait(filled, mutex)
            }
            var batch = Batch(
                bytes: waiting,
                lineCount: waitingLineCount,
                droppedCount: droppedCount
            )
            takenLineCount += waitingLineCount
            (waiting, waitingLineCount, droppedCount) = ([], 0, 0)
            if batch.droppedCount > 0 { batch.bytes += notice(of: batch.droppedCount).utf8 }
            return batch
        }
    }

    private func notice(of count: Int) -> String {
        format.render(
            LogRecord(
                time: LogTime.now(),
                level: .warning,
                label: "log",
                message: "Lines were dropped",
                metadata: [(key: "lines", value: .integer(Int64(count)))]
            )
        )
    }

    /// Lines that could not be written count as dropped; the next batch says so.
    private func settle(_ batch: Batch, unwritten rest: ArraySlice<UInt8>) {
        if !rest.isEmpty {
            let lostCount = rest.count { $0 == UInt8(ascii: "\n") }
            // The last one told of others that nobody has heard of now.
            droppedCount += lostCount + max(0, batch.droppedCount - 1)
        }
        settledLineCount += batch.lineCount
        clinux_add_backlog(-batch.lineCount)
        pthread_cond_broadcast(settled)
    }

    /// Writes as long as it takes.
    ///
    /// - Returns: What can't be written, for the descriptor is broken.
    private func write(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Whoever shares the terminal may have made it non-blocking.
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, -1)
            } else if errno != EINTR {
                return rest
            }
        }
        return rest
    }
}
