/// How much a log line matters.
package enum LogLevel: Int, Sendable, Comparable, CaseIterable {
    /// Inputs, outputs, packets.
    case trace
    /// Decisions.
    case debug
    /// A session's start, and its end with totals.
    case info
    /// Degraded.
    case warning
    /// Someone must act.
    case error

    package static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The level of that name, as configuration writes it.
    package init?(name: String) {
        guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    /// The level as configuration and log lines write it.
    package var name: String {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }
}
