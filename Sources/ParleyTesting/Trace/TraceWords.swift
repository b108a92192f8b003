internal import ParleyJSON

/// The words of one line of a trace: bare words, quoted text, and `name=value` members.
struct TraceWords {
    private var words: [String]
    private var members: [(name: String, value: String)] = []

    /// Splits a line at its spaces, outside of quotes.
    init(_ line: Substring) {
        words = []
        for token in Self.tokens(of: line) {
            guard !token.isQuoted, let equals = token.text.firstIndex(of: "=") else {
                words.append(token.text)
                continue
            }
            let value = token.text[token.text.index(after: equals)...]
            members.append((String(token.text[..<equals]), String(value)))
        }
    }

    /// The next bare word.
    mutating func next(_ what: String) throws(TraceError) -> String {
        guard !words.isEmpty else { throw TraceError("expected \(what)") }
        return words.removeFirst()
    }

    /// The next bare word, if there is one.
    mutating func nextIfAny() -> String? {
        words.isEmpty ? nil : words.removeFirst()
    }

    /// The next word as a length of time, such as `20ms`.
    mutating func duration(_ what: String) throws(TraceError) -> Duration {
        try Self.duration(try next(what))
    }

    /// Takes out a member's value.
    mutating func member(_ name: String) -> String? {
        guard let index = members.firstIndex(where: { $0.name == name }) else { return nil }
        return members.remove(at: index).value
    }

    /// Nothing may be left: a slip of the pen would otherwise test nothing.
    func expectEnd() throws(TraceError) {
        if let word = words.first { throw TraceError("unexpected '\(word)'") }
        if let member = members.first { throw TraceError("unexpected '\(member.name)='") }
    }

    /// Reads `20ms` or `1.5s`.
    static func duration(_ text: String) throws(TraceError) -> Duration {
        if text.hasSuffix("ms"), let number = Int(text.dropLast(2)) {
            return .milliseconds(number)
        }
        if text.hasSuffix("s"), let number = Double(text.dropLast()) {
            return .milliseconds(Int((number * 1_000).rounded()))
        }
        throw TraceError("expected a length of time such as 20ms or 1.5s, found '\(text)'")
    }

    private struct Token {
        var text = ""
        var isQuoted = false
    }

    private static func tokens(of line: Substring) -> [Token] {
        var tokens: [Token] = []
        var token = Token()
        var (isInQuotes, isEscaped) = (false, false)
        for character in line {
            switch character {
            case _ where isEscaped:
                token.text.append(character == "n" ? "\n" : character)
                isEscaped = false
            case "\\" where isInQuotes: isEscaped = true
            case "\"":
                isInQuotes.toggle()
                token.isQuoted = token.isQuoted || token.text.isEmpty
            case " " where !isInQuotes:
                if !token.text.isEmpty || token.isQuoted { tokens.append(token) }
                token = Token()
            default: token.text.append(character)
            }
        }
        if !token.text.isEmpty || token.isQuoted { tokens.append(token) }
        return tokens
    }
}

/// What is wrong with a trace.
package struct TraceError: Error, Sendable, CustomStringConvertible {
    /// What was found and what was expected.
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}
