/// What libyaml says of a text that isn't YAML, in words for whoever wrote it.
///
/// libyaml speaks of tokens and contexts; people think of indentation, colons and quotes.
///
/// - Source: libyaml 0.2.5, `src/scanner.c`, `src/parser.c` and `src/reader.c`.
struct YAMLComplaint {
    /// libyaml's own words.
    let phrase: String
    /// What stands at the place; nil at the end of the text.
    let found: Character?
    /// The line in which the list, the mapping or the text begins that can't go on; nil for none.
    let firstLine: Int?

    /// One line: what was found, what was expected.
    var message: String {
        switch phrase {
        case "found character that cannot start any token": badStart
        case "mapping values are not allowed in this context":
            "found a key where none can stand: keys of one mapping are indented alike, "
                + "and a text with \": \" in it needs quotes"
        case "block sequence entries are not allowed in this context":
            "found a list entry where none can stand: entries of one list are indented alike"
        case "did not find expected key":
            "expected a key: keys of one mapping are indented alike\(begin("this one"))"
        case "did not find expected '-' indicator":
            "expected \"- \": entries of one list are indented alike\(begin("this one"))"
        case "did not find expected ',' or ']'":
            "expected \",\" or \"]\" in the list\(begin("it"))"
        case "did not find expected ',' or '}'":
            "expected \",\" or \"}\" in the mapping\(begin("it"))"
        case "could not find expected ':'":
            "expected \": \" behind a key\(begin("the key"))"
        case "found unexpected end of stream":
            "found the end of the file, expected a closing quote\(begin("the text"))"
        case "found unknown escape character":
            "found an unknown escape, expected none; single quotes take \"\\\" as it is"
        case "control characters are not allowed": "found a control character, expected text"
        default: other
        }
    }

    private var badStart: String {
        switch found {
        case "\t": "found a tab, expected spaces"
        case let character?:
            "found \"\(character)\", which no plain text begins with; expected quotes around it"
        case nil: "found the end of the file, expected a value"
        }
    }

    private var other: String {
        // The reader's words for bytes: "invalid leading UTF-8 octet" and the like.
        let isEncoding = phrase.contains("UTF-8") || phrase.contains("Unicode")
        return isEncoding ? "expected UTF-8, \(phrase)" : phrase + begin("it")
    }

    private func begin(_ what: String) -> String {
        firstLine.map { "; \(what) begins in line \($0)" } ?? ""
    }
}
