/// A pattern over the words of one sentence; matching takes time in proportion to words times
/// pattern.
///
/// | written | stands for | captured |
/// | --- | --- | --- |
/// | `hello` | this word, whatever its case and apostrophes | no |
/// | `hello\|hi` | one of these words | no |
/// | `@feeling` | one word of the script's set of that name | yes |
/// | `_` | any one word | yes |
/// | `+` | any words, at least one | yes |
/// | `*` | any words, also none | yes |
///
/// A pattern matches a whole sentence. Captures are numbered from 1, from left to right. Runs of
/// `*` and `+` take as few words as they can.
struct WordPattern: Sendable, Equatable {
    enum Token: Sendable, Equatable {
        case oneOf(Set<String>, isCaptured: Bool)
        case anyWord
        case run(minimum: Int)

        var isCaptured: Bool {
            switch self {
            case .oneOf(_, let isCaptured): isCaptured
            case .anyWord, .run: true
            }
        }
    }

    let tokens: [Token]

    var captureCount: Int { tokens.count { $0.isCaptured } }

    /// Why a text is no pattern.
    struct Fault: Error, Equatable {
        var message: String
    }

    /// Reads a pattern.
    ///
    /// - Throws: ``Fault`` for a pattern without tokens, or one that names a set which is not
    ///   there.
    init(_ text: String, sets: [String: [String]] = [:]) throws(Fault) {
        var tokens: [Token] = []
        for piece in text.split(whereSeparator: \.isWhitespace) {
            tokens.append(try Self.token(String(piece), sets: sets))
        }
        guard !tokens.isEmpty else {
            throw Fault(message: "found an empty pattern, expected words, \"*\", \"+\" or \"_\"")
        }
        self.tokens = tokens
    }

    private static func token(
        _ piece: String,
        sets: [String: [String]]
    ) throws(Fault) -> Token {
        switch piece {
        case "*": return .run(minimum: 0)
        case "+": return .run(minimum: 1)
        case "_": return .anyWord
        default: break
        }
        if piece.hasPrefix("@") {
            guard let set = sets[String(piece.dropFirst())] else {
                let known = sets.keys.sorted().map { "@" + $0 }.joined(separator: ", ")
                let list = known.isEmpty ? "there are none" : "there are \(known)"
                throw Fault(message: "no set of words has the name \"\(piece)\"; \(list)")
            }
            return .oneOf(Set(set.map { Utterance.Word.key($0) }), isCaptured: true)
        }
        let words = piece.split(separator: "|").compactMap { Utterance.Word($0)?.key }
        guard !words.isEmpty else { throw Fault(message: "found \"\(piece)\", expected a word") }
        return .oneOf(Set(words), isCaptured: false)
    }

    /// The words of each capture, when the whole sentence matches.
    func captures(in words: [Utterance.Word]) -> [Range<Int>]? {
        var ranges = Array(repeating: 0..<0, count: tokens.count)
        var token = 0
        var word = 0
        // Only the last run ever needs to grow: what stands before it has matched as early as it
        // could.
        var lastRun: (token: Int, range: Range<Int>)?
        while token < tokens.count || word < words.count {
            if token < tokens.count, let range = match(tokens[token], at: word, in: words) {
                if case .run = tokens[token] { lastRun = (token, range) }
                ranges[token] = range
                token += 1
                word = range.upperBound
                continue
            }
            guard let run = lastRun, run.range.upperBound < words.count else { return nil }
            let longer = run.range.lowerBound..<run.range.upperBound + 1
            lastRun = (run.token, longer)
            ranges[run.token] = longer
            token = run.token + 1
            word = longer.upperBound
        }
        return zip(tokens, ranges).filter(\.0.isCaptured).map(\.1)
    }

    private func match(_ token: Token, at word: Int, in words: [Utterance.Word]) -> Range<Int>? {
        switch token {
        case .run(let minimum):
            return word + minimum <= words.count ? word..<word + minimum : nil
        case .anyWord:
            return word < words.count ? word..<word + 1 : nil
        case .oneOf(let keys, _):
            guard word < words.count, keys.contains(words[word].key) else { return nil }
            return word..<word + 1
        }
    }
}
