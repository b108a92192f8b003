/// What somebody said, cut into sentences and words.
///
/// - Source: chosen; whitespace separates words, `. ! ? ;` before whitespace or the end separate
///   sentences.
struct Utterance: Sendable, Equatable {
    /// A word as it was said, without the punctuation around it, and as patterns compare it.
    struct Word: Sendable, Equatable {
        var text: String
        var key: String
    }

    var sentences: [[Word]]

    /// Words that are looked at, the others are not heard; chosen: a minute and a half of talk.
    static let wordLimit = 256

    init(_ text: String) {
        var sentences: [[Word]] = [[]]
        var count = 0
        for piece in text.split(maxSplits: Self.wordLimit * 4, whereSeparator: \.isWhitespace) {
            guard count < Self.wordLimit else { break }
            if let word = Word(piece) {
                sentences[sentences.count - 1].append(word)
                count += 1
            }
            let endsSentence = piece.last.map { ".!?;".contains($0) } ?? false
            if endsSentence, sentences.last?.isEmpty == false { sentences.append([]) }
        }
        self.sentences = sentences.filter { !$0.isEmpty }
    }

    /// The words of a run, with single spaces.
    static func text(of words: some Sequence<Word>) -> String {
        words.map(\.text).joined(separator: " ")
    }
}

extension Utterance.Word {
    /// Letters of one word that are compared; a text without spaces is not compared whole.
    private static let characterLimit = 64

    /// Nil where nothing but punctuation stands.
    init?(_ piece: Substring) {
        let trimmed = piece.prefix(Self.characterLimit).trimming { !$0.isLetter && !$0.isNumber }
        guard !trimmed.isEmpty else { return nil }
        text = String(trimmed)
        key = Self.key(trimmed)
    }

    /// Without apostrophes, as recognisers and people use them as they like.
    static func key(_ text: some StringProtocol) -> String {
        text.lowercased().filter { $0 != "'" && $0 != "’" }
    }
}

extension Substring {
    fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
        var rest = drop(while: isTrimmed)
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return rest
    }
}
