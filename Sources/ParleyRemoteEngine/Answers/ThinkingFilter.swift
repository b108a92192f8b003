/// Keeps back what a reasoning model thinks aloud: a `<think>` block at the very beginning of its
/// text.
///
/// Services that know the model send thoughts in fields of their own; the others leave them in the
/// text, and nobody wants to hear them.
struct ThinkingFilter {
    private enum State {
        /// Nothing but whitespace and perhaps a part of the tag has come. Next: ``thinking``,
        /// ``speaking``.
        case beginning(String)
        /// In the block; what is kept may be the beginning of its end. Next: ``settling``.
        case thinking(String)
        /// Behind the block; whitespace is dropped. Next: ``speaking``.
        case settling
        /// Everything is said.
        case speaking
    }

    private static let opening = "<think>"
    private static let closing = "</think>"

    private var state = State.beginning("")

    /// The part of a text that is to be said; nil for none.
    mutating func filter(_ text: String) -> String? {
        switch state {
        case .speaking:
            return text.isEmpty ? nil : text
        case .settling:
            return speak(text.drop(while: \.isWhitespace))
        case .beginning(let before):
            return begin(before + text)
        case .thinking(let before):
            return think(before + text)
        }
    }

    /// What was kept back and turned out to be no thought.
    mutating func finish() -> String? {
        guard case .beginning(let text) = state, !text.isEmpty else { return nil }
        state = .speaking
        return text
    }

    private mutating func begin(_ text: String) -> String? {
        let visible = text.drop(while: \.isWhitespace)
        if visible.hasPrefix(Self.opening) {
            state = .thinking("")
            return think(String(visible.dropFirst(Self.opening.count)))
        }
        if Self.opening.hasPrefix(visible) {
            state = .beginning(text)
            return nil
        }
        state = .speaking
        return text
    }

    private mutating func think(_ text: String) -> String? {
        var rest = text[...]
        while let bracket = rest.firstIndex(of: "<") {
            rest = rest[bracket...]
            if rest.hasPrefix(Self.closing) {
                state = .settling
                return speak(rest.dropFirst(Self.closing.count).drop(while: \.isWhitespace))
            }
            if Self.closing.hasPrefix(rest) { break }
            rest = rest.dropFirst()
        }
        let isTail = rest.first == "<" && Self.closing.hasPrefix(rest)
        state = .thinking(isTail ? String(rest) : "")
        return nil
    }

    private mutating func speak(_ text: Substring) -> String? {
        guard !text.isEmpty else { return nil }
        state = .speaking
        return String(text)
    }
}
