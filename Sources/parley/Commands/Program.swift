internal import ParleyClient
internal import ParleyNames

/// The program: finds the command, tells its help, runs it, and turns what it throws into a line
/// and an exit status.
struct Program: Sendable {
    /// Exit statuses that every command shares.
    enum Status {
        /// It went well.
        static let success: Int32 = 0
        /// It went wrong.
        static let failure: Int32 = 1
        /// The arguments make no sense.
        static let usage: Int32 = 2
    }

    let commands: [Command]
    let console: Talk.Console

    /// Runs the words of a command line.
    ///
    /// - Parameter words: Without the program's name.
    /// - Returns: The exit status.
    func run(_ words: [String]) async -> Int32 {
        guard let first = words.first else {
            console.complain(overview)
            return Status.usage
        }
        switch first {
        case "help", "--help", "-h": return help(words.dropFirst().first)
        case "--version", "version":
            console.show("parley \(Version.current)")
            return Status.success
        default: return await run(first, words.dropFirst())
        }
    }

    private func run(_ name: String, _ words: ArraySlice<String>) async -> Int32 {
        guard let command = commands.first(where: { $0.name == name }) else {
            return unknown(name)
        }
        do {
            let options = command.options + command.furtherOptions
            let arguments = try Arguments(words, options: options)
            if arguments.has(Option.help.name) { return help(name) }
            return try await command.run(arguments, console)
        } catch let error as UsageError {
            console.complain("parley \(name): \(error)")
            console.complain("Try: parley \(name) --help")
            return Status.usage
        } catch {
            console.complain("parley \(name): \(error)")
            return Status.failure
        }
    }

    private func help(_ name: String?) -> Int32 {
        guard let name else {
            console.show(overview)
            return Status.success
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            return unknown(name)
        }
        console.show(command.help)
        return Status.success
    }

    private func unknown(_ name: String) -> Int32 {
        let names = commands.map(\.name) + ["help", "version", "--help", "--version"]
        let near = NearMatch.nearest(to: name, among: names)
        let kind = name.hasPrefix("-") ? "option" : "command"
        let hint = near.map { "; did you mean \($0)?" } ?? ""
        console.complain("parley: unknown \(kind) \"\(name)\"\(hint)")
        console.complain("Try: parley help")
        return Status.usage
    }

    private var overview: String {
        let rows =
            commands.map { ($0.name, $0.summary) } + [
                ("help [COMMAND]", "Print this help, or a command's."),
                ("--version", "Print the version."),
            ]
        return """
            Parley: a Realtime voice server of your own, and its tools.

            Usage:
              parley COMMAND [OPTIONS]

            Commands:
            \(Help.table(rows))

            To begin: parley serve, and from another terminal parley talk --text "Hello."
            """
    }
}
