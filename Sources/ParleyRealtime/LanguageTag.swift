/// How languages are named on the wire.
public enum LanguageTag {
    /// What is expected where a tag belongs.
    public static let description = "a language tag such as 'es' or 'pt-BR'"

    /// Whether a text is written as a tag; whether there is such a language is not judged.
    ///
    /// - Source: BCP 47 (RFC 5646), sections 2.1 and 4.4.1: subtags of at most eight letters and
    ///   digits, 35 characters together.
    public static func isWellFormed(_ tag: String) -> Bool {
        guard tag.utf8.count <= 35 else { return false }
        let subtags = tag.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return subtags.allSatisfy { subtag in
            (1...8).contains(subtag.count) && subtag.allSatisfy(isLetterOrDigit)
        }
    }

    /// Whether two tags name one language, whatever they say of region or script.
    public static func areSameLanguage(_ one: String, _ other: String) -> Bool {
        language(of: one) == language(of: other)
    }

    private static func language(of tag: String) -> String {
        tag.prefix { $0 != "-" }.lowercased()
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
