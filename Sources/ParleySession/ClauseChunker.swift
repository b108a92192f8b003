/// Cuts the model's growing text into clauses that can be spoken one by one.
///
/// The first clause comes early and may be short: it decides when the answer is heard. Later ones
/// are longer, because voices sound better with more text, and there is time while the clause
/// before is heard. A cut follows the punctuation of the script; where a script has none, or the
/// model writes none, a clause ends at a space or by its length.
///
/// Lengths are widths: a letter counts 1, a syllable of Hangul 2, a character of Chinese or
/// Japanese 3, as much as they take to say. Clauses put together again are the text, to the last
/// space.
struct ClauseChunker: Sendable {
    private struct Lengths {
        /// A sentence may end here.
        var sentence: Int
        /// A comma may end here.
        var comma: Int
        /// It has to end here.
        var maximum: Int

        /// Chosen: "Of course, …" can be spoken at once.
        static let first = Lengths(sentence: 1, comma: 10, maximum: 100)
        /// Chosen: about two and five seconds of speech, and twelve at most.
        static let later = Lengths(sentence: 24, comma: 80, maximum: 200)
    }

    private var pending: [Unicode.Scalar] = []
    /// What is known of ``pending`` up to here.
    private var scan = Scan()
    private var isFirst = true

    private struct Scan {
        var index = 0
        var width = 0
        /// Something in it can be said.
        var isSpeakable = false
        /// The last place where a word ends, and the width up to there.
        var lastGap: Int?
    }

    /// Takes more text.
    ///
    /// - Returns: The clauses that are certain by now.
    mutating func append(_ text: String) -> [String] {
        pending.append(contentsOf: text.unicodeScalars)
        var clauses: [String] = []
        while let end = nextEnd() {
            clauses.append(cut(end))
        }
        return clauses
    }

    /// Ends the text.
    ///
    /// - Returns: What is left; nil if nothing is.
    mutating func finish() -> String? {
        guard !pending.isEmpty else { return nil }
        return cut(pending.count)
    }

    /// Whether anything in a text can be said: punctuation and pictures alone can't.
    static func isSpeakable(_ text: String) -> Bool {
        text.unicodeScalars.contains(where: \.isSpeakable)
    }

    private mutating func cut(_ end: Int) -> String {
        var clause = String.UnicodeScalarView()
        clause.append(contentsOf: pending[..<end])
        pending.removeFirst(end)
        scan = Scan()
        isFirst = false
        return String(clause)
    }

    /// Where the clause ends, as soon as the scalar behind it is known.
    private mutating func nextEnd() -> Int? {
        let lengths = isFirst ? Lengths.first : Lengths.later
        while scan.index + 1 < pending.count {
            let index = scan.index
            let scalar = pending[index]
            scan.index += 1
            scan.width += scalar.width
            scan.isSpeakable = scan.isSpeakable || scalar.isSpeakable
            if scalar.properties.isWhitespace { scan.lastGap = index + 1 }
            guard scan.isSpeakable else {
                if scan.width >= lengths.maximum { return index + 1 }
                continue
            }
            if isEnd(at: index, lengths) { return index + 1 }
            if scan.width >= lengths.maximum { return forcedEnd(at: index) }
        }
        return nil
    }

    private func isEnd(at index: Int, _ lengths: Lengths) -> Bool {
        switch ClauseBoundary(at: index, in: pending) {
        case .sentence: scan.width >= lengths.sentence
        case .comma: scan.width >= lengths.comma
        case .none: false
        }
    }

    /// The last space, or here if that is too far back; marks stay with their letters.
    private func forcedEnd(at index: Int) -> Int {
        if let gap = scan.lastGap, gap > index / 3 { return gap }
        var end = index + 1
        while end > index / 2, end < pending.count,
            !pending[end].canBeginClause(after: pending[end - 1])
        {
            end -= 1
        }
        return end > index / 2 ? end : index + 1
    }
}
