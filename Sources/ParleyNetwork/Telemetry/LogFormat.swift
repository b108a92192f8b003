/// How a log line looks.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For eyes: `2026-01-31T12:00:00.000Z info  parley Session started session.id=sess_1`.
    case text
    /// For machines: one JSON object a line.
    case json

    /// The line, with its newline.
    package func render(_ record: LogRecord) -> String {
        switch self {
        case .text: renderText(record)
        case .json: renderJSON(record)
        }
    }

    private func renderText(_ record: LogRecord) -> String {
        let level = record.level.name
        let gap = String(repeating: " ", count: 8 - level.count)
        var line = "\(record.time) \(level)\(gap)\(record.label) \(record.message)"
        for (key, value) in record.metadata {
            line += " \(key)="
            switch value {
            case .text(let text) where Self.isPlain(text): line += text
            case .text(let text): Self.quote(text, into: &line)
            case .integer(let number): line += String(number)
            case .number(let number): line += String(number)
            case .boolean(let claim): line += String(claim)
            }
        }
        return line + "\n"
    }

    private func renderJSON(_ record: LogRecord) -> String {
        var line = "{\"time\":\"\(record.time)\",\"level\":\"\(record.level.name)\",\"logger\":"
        Self.quote(record.label, into: &line)
        line += ",\"message\":"
        Self.quote(record.message, into: &line)
        for (key, value) in record.metadata {
            line += ","
            Self.quote(key, into: &line)
            line += ":"
            switch value {
            case .text(let text): Self.quote(text, into: &line)
            case .integer(let number): line += String(number)
            case .number(let number) where number.isFinite: line += String(number)
            case .number(let number): line += "\"\(number)\""
            case .boolean(let claim): line += String(claim)
            }
        }
        return line + "}\n"
    }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                $0 > UInt8(ascii: " ") && $0 < 127 && $0 != UInt8(ascii: "\"")
                    && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\\")
            }
    }

    /// A JSON string, which in text lines also keeps a stranger's newlines from forging a line.
    private static func quote(_ text: String, into line: inout String) {
        line += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            case _ where scalar.value < 32 || (127..<160).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: line.unicodeScalars.append(scalar)
            }
        }
        line += "\""
    }
}
