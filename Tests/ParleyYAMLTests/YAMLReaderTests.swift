import ParleyYAML
import Testing

@Suite("A tree is read into values")
struct YAMLReaderTests {
    private enum Level: String, CaseIterable {
        case debug, info, warning
    }

    private func read<Value>(_ text: String, _ body: (YAMLSection) -> Value) throws -> Value {
        let node = try YAMLNode.parse(text: text)
        return try YAMLReader.read(node, file: "parley.yaml", body)
    }

    private func problems(_ text: String, _ body: (YAMLSection) -> Void) -> [String] {
        do {
            try read(text, body)
            return []
        } catch {
            return "\(error)".split(separator: "\n").map(String.init)
        }
    }

    @Test("Each kind of value is read by its key")
    func kinds() throws {
        let text = """
            host: localhost
            port: 8080
            threshold: 0.5
            insecure: true
            level: info
            origins: [a, b]
            keys:
              - name: x
            limits:
              sessions: 7
            """
        try read(text) { root in
            #expect(root.string("host") == "localhost")
            #expect(root.integer("port", in: 0...65_535) == 8080)
            #expect(root.number("threshold", in: 0...1) == 0.5)
            #expect(root.bool("insecure") == true)
            #expect(root.choice("level", of: Level.self) == .info)
            #expect(root.strings("origins") == ["a", "b"])
            #expect(root.sections("keys")?.map { $0.string("name") } == ["x"])
            #expect(root.section("limits")?.integer("sessions", in: 1...10) == 7)
        }
    }

    @Test("A missing key is nil and no problem")
    func missing() throws {
        try read("") { root in
            #expect(root.string("host") == nil)
            #expect(root.section("limits") == nil)
        }
    }

    @Test("Text may look like a number")
    func textLikeNumber() throws {
        #expect(try read("model: 3.10") { $0.string("model") } == "3.10")
    }

    @Test("A lone text is a list of one")
    func loneText() throws {
        #expect(try read("origins: a") { $0.strings("origins") } == ["a"])
    }

    @Test("An unknown key is named with what it may have meant")
    func unknownKey() {
        let found = problems("pipeline:\n  transcripton: x\n") { root in
            _ = root.section("pipeline")?.string("transcription")
        }
        let expected = """
            parley.yaml:2:3: pipeline.transcripton: unknown key; did you mean "transcription"?
            """
        #expect(found == [expected])
    }

    @Test("A key like none is only called unknown")
    func unlikeKey() {
        let found = problems("zebra: x") { _ = $0.string("host") }
        #expect(found == ["parley.yaml:1:1: zebra: unknown key"])
    }

    @Test("A section nobody asked for is one unknown key")
    func unknownSection() {
        let found = problems("a:\n  b: 1\n  c: 2\n") { _ in }
        #expect(found == ["parley.yaml:1:1: a: unknown key"])
    }

    @Test("All problems are reported, in the order of the text")
    func allProblems() {
        let text =
            "server:\n  port: http\n  hots: x\n  level: inof\n  insecure: maybe\n  keys: {}\n"
        let found = problems(text) { root in
            let server = root.section("server")
            _ = server?.strings("keys")
            _ = server?.bool("insecure")
            _ = server?.choice("level", of: Level.self)
            _ = server?.string("host")
            _ = server?.integer("port", in: 0...65_535)
        }
        #expect(
            found == [
                "parley.yaml:2:9: server.port: found \"http\", expected a number from 0 to 65535",
                "parley.yaml:3:3: server.hots: unknown key; did you mean \"host\"?",
                "parley.yaml:4:10: server.level: found \"inof\", "
                    + "expected \"debug\", \"info\" or \"warning\"; did you mean \"info\"?",
                "parley.yaml:5:13: server.insecure: found \"maybe\", expected true or false",
                "parley.yaml:6:9: server.keys: found a mapping, expected text or a list of texts",
            ]
        )
    }

    @Test(
        "A wrong value says what was found",
        arguments: [
            ("a:", "found nothing, expected text"), ("a: []", "found a list, expected text"),
            ("a: {}", "found a mapping, expected text"),
        ]
    )
    func wrongText(text: String, message: String) {
        let found = problems(text) { _ = $0.string("a") }
        #expect(found.map { $0.hasSuffix(message) } == [true])
    }

    @Test("Entries of a list are named by number")
    func listPath() {
        let found = problems("keys:\n  - name: a\n  - nam: b\n") { root in
            for key in root.sections("keys") ?? [] { _ = key.string("name") }
        }
        #expect(found == ["parley.yaml:3:5: keys[1].nam: unknown key; did you mean \"name\"?"])
    }

    @Test("A key that can't be honoured is refused with the reason")
    func refused() {
        let found = problems("compaction: {}") {
            $0.refuse("compaction", because: "history is kept whole")
        }
        #expect(found == ["parley.yaml:1:1: compaction: not supported: history is kept whole"])
    }

    @Test("Where keys are free, none is unknown")
    func freeKeys() throws {
        #expect(try read("a: 1\nb: 2\n") { $0.entries().map(\.key) } == ["a", "b"])
    }

    @Test("A mapping asked for twice knows the keys of both questions")
    func askedTwice() throws {
        try read("limits: {a: 1, b: 2}") { root in
            _ = root.section("limits")?.string("a")
            _ = root.section("limits")?.string("b")
        }
    }

    @Test("A document that is no mapping is refused")
    func noMapping() {
        #expect(problems("- a") { _ in } == ["parley.yaml:1:1: found a list, expected a mapping"])
    }
}
