/// Makes of any text what flite can speak: short pieces of plain English in ASCII.
///
/// Letters with accents lose them, typographic signs become plain ones, and what has no sound, such
/// as emoji and control characters, becomes a space. Words and pieces are cut to a length that
/// keeps flite's work bounded.
struct SpokenText {
    /// Bytes of a piece at most.
    ///
    /// Chosen: flite plans a piece before its first sound and can't be stopped meanwhile; for 80
    /// bytes that takes 20 to 40 ms.
    static let pieceLength = 80
    /// Letters of a word at most; longer ones are no words, and spelled by rules whose time grows
    /// with them.
    static let wordLength = 30

    /// The pieces, in order; empty where there is nothing to say.
    let pieces: [String]
    /// Whether the text has letters, but none that flite knows.
    let isForeign: Bool

    init(_ text: String) {
        var plain = ""
        var hasForeignLetter = false
        for scalar in text.unicodeScalars {
            let spoken = Self.plain(scalar)
            if spoken == " ", scalar.properties.isAlphabetic { hasForeignLetter = true }
            plain += spoken
        }
        let words = plain.split(separator: " ").flatMap(Self.cut)
        let hasSound = words.contains { $0.contains(where: Self.isSounded) }
        isForeign = hasForeignLetter && !hasSound
        pieces = hasSound ? Self.join(words) : []
    }

    /// What a character becomes.
    private static func plain(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": String(scalar)
        case ".", ",", "?", "!", ":", ";", "'", "-", "$", "%", "&", "/", "+", "=", "@", "#":
            String(scalar)
        default: signs[scalar] ?? letters(of: scalar)
        }
    }

    /// Signs that have a plain form or a name.
    private static let signs: [Unicode.Scalar: String] = [
        "’": "'", "‘": "'", "–": " - ", "—": ", ", "…": ". ", "(": ", ", ")": ", ",
        "€": " euros ", "£": " pounds ", "¥": " yen ", "°": " degrees ", "×": " times ",
        "÷": " divided by ", "½": " one half ", "¼": " one quarter ", "¾": " three quarters ",
        "。": ". ", "，": ", ", "！": "! ", "？": "? ", "ß": "ss",
    ]

    /// The plain letters of a Latin one, by its name: "LATIN SMALL LETTER E WITH ACUTE" is an e.
    private static func letters(of scalar: Unicode.Scalar) -> String {
        guard let name = scalar.properties.name else { return " " }
        let words = name.split(separator: " ")
        guard words.count >= 4, words[0] == "LATIN", words[1] == "SMALL" || words[1] == "CAPITAL",
            words[2] == "LETTER" || words[2] == "LIGATURE", words[3].count <= 2,
            words.count == 4 || words[4] == "WITH"
        else {
            // An accent that stands by itself belongs to the letter before it.
            return scalar.properties.generalCategory == .nonspacingMark ? "" : " "
        }
        return words[1] == "SMALL" ? words[3].lowercased() : String(words[3])
    }

    private static func isSounded(_ character: Character) -> Bool {
        character.isLetter || character.isNumber
    }

    /// Cuts a word that is too long, and shortens runs of one sign.
    private static func cut(_ word: Substring) -> [Substring] {
        var short = ""
        for character in word where isSounded(character) || character != short.last {
            short.append(character)
        }
        var parts: [Substring] = []
        var rest = short[...]
        while !rest.isEmpty {
            parts.append(rest.prefix(wordLength))
            rest = rest.dropFirst(wordLength)
        }
        return parts
    }

    /// Joins words to pieces, which end after a sentence where they can.
    private static func join(_ words: [Substring]) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for word in words {
            if piece.utf8.count + 1 + word.utf8.count > pieceLength {
                pieces.append(piece)
                piece = ""
            }
            piece += piece.isEmpty ? word : " " + word
            let isEnd = word.last.map { ".?!".contains($0) } ?? false
            if isEnd, piece.utf8.count > pieceLength / 2 {
                pieces.append(piece)
                piece = ""
            }
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces.filter { $0.contains(where: isSounded) }
    }
}
