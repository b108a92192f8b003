/// What a log line may carry as a value: anything that can be printed.
package typealias LogPrintable = CustomStringConvertible & Sendable

/// Dotted keys with values, in the order in which they were written.
///
///     log.debug("Response cancelled", ["response.id": id, "heard": heard])
package struct LogMetadata: Sendable, ExpressibleByDictionaryLiteral {
    var pairs: [(key: String, value: any LogPrintable)]

    package init(dictionaryLiteral elements: (String, any LogPrintable)...) {
        pairs = elements.map { (key: $0.0, value: $0.1) }
    }

    /// The value of `key`; setting nil removes it.
    package subscript(key: String) -> (any LogPrintable)? {
        get { pairs.last { $0.key == key }?.value }
        set {
            pairs.removeAll { $0.key == key }
            if let newValue { pairs.append((key: key, value: newValue)) }
        }
    }

    /// These pairs and the other's, whose values win.
    func merged(with other: LogMetadata) -> LogMetadata {
        if pairs.isEmpty { return other }
        var all = self
        for (key, value) in other.pairs { all[key] = value }
        return all
    }
}

/// A value that no log shows unless its operator asked for it: audio, transcripts, instructions,
/// keys, phone numbers, addresses.
///
/// It shows at debug and below, when the logger's level is debug or below and private values were
/// allowed; everywhere else it prints as `<private>`, whatever prints it.
package struct Private: LogPrintable {
    let value: any LogPrintable

    package init(_ value: any LogPrintable) { self.value = value }

    package var description: String { "<private>" }
}

/// A value as a sink gets it, with what is private already gone.
package enum LogValue: Sendable, Equatable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case boolean(Bool)

    init(_ value: any LogPrintable, revealingPrivate: Bool) {
        switch value {
        case let secret as Private where revealingPrivate:
            self.init(secret.value, revealingPrivate: true)
        case let value as Bool: self = .boolean(value)
        case let value as Double: self = .number(value)
        case let value as any BinaryInteger: self = .integer(Int64(clamping: value))
        case let value as Duration: self = .number(value.inSeconds)
        default: self = .text(value.description)
        }
    }
}

extension Duration {
    /// The duration as a fraction of seconds: the unit of every log line and metric.
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
