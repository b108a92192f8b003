internal import ParleyNames

/// What stood after the name of a command, sorted into options and operands.
///
/// Parsing is total: any words give arguments or a ``UsageError``. `--name value` and
/// `--name=value` say the same, `-h` is `--help`, `-` alone is an operand, and after `--`
/// everything is.
struct Arguments: Sendable, Hashable {
    /// One option as it was given; the value is nil where the option takes none.
    struct Given: Sendable, Hashable {
        let name: String
        let value: String?
    }

    /// In the order in which they came.
    private(set) var given: [Given] = []
    /// What is no option, before `--`.
    private(set) var operands: [String] = []
    /// What came after `--`; nil where there was none.
    private(set) var rest: [String]?

    /// Sorts words.
    ///
    /// - Parameters:
    ///   - words: Without the program's and the command's names.
    ///   - options: What the command takes; `--help` is always among them.
    /// - Throws: ``UsageError`` for an option that is unknown, comes twice, lacks its value or has
    ///   one too many.
    init(_ words: some Sequence<String>, options: [Option]) throws(UsageError) {
        let known = options + [.help]
        var words = Array(words)[...]
        while let word = words.popFirst() {
            if word == "--" {
                rest = Array(words)
                return
            }
            guard let spelled = Self.optionText(word) else {
                operands.append(word)
                continue
            }
            let parts = spelled.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let option = try Self.find(parts.first.map(String.init) ?? "", in: word, among: known)
            let inline = parts.count > 1 ? String(parts[1]) : nil
            let value = try Self.value(of: option, inline: inline, words: &words)
            guard option.isRepeatable || !has(option.name) else {
                throw UsageError("--\(option.name) is given twice")
            }
            given.append(Given(name: option.name, value: value))
        }
    }

    /// Whether the option was given.
    func has(_ name: String) -> Bool { given.contains { $0.name == name } }

    /// The value of an option; nil where it was not given.
    func text(_ name: String) -> String? { given.first { $0.name == name }?.value }

    /// All values of options, in the order in which they came.
    func all(_ names: Set<String>) -> [(name: String, value: String)] {
        given.compactMap { given in
            guard names.contains(given.name), let value = given.value else { return nil }
            return (given.name, value)
        }
    }

    /// The text after the dashes; nil for an operand.
    private static func optionText(_ word: String) -> String? {
        if word == "-h" { return "help" }
        if word.hasPrefix("--") { return String(word.dropFirst(2)) }
        // One dash is a slip, unless it is a number or stands alone for standard input.
        guard word.hasPrefix("-"), word.count > 1, Double(word) == nil else { return nil }
        return String(word.dropFirst())
    }

    private static func find(
        _ name: String,
        in word: String,
        among known: [Option]
    ) throws(UsageError) -> Option {
        if let option = known.first(where: { $0.name == name }) { return option }
        let hint = NearMatch.nearest(to: name, among: known.map(\.name))
        let typed = word.prefix { $0 != "=" }
        throw UsageError(
            "unknown option \(typed)" + (hint.map { "; did you mean --\($0)?" } ?? "")
        )
    }

    private static func value(
        of option: Option,
        inline: String?,
        words: inout ArraySlice<String>
    ) throws(UsageError) -> String? {
        guard let expected = option.value else {
            guard inline == nil || option.isSwitch else {
                throw UsageError("--\(option.name) takes no value")
            }
            return inline
        }
        if let inline { return inline }
        // A value that begins with two dashes is more likely a value that was forgotten.
        guard let next = words.first, !next.hasPrefix("--") else {
            throw UsageError("--\(option.name) needs a value: --\(option.name) \(expected)")
        }
        words = words.dropFirst()
        return next
    }
}

/// The words of a command make no sense; the message is for the one who typed them.
struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String

    /// Says what is wrong, in one line.
    init(_ description: String) {
        self.description = description
    }
}
