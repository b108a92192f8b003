package import ParleyNetwork
internal import Synchronization

/// Keeps log lines in memory.
package final class LogCapture: LogSink {
    private let kept = Mutex<[LogRecord]>([])

    /// Makes one that has heard nothing.
    package init() {}

    /// What was written so far.
    package var records: [LogRecord] { kept.withLock { $0 } }

    /// Keeps one line.
    package func write(_ record: LogRecord) { kept.withLock { $0.append(record) } }
}
