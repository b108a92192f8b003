import ParleyNetwork
import ParleyNetworkTesting
import Testing

@Suite struct LoggerTests {
    private let capture = LogCapture()

    private func logger(_ level: LogLevel, revealsPrivate: Bool = false) -> Logger {
        let output = LogOutput(level: level, revealsPrivate: revealsPrivate, sink: capture)
        return Logger(label: "test", output: output)
    }

    @Test("A line below the level is not written, and its metadata not built")
    func disabled() {
        func metadata() -> LogMetadata {
            Issue.record("built")
            return [:]
        }
        logger(.info).debug("Unseen", metadata())
        Logger.disabled.error("Unseen", metadata())
        #expect(capture.records.isEmpty)
    }

    @Test("The level can be changed while loggers are in use")
    func changedLevel() {
        let output = LogOutput(level: .error, sink: capture)
        let log = Logger(label: "test", output: output)
        log.info("First")
        output.level = .info
        log.info("Second")
        #expect(capture.records.map(\.message) == ["Second"])
    }

    @Test("Metadata of the logger is on every line, and the line's own wins")
    func merged() throws {
        let log = logger(.info).with(["session.id": "s1", "turn": 1])
        log.info("Turn ended", ["turn": 2])
        let record = try #require(capture.records.first)
        #expect(record["session.id"] == .text("s1"))
        #expect(record["turn"] == .integer(2))
        #expect(record.metadata.count == 2)
    }

    @Test("Private values are redacted unless level and operator allow them")
    func privacy() {
        let metadata: LogMetadata = ["transcript": Private("hello")]
        logger(.debug).debug("Plain", metadata)
        logger(.info, revealsPrivate: true).info("Level too high", metadata)
        logger(.debug, revealsPrivate: true).info("Line too high", metadata)
        logger(.debug, revealsPrivate: true).debug("Allowed", metadata)
        let shown = capture.records.map { $0["transcript"] }
        let redacted = LogValue.text("<private>")
        #expect(shown == [redacted, redacted, redacted, .text("hello")])
        #expect("\(Private("hello"))" == "<private>")
    }

    @Test("A line of text shows time, level, label, message and metadata")
    func textLine() {
        let line = LogFormat.text.render(record(message: "Session started"))
        #expect(
            line == """
                2023-11-14T22:13:20.123Z info    test Session started \
                id=s1 text="a b\\n\\"c\\"" count=3 ratio=0.5 on=true took=0.25

                """
        )
    }

    @Test("A line of JSON is one object, with numbers as numbers")
    func jsonLine() {
        let line = LogFormat.json.render(record(message: "Session started"))
        #expect(
            line == """
                {"time":"2023-11-14T22:13:20.123Z","level":"info","logger":"test",\
                "message":"Session started","id":"s1","text":"a b\\n\\"c\\"","count":3,\
                "ratio":0.5,"on":true,"took":0.25}

                """
        )
    }

    @Test("A stranger's control characters cannot forge a line", arguments: LogFormat.allCases)
    func forged(format: LogFormat) {
        let hostile = "x\u{1B}[2J\r\n2023-01-01 error\u{0}\u{85}"
        let line = format.render(
            LogRecord(
                time: LogTime(sinceEpoch: .zero),
                level: .info,
                label: "test",
                message: "m",
                metadata: [(key: "k", value: .text(hostile))]
            )
        )
        let controls = line.unicodeScalars.dropLast().filter {
            $0.properties.generalCategory == .control
        }
        #expect(controls.isEmpty)
        #expect(line.hasSuffix("\n"))
    }

    private func record(message: String) -> LogRecord {
        let metadata: LogMetadata = [
            "id": "s1", "text": "a b\n\"c\"", "count": 3, "ratio": 0.5, "on": true,
            "took": Duration.milliseconds(250),
        ]
        logger(.info).info("Sample", metadata)
        return LogRecord(
            time: LogTime(sinceEpoch: .milliseconds(1_700_000_000_123)),
            level: .info,
            label: "test",
            message: message,
            metadata: capture.records.last?.metadata ?? []
        )
    }
}
