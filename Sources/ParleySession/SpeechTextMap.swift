internal import ParleyAudio

/// Which text of a spoken message sounds when, clause by clause in proportion.
///
/// Cutting speech at a moment gives the words that were heard by then: whole clauses before it, and
/// of the clause that was cut as large a part of its text as was heard of its sound, back to the
/// last whole word.
struct SpeechTextMap: Sendable, Equatable {
    private struct Clause: Sendable, Equatable {
        var text: String
        var sampleCount: Int
        /// All of its sound was made; otherwise its length is a guess.
        var isWhole: Bool
    }

    private var clauses: [Clause] = []

    /// Samples a character takes where nothing better is known: 14 characters a second, a calm
    /// reading voice.
    private static let usualCharacterLength = AudioFormat.sessionSampleRate / 14

    /// Begins a clause.
    mutating func begin(_ text: String) {
        clauses.append(Clause(text: text, sampleCount: 0, isWhole: false))
    }

    /// Adds sound to the clause that began last.
    mutating func extend(by sampleCount: Int) {
        guard !clauses.isEmpty else { return }
        clauses[clauses.count - 1].sampleCount += sampleCount
    }

    /// The clause that began last sounds no longer.
    mutating func end() {
        guard !clauses.isEmpty else { return }
        clauses[clauses.count - 1].isWhole = true
    }

    /// The words whose sound ended before a moment.
    func text(heard sampleCount: Int) -> String {
        var heard = ""
        var rest = sampleCount
        for clause in clauses {
            let length = expectedLength(of: clause)
            guard rest < length else {
                heard += clause.text
                rest -= length
                continue
            }
            return heard + Self.words(of: clause.text, heard: rest, of: length)
        }
        return heard
    }

    private func expectedLength(of clause: Clause) -> Int {
        guard !clause.isWhole else { return clause.sampleCount }
        let whole = clauses.filter(\.isWhole)
        let characters = whole.reduce(0) { $0 + $1.text.count }
        let samples = whole.reduce(0) { $0 + $1.sampleCount }
        let perCharacter = characters > 0 ? samples / characters : Self.usualCharacterLength
        return max(clause.sampleCount, clause.text.count * perCharacter)
    }

    /// The part of a clause in proportion, without the word that was cut.
    private static func words(of text: String, heard: Int, of length: Int) -> String {
        let characters = Array(text)
        var count = min(characters.count, characters.count * max(0, heard) / max(1, length))
        while count > 0, count < characters.count,
            characters[count - 1].isWordCharacter, characters[count].isWordCharacter
        {
            count -= 1
        }
        return String(characters[..<count])
    }
}

extension Character {
    /// Part of a word that spaces or punctuation delimit; scripts without spaces are cut anywhere.
    fileprivate var isWordCharacter: Bool {
        (isLetter || isNumber || self == "'" || self == "’")
            && !unicodeScalars.contains(where: \.isWrittenWithoutSpaces)
    }
}

extension Unicode.Scalar {
    /// Belongs to a script that doesn't put spaces between words: Chinese, Japanese, Thai, Lao,
    /// Khmer, Burmese, Tibetan.
    var isWrittenWithoutSpaces: Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x0F00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF: true
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF: true
        case 0x20000...0x323AF: true
        default: false
        }
    }
}
