internal import ParleyEngine

/// What was understood, and how sure the search was of each word.
struct Phrase: Sendable, Equatable {
    /// A word without spaces, and the natural logarithm of its probability among all that the
    /// search has weighed in its place.
    struct Word: Sendable, Equatable {
        var text: String
        var logprob: Double
    }

    /// Lower case, without punctuation.
    let text: String
    /// Empty where the library tells other words than the text has.
    private let words: [Word]

    init(_ text: String, words: [Word]) {
        self.text = text
        self.words = words.map(\.text).joined(separator: " ") == text ? words : []
    }

    /// Puts phrases together.
    init(_ phrases: [Phrase]) {
        text = phrases.map(\.text).filter { !$0.isEmpty }.joined(separator: " ")
        let areKnown = phrases.allSatisfy { !$0.words.isEmpty || $0.text.isEmpty }
        words = areKnown ? phrases.flatMap(\.words) : []
    }

    /// The words as pieces of the text; nil where they are not known.
    var tokens: [TokenLogprob]? {
        guard !words.isEmpty || text.isEmpty else { return nil }
        return words.indices.map { index in
            let piece = (index > 0 ? " " : "") + words[index].text
            return TokenLogprob(
                token: piece,
                logprob: words[index].logprob,
                bytes: Array(piece.utf8)
            )
        }
    }
}
