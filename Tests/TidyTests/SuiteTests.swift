import Testing

/// What waits in vain says so, in place of holding up whoever runs the tests.
@Suite("Suites")
struct SuiteTests {
    @Test("A suite that waits for something has a time limit")
    func waitingSuitesAreLimited() {
        let waiting = SourceTree.shared.tests.filter { file in
            file.tokens.contains { $0.text == "await" } && !file.attributes("Test").isEmpty
        }
        #expect(waiting.count > 30)
        let findings = waiting.flatMap { file in
            let suites = file.attributes("Suite")
            let unlimited = suites.filter { !$0.words.contains("timeLimit") }
            let lines = suites.isEmpty ? [1] : unlimited.map(\.line)
            return lines.map { Finding(file, $0, "waits without a `.timeLimit` on its suite") }
        }
        expectNone(findings)
    }

    @Test("Attributes are found with what stands in their parentheses")
    func attributes() {
        let text = "@Suite(\"A (b\", .timeLimit(.minutes(1))) struct A { @Test func b() {} }"
        let file = SourceFile(path: "Tests/A/B.swift", text: Array(text.utf8))
        #expect(file.attributes("Suite").map(\.words) == [["timeLimit", "minutes", "1"]])
        #expect(file.attributes("Test").map(\.words) == [[]])
    }
}

extension SourceFile {
    /// Where an attribute stands, and the words in the parentheses that follow it.
    func attributes(_ name: String) -> [(line: Int, words: [String])] {
        tokens.indices.dropFirst()
            .filter { tokens[$0].text == name && tokens[$0 - 1].text == "@" }
            .map { (tokens[$0].line, wordsInParentheses(after: $0)) }
    }

    private func wordsInParentheses(after index: Int) -> [String] {
        var words: [String] = []
        var depth = 0
        for token in tokens[(index + 1)...] {
            switch token.text {
            case "(": depth += 1
            case ")": depth -= 1
            default: if token.kind == .word, depth > 0 { words.append(token.text) }
            }
            if depth == 0 { break }
        }
        return words
    }
}
