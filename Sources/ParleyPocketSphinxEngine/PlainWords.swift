/// Turns what the recogniser writes into what was said.
enum PlainWords {
    /// Leaves out sounds that are no words, such as `<sil>`, `[NOISE]` and `++BREATH++`, and the
    /// numbers of alternative pronunciations, such as the `(2)` of `the(2)`.
    static func text(of hypothesis: String) -> String {
        hypothesis.split(whereSeparator: \.isWhitespace).compactMap(word).joined(separator: " ")
    }

    private static func word(_ token: Substring) -> Substring? {
        guard let first = token.first, !"<[+".contains(first) else { return nil }
        guard token.last == ")", let bracket = token.lastIndex(of: "("),
            bracket != token.startIndex,
            token[token.index(after: bracket)...].dropLast().allSatisfy(\.isNumber)
        else { return token }
        return token[..<bracket]
    }
}
