import ParleyClient
import Synchronization
import Testing

@testable import parley

@Suite("The program", .timeLimit(.minutes(1)))
struct ProgramTests {
    private func run(_ words: [String]) async -> (status: Int32, lines: [String]) {
        let lines = Mutex<[String]>([])
        let console = Talk.Console(
            show: { line in lines.withLock { $0.append(line) } },
            complain: { line in lines.withLock { $0.append("! \(line)") } },
            readLine: { $0(nil) }
        )
        let status = await Program(commands: Command.all, console: console).run(words)
        return (status, lines.withLock { $0 })
    }

    @Test("No command is a usage error with the overview")
    func nothing() async {
        let (status, lines) = await run([])
        #expect(status == 2)
        #expect(lines.first?.hasPrefix("! Parley: ") == true)
    }

    @Test(
        "Help and version are no errors",
        arguments: [
            ["help"], ["--help"], ["-h"], ["--version"], ["version"], ["help", "talk"],
            ["talk", "--help"], ["talk", "-h", "--text", "x"],
        ]
    )
    func help(_ words: [String]) async {
        let (status, lines) = await run(words)
        #expect(status == 0)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("!") == false)
    }

    @Test("Every command has help within 80 columns")
    func everyCommand() async {
        for command in Command.all {
            #expect(command.help.split(separator: "\n").filter { $0.count > 80 } == [])
        }
    }

    @Test("Every command says what its exit status means")
    func exitStatus() {
        #expect(Command.all.filter { !$0.help.contains("Exit status: 0 ") }.map(\.name) == [])
    }

    @Test(
        "What can't be used is told before anything is done, with status 2",
        arguments: [
            (
                ["talk", "--text", "x", "--save", "/nonexistent/a.wav"],
                "! parley talk: cannot write /nonexistent/a.wav: No such file or directory"
            ),
            (
                ["talk", "--text", "x", "--save", "/"],
                "! parley talk: cannot write /: Is a directory"
            ),
            (
                ["talk", "--file", "/nonexistent.wav"],
                "! parley talk: cannot read /nonexistent.wav: No such file or directory"
            ),
            (
                ["bench", "talk", "--file", "/nonexistent.wav"],
                "! parley bench: cannot read /nonexistent.wav: No such file or directory"
            ),
            (
                ["bench", "talk", "--json", "/nonexistent/a.json"],
                "! parley bench: cannot write /nonexistent/a.json: No such file or directory"
            ),
            (
                ["serve", "--port", "many"],
                "! parley serve: the configuration cannot be used\n"
                    + "--port: found \"many\", expected a number from 0 to 65535"
            ),
            (
                ["serve", "--mcp-enabled=off"],
                "! parley serve: the configuration cannot be used\n"
                    + "--mcp-enabled: found \"off\", expected true or false"
            ),
            (
                ["doctor", "--config", "/nonexistent.yaml"],
                "! parley doctor: the configuration cannot be used\n"
                    + "--config: found \"/nonexistent.yaml\", "
                    + "which can't be opened: No such file or directory"
            ),
        ] as [([String], String)]
    )
    func unusable(_ row: ([String], String)) async {
        let (status, lines) = await run(row.0)
        #expect(status == 2)
        #expect(lines == [row.1])
    }

    @Test(
        "What is unknown gets a hint",
        arguments: [
            (["tlak"], "! parley: unknown command \"tlak\"; did you mean talk?"),
            (["--verison"], "! parley: unknown option \"--verison\"; did you mean --version?"),
            (["xyzzy"], "! parley: unknown command \"xyzzy\""),
            (["help", "tallk"], "! parley: unknown command \"tallk\"; did you mean talk?"),
            (
                ["talk", "--fiel", "x"],
                "! parley talk: unknown option --fiel; did you mean --file?"
            ),
            (["talk"], "! parley talk: nothing to say; give --file FILE or --text TEXT"),
        ] as [([String], String)]
    )
    func unknown(_ row: ([String], String)) async {
        let (status, lines) = await run(row.0)
        #expect(status == 2)
        #expect(lines.first == row.1)
    }
}

@Suite("Arguments of talk", .timeLimit(.minutes(1)))
struct TalkRequestTests {
    private func request(_ words: String..., key: String? = nil) throws -> TalkRequest {
        try TalkRequest(Arguments(words, options: Command.talk.options), environmentKey: key)
    }

    @Test("Turns keep their order")
    func order() throws {
        let request = try request("--text", "a", "--file=b.wav", "--text", "-", "--file", "c.wav")
        #expect(request.turns == [.text("a"), .file("b.wav"), .lines, .file("c.wav")])
    }

    @Test("The model is the one asked for, the address's own, or the standard one")
    func model() throws {
        #expect(try request("--text", "a").url.model == "parley")
        #expect(try request("--text", "a", "--url", "h?model=b").url.model == "b")
        #expect(try request("--text", "a", "--url", "h?model=b", "--model", "c").url.model == "c")
    }

    @Test("A key that was typed comes before the environment's")
    func key() throws {
        #expect(try request("--text", "a", key: "e").apiKey == "e")
        #expect(try request("--text", "a", "--api-key", "k", key: "e").apiKey == "k")
    }

    @Test(
        "What makes no sense is refused",
        arguments: [
            ["--text", "a", "b"], ["--text", "a", "--", "b"], ["--text", "a", "--frame-ms", "19"],
            ["--text", "a", "--frame-ms", "101"], ["--text", "a", "--timeout", "0"],
            ["--text", "a", "--interrupt-after", "-1"], ["--text", "a", "--url", "ftp://h"],
            ["--text", ""], ["--text", "a", "--text", " \t"],
        ]
    )
    func refusals(_ words: [String]) throws {
        let arguments = try Arguments(words, options: Command.talk.options)
        #expect(throws: UsageError.self) { try TalkRequest(arguments, environmentKey: nil) }
    }

    @Test("A file that cannot be used is named")
    func files() throws {
        #expect(throws: (any Error).self) { try request("--file", "/nonexistent.wav").script() }
        #expect(throws: Recording.Failure.self) {
            try Recording.samples(of: Array("RIFFxxxx".utf8), named: "x.wav")
        }
    }
}
