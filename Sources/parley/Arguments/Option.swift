/// One flag of a command.
struct Option: Sendable, Hashable {
    /// Without its dashes: `frame-ms`.
    let name: String
    /// What stands for its value in the help; nil for a flag that is only given or not.
    let value: String?
    /// One line for the help.
    let summary: String
    /// Whether it may come more than once.
    let isRepeatable: Bool
    /// Whether a flag without a value may have one behind `=` all the same, as in `--tls=false`.
    let isSwitch: Bool

    /// Describes an option.
    init(
        _ name: String,
        _ value: String?,
        _ summary: String,
        isRepeatable: Bool = false,
        isSwitch: Bool = false
    ) {
        self.name = name
        self.value = value
        self.summary = summary
        self.isRepeatable = isRepeatable
        self.isSwitch = isSwitch
    }

    /// Every command has it.
    static let help = Option("help", "Print this help.")

    /// Describes an option that takes no value.
    init(_ name: String, _ summary: String) {
        self.init(name, nil, summary)
    }

    /// As it stands in the help: `--frame-ms MS`.
    var synopsis: String { "--\(name)" + (value.map { " \($0)" } ?? "") }
}
