/// What ends behind a scalar: a sentence, a part of one, or nothing.
enum ClauseBoundary: Sendable, Equatable {
    case none
    case comma
    case sentence

    /// Looks at a scalar and its neighbours; there is one behind it.
    init(at index: Int, in text: [Unicode.Scalar]) {
        let next = text[index + 1]
        let scalar = text[index]
        // The cut goes behind the last of several marks: "?!", "。」", "…)".
        guard !next.isClosing, !next.isSentenceMark else {
            self = .none
            return
        }
        switch scalar {
        case "\n", "\r", "\u{2029}": self = .sentence
        case "。", "．", "！", "？", "｡", "।", "॥", "؟", "۔", "։", "።", "។", "။": self = .sentence
        case "、", "，", "；", "：", "､", "،", "؛", "၊", "፣", "—", "–": self = .comma
        case ",", ";", ":": self = next.properties.isWhitespace ? .comma : .none
        case ".":
            let isEnd = next.properties.isWhitespace && !Abbreviation.ends(at: index, in: text)
            self = isEnd ? .sentence : .none
        case "!", "?", "…": self = next.properties.isWhitespace ? .sentence : .none
        case _ where scalar.isClosing: self = Self(behindClosing: index, in: text)
        case _ where scalar.properties.isWhitespace && index > 0:
            // Thai, Lao, Khmer and Burmese put spaces between phrases, not between words.
            self = text[index - 1].isOfPhraseSpacedScript ? .comma : .none
        default: self = .none
        }
    }

    /// A quote or bracket closes: what counts is the mark before it.
    private init(behindClosing index: Int, in text: [Unicode.Scalar]) {
        let mark = text[..<index].lastIndex { !$0.isClosing }
        guard let mark, text[mark].isSentenceMark else {
            self = .none
            return
        }
        let isWide = !text[mark].isASCII && text[mark] != "…"
        self = isWide || text[index + 1].properties.isWhitespace ? .sentence : .none
    }
}

/// Words whose full stop ends no sentence.
private enum Abbreviation {
    /// English, German, French and Spanish titles and shorthands that a name or number usually
    /// follows.
    static let known: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "sr", "sra", "jr", "st", "vs", "no", "vol", "fig", "dept",
        "approx", "gen", "col", "capt", "lt", "sgt", "rev", "hon", "nr", "str", "ca", "bzw", "mme",
        "mlle",
    ]

    /// Whether the full stop at this place belongs to the word before it.
    static func ends(at index: Int, in text: [Unicode.Scalar]) -> Bool {
        let start = text[..<index].lastIndex { $0.properties.isWhitespace || $0 == "(" }
        let word = text[((start ?? -1) + 1)..<index]
        guard let first = word.first, word.count <= 8 else { return false }
        // "1. Preheat": the number of a list's entry, at the beginning of a clause.
        if word.allSatisfy({ ("0"..."9").contains($0) }) {
            return text[...(start ?? 0)].allSatisfy { !$0.isSpeakable } || start == nil
        }
        // "J. S. Bach", "e.g.", "z.B.", "p.m."
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        if parts.allSatisfy({ $0.count == 1 && $0.allSatisfy(\.properties.isAlphabetic) }) {
            return parts.count > 1 || (first.properties.isUppercase && first != "I")
        }
        var lowercase = ""
        for scalar in word { lowercase += scalar.properties.lowercaseMapping }
        return known.contains(lowercase)
    }
}

extension Unicode.Scalar {
    /// Can be said: a letter or a number.
    var isSpeakable: Bool {
        properties.isAlphabetic || properties.numericType != nil
    }

    /// How long it takes to say, in letters.
    var width: Int {
        switch value {
        case 0xAC00...0xD7A3: 2
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF: 3
        case 0x20000...0x323AF: 3
        default: 1
        }
    }

    /// May stand first after a cut: marks stay behind their letter, Thai and Lao vowels before
    /// theirs.
    func canBeginClause(after previous: Unicode.Scalar) -> Bool {
        let isJoined = previous == "\u{200D}" || self == "\u{200D}"
        let isLeadingVowel =
            (0x0E40...0x0E44).contains(previous.value) || (0x0EC0...0x0EC4).contains(previous.value)
        return !properties.isGraphemeExtend && !isJoined && !isLeadingVowel
    }

    fileprivate var isClosing: Bool {
        switch self {
        case "\"", "'", "”", "’", ")", "]", "}", "»", "」", "』", "）", "】", "》", "*", "_": true
        default: false
        }
    }

    fileprivate var isSentenceMark: Bool {
        switch self {
        case ".", "!", "?", "…", "。", "．", "！", "？", "｡", "।", "॥", "؟", "۔", "։", "።", "។", "။":
            true
        default: false
        }
    }

    fileprivate var isOfPhraseSpacedScript: Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: true
        default: false
        }
    }
}
