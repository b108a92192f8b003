import Testing

/// One place that breaks a rule.
struct Finding: CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    init(_ file: SourceFile, _ line: Int, _ message: String) {
        path = file.path
        self.line = line
        self.message = message
    }

    init(_ path: String, _ message: String) {
        self.path = path
        line = 1
        self.message = message
    }

    var description: String { "\(path):\(line): \(message)" }
}

/// Fails once for each place that breaks a rule, so that the report names them all.
func expectNone(_ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation) {
    for finding in findings {
        Issue.record("\(finding.description)", sourceLocation: sourceLocation)
    }
}

extension SourceFile {
    /// Where one of the words stands in the code, comments and strings left out.
    func uses(of words: Set<String>) -> [(line: Int, word: String)] {
        tokens.filter { $0.kind == .word && words.contains($0.text) }.map { ($0.line, $0.text) }
    }

    /// Places where a word follows a dot.
    func memberUses(of word: String) -> [Int] {
        zip(tokens, tokens.dropFirst())
            .filter { $0.text == "." && $1.text == word }
            .map { $1.line }
    }

    /// Numbers of the lines that hold a text.
    func lines(containing needle: String) -> [Int] {
        lines.indices.filter { lines[$0].contains(needle) }.map { $0 + 1 }
    }
}

/// Whether a character can be part of a name or of a path's component.
func isNameCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_-.~".contains(character)
}
