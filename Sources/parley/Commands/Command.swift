internal import ParleyClient

/// One thing that the program does.
struct Command: Sendable {
    /// What is typed.
    let name: String
    /// One line for the list of commands.
    let summary: String
    /// How it is typed, one way a line, without `parley`.
    let synopses: [String]
    /// What it takes.
    let options: [Option]
    /// What it takes as well, and the help leaves out.
    var furtherOptions: [Option] = []
    /// More to know, after the options.
    var notes = ""
    /// Does it, with the console for what it has to say.
    ///
    /// - Returns: The exit status.
    /// - Throws: ``UsageError`` for arguments that make no sense together.
    let run: @Sendable (Arguments, Talk.Console) async throws -> Int32

    /// Every command, in the order of the help.
    static let all: [Command] = [.serve, .talk, .doctor, .key, .bench]

    /// The text of `--help`.
    var help: String {
        let lines = synopses.map { "  parley \($0)" }.joined(separator: "\n")
        let sections = [
            "\(summary)\n\nUsage:\n\(lines)", "Options:\n\(Help.table(options))", notes,
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
