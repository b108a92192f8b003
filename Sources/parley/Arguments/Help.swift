/// The text of `--help`.
enum Help {
    /// The width that lines keep to.
    private static let width = 80
    /// Where summaries begin; longer synopses push theirs to the next line.
    private static let column = 28

    /// Two columns: what to type, and what it does.
    static func table(_ rows: [(String, String)]) -> String {
        rows.map { row in
            let lines = wrapped(row.1, width: width - column)
            let head = "  " + row.0
            let fits = head.count < column
            let first = fits ? padded(head) + (lines.first ?? "") : head
            let others = (fits ? Array(lines.dropFirst()) : lines).map { padded("") + $0 }
            return ([first] + others).joined(separator: "\n")
        }
        .joined(separator: "\n")
    }

    /// The rows of options.
    static func table(_ options: [Option]) -> String {
        table((options + [.help]).map { ($0.synopsis, $0.summary) })
    }

    private static func padded(_ text: String) -> String {
        text + String(repeating: " ", count: max(0, column - text.count))
    }

    /// Breaks a text between words; a word longer than the width keeps its line.
    static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
