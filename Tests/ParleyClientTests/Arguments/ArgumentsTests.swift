import Testing

@testable import parley

@Suite("Arguments")
struct ArgumentsTests {
    private static let options = [
        Option("file", "FILE", "A file.", isRepeatable: true),
        Option("timeout", "SECONDS", "How long."),
        Option("frame-ms", "MS", "How long a frame is."),
        Option("events", "Print events."),
        Option("tools", nil, "Use tools.", isSwitch: true),
    ]

    private func parse(_ words: [String]) throws -> Arguments {
        try Arguments(words, options: Self.options)
    }

    @Test(
        "Options, values and operands are told apart",
        arguments: [
            ([], [], [], nil),
            (["--events"], ["events"], [], nil),
            (["--timeout", "3"], ["timeout=3"], [], nil),
            (["--timeout=3"], ["timeout=3"], [], nil),
            (["--timeout="], ["timeout="], [], nil),
            (["--timeout=a=b"], ["timeout=a=b"], [], nil),
            (["--timeout", "-3"], ["timeout=-3"], [], nil),
            (["--file", "a", "--file=b"], ["file=a", "file=b"], [], nil),
            (["--file", "-"], ["file=-"], [], nil),
            (["a", "--events", "b"], ["events"], ["a", "b"], nil),
            (["-"], [], ["-"], nil),
            (["-5"], [], ["-5"], nil),
            (["-h"], ["help"], [], nil),
            (["-events"], ["events"], [], nil),
            (["--", "--events"], [], [], ["--events"]),
            (["--events", "--"], ["events"], [], []),
            (["--tools", "a"], ["tools"], ["a"], nil),
            (["--tools=false"], ["tools=false"], [], nil),
        ] as [([String], [String], [String], [String]?)]
    )
    func table(_ row: ([String], [String], [String], [String]?)) throws {
        let arguments = try parse(row.0)
        let given = arguments.given.map { $0.name + ($0.value.map { "=\($0)" } ?? "") }
        #expect(given == row.1)
        #expect(arguments.operands == row.2)
        #expect(arguments.rest == row.3)
    }

    @Test(
        "What makes no sense is told in one line",
        arguments: [
            (["--evens"], "unknown option --evens; did you mean --events?"),
            (["--frame_ms", "20"], "unknown option --frame_ms; did you mean --frame-ms?"),
            (["--zzz"], "unknown option --zzz"),
            (["--="], "unknown option --"),
            (["-f", "x"], "unknown option -f"),
            (["--zzz=secret"], "unknown option --zzz"),
            (["--events=yes"], "--events takes no value"),
            (["--timeout"], "--timeout needs a value: --timeout SECONDS"),
            (["--timeout", "--events"], "--timeout needs a value: --timeout SECONDS"),
            (["--events", "--events"], "--events is given twice"),
            (["--timeout", "1", "--timeout=2"], "--timeout is given twice"),
        ] as [([String], String)]
    )
    func failures(_ row: ([String], String)) {
        #expect(throws: UsageError(row.1)) { try parse(row.0) }
    }

    @Test("Numbers are read within their range")
    func numbers() throws {
        let arguments = try parse(["--frame-ms", "20", "--timeout", "1.5"])
        #expect(try arguments.integer("frame-ms", in: 10...100) == 20)
        #expect(try arguments.seconds("timeout", in: 0...60) == .milliseconds(1_500))
        #expect(try arguments.integer("events", in: 0...1) == nil)
        #expect(throws: UsageError("--frame-ms is \"20\"; expected a whole number from 30 to 40")) {
            try arguments.integer("frame-ms", in: 30...40)
        }
        #expect(throws: UsageError.self) { try arguments.seconds("timeout", in: 2...3) }
    }

    @Test("Not-a-number is no number of seconds", arguments: ["nan", "inf", "1e400", "x", ""])
    func notANumber(_ text: String) throws {
        let arguments = try parse(["--timeout=\(text)"])
        #expect(throws: UsageError.self) { try arguments.seconds("timeout", in: 0...1e300) }
    }

    @Test("Long summaries are wrapped in their column")
    func help() {
        let text = Help.table([("--a X", String(repeating: "word ", count: 20)), ("--b", "short")])
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(text.contains("--b                       short"))
    }
}
