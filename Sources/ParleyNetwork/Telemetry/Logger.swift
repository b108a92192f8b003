internal import CLinux
internal import Glibc
internal import Synchronization

/// Writes log lines: a constant message, and what varies as metadata.
///
///     let log = logger.with(["session.id": id])
///     log.info("Session started", ["transport": "websocket"])
///
/// A line below the level costs one comparison: its metadata isn't even built.
package struct Logger: Sendable {
    /// Which part of the program speaks.
    package let label: String
    private let metadata: LogMetadata
    private let output: LogOutput?

    /// A logger that writes to `output`.
    package init(label: String, output: LogOutput) {
        self.label = label
        self.output = output
        metadata = [:]
    }

    private init(label: String, metadata: LogMetadata, output: LogOutput?) {
        self.label = label
        self.metadata = metadata
        self.output = output
    }

    /// A logger that says nothing.
    package static let disabled = Logger(label: "", metadata: [:], output: nil)

    /// The same logger with `metadata` on every line.
    package func with(_ metadata: LogMetadata) -> Logger {
        Logger(label: label, metadata: self.metadata.merged(with: metadata), output: output)
    }

    /// The same logger for another part of the program.
    package func labelled(_ label: String) -> Logger {
        Logger(label: label, metadata: metadata, output: output)
    }

    /// Whether lines of `level` are written at all.
    package func isEnabled(_ level: LogLevel) -> Bool {
        guard let output else { return false }
        return level >= output.level
    }

    /// Writes one line, if its level is enabled.
    package func log(
        _ level: LogLevel,
        _ message: StaticString,
        _ metadata: @autoclosure () -> LogMetadata = [:]
    ) {
        guard let output, level >= output.level else { return }
        let reveals = output.revealsPrivate && level <= .debug && output.level <= .debug
        let pairs = self.metadata.merged(with: metadata()).pairs
        output.sink.write(
            LogRecord(
                time: LogTime.now(),
                level: level,
                label: label,
                message: message.description,
                metadata: pairs.map { ($0.key, LogValue($0.value, revealingPrivate: reveals)) }
            )
        )
    }

    /// Writes a line that strangers can cause as often as they like.
    ///
    /// A few of each message are written a second; the next one tells how many were withheld.
    package func repeatable(
        _ level: LogLevel,
        _ message: StaticString,
        _ metadata: @autoclosure () -> LogMetadata = [:]
    ) {
        guard let output, level >= output.level, let withheld = output.admit(message) else {
            return
        }
        var metadata = metadata()
        if withheld > 0 { metadata["log.withheld"] = withheld }
        log(level, message, metadata)
    }

    /// Inputs, outputs, packets.
    package func trace(_ message: StaticString, _ metadata: @autoclosure () -> LogMetadata = [:]) {
        log(.trace, message, metadata())
    }

    /// Decisions.
    package func debug(_ message: StaticString, _ metadata: @autoclosure () -> LogMetadata = [:]) {
        log(.debug, message, metadata())
    }

    /// A session's start, and its end with totals.
    package func info(_ message: StaticString, _ metadata: @autoclosure () -> LogMetadata = [:]) {
        log(.info, message, metadata())
    }

    /// Something is degraded.
    package func warning(_ message: StaticString, _ metadata: @autoclosure () -> LogMetadata = [:])
    {
        log(.warning, message, metadata())
    }

    /// Someone must act.
    package func error(_ message: StaticString, _ metadata: @autoclosure () -> LogMetadata = [:]) {
        log(.error, message, metadata())
    }
}

/// Where loggers write, from which level on, and whether private values may show.
package final class LogOutput: Sendable {
    let sink: any LogSink
    let revealsPrivate: Bool
    private let threshold: Atomic<Int>
    private let throttle = Mutex(LogThrottle())
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - level: The lowest level that is written; it can be changed later.
    ///   - revealsPrivate: Whether ``Private`` values show, at debug and below.
    ///   - sink: Takes the lines.
    ///   - now: What the lines of a second are counted by.
    package init(
        level: LogLevel,
        revealsPrivate: Bool = false,
        sink: any LogSink,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        threshold = Atomic(level.rawValue)
        self.revealsPrivate = revealsPrivate
        self.sink = sink
        self.now = now
    }

    /// Nil where a line has to be withheld, else how many were since the last one.
    func admit(_ message: StaticString) -> Int? {
        throttle.withLock { $0.admit(message.description, at: now()) }
    }

    /// The lowest level that is written.
    package var level: LogLevel {
        get { LogLevel(rawValue: threshold.load(ordering: .relaxed)) ?? .info }
        set { threshold.store(newValue.rawValue, ordering: .relaxed) }
    }
}

/// Takes log lines; called from any thread, and on loops, so it should return quickly.
package protocol LogSink: Sendable {
    /// Takes one line.
    func write(_ record: LogRecord)
}

/// One log line.
package struct LogRecord: Sendable {
    /// When it was written.
    package let time: LogTime
    /// How much it matters.
    package let level: LogLevel
    /// Which part of the program spoke.
    package let label: String
    /// What happened; constant.
    package let message: String
    /// What varies, in order.
    package let metadata: [(key: String, value: LogValue)]

    package init(
        time: LogTime,
        level: LogLevel,
        label: String,
        message: String,
        metadata: [(key: String, value: LogValue)]
    ) {
        self.time = time
        self.level = level
        self.label = label
        self.message = message
        self.metadata = metadata
    }

    /// The value of `key`.
    package subscript(key: String) -> LogValue? { metadata.first { $0.key == key }?.value }
}

/// Wall-clock time of a log line.
package struct LogTime: Sendable, Equatable, CustomStringConvertible {
    /// Since 1970-01-01 00:00 UTC.
    package let sinceEpoch: Duration

    package init(sinceEpoch: Duration) { self.sinceEpoch = sinceEpoch }

    static func now() -> LogTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return LogTime(sinceEpoch: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }

    /// As RFC 3339 writes it, in UTC with milliseconds.
    package var description: String {
        let (seconds, attoseconds) = sinceEpoch.components
        var moment = time_t(seconds)
        var fields = tm()
        gmtime_r(&moment, &fields)
        let date = "\(fields.tm_year + 1900)-\(padded(fields.tm_mon + 1))-\(padded(fields.tm_mday))"
        let time = "\(padded(fields.tm_hour)):\(padded(fields.tm_min)):\(padded(fields.tm_sec))"
        let milliseconds = padded(Int32(attoseconds / 1_000_000_000_000_000), 3)
        return "\(date)T\(time).\(milliseconds)Z"
    }

    private func padded(_ number: Int32, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
