import Foundation
import ParleyYAML
import Testing

@testable import ParleyScriptedEngine

@Suite("A script is read")
struct ScriptTests {
    private func problems(_ text: String) -> [String] {
        do {
            _ = try Script.read(text: text, file: "s.yaml")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("A script without rules greets and goes on")
    func smallest() throws {
        let script = try Script.read(text: "greeting: Hello.\ndefault: [Yes?, And?]")
        #expect(script.fallback.count == 2)
        #expect(script.rules.isEmpty)
    }

    @Test("Greeting and default must be there")
    func missing() {
        #expect(
            problems("rules: []") == [
                "s.yaml:1:1: greeting: missing, expected text or a list of texts",
                "s.yaml:1:1: default: missing, expected text or a list of texts",
            ]
        )
    }

    @Test(
        "A wrong rule is named with its place",
        arguments: [
            (
                "{match: a, reply: b, replay: c}",
                "rules[0].replay: unknown key; did you mean \"reply\"?"
            ),
            ("{match: a}", "rules[0]: has neither \"reply\" nor \"call\""),
            ("{reply: a}", "rules[0].match: missing, expected a pattern or a list of patterns"),
            (
                "{match: '', reply: a}",
                "rules[0].match: found an empty pattern, expected words, \"*\", \"+\" or \"_\""
            ),
            (
                "{match: '@x', reply: a}",
                "rules[0].match: no set of words has the name \"@x\"; there are none"
            ),
            (
                "{match: a, reply: '{{1}}'}",
                "rules[0].reply: found \"{{1}}\", there are no captures"
            ),
            (
                "{match: ['* a *', '* b'], reply: '{{2}}'}",
                "rules[0].reply: found \"{{2}}\", the last capture is {{1}}"
            ),
            ("{match: a, reply: '{{x'}", "rules[0].reply: found \"{{\" without \"}}\""),
            (
                "{match: a, reply: '{{usr}}'}",
                "rules[0].reply: found \"{{usr}}\", expected a number from 1, "
                    + "\"user\" or \"result\"; did you mean \"user\"?"
            ),
            ("{match: a, call: {}}", "rules[0].call.tool: missing, expected a name"),
            (
                "{match: a, call: {tool: t, arguments: 3}}",
                "rules[0].call.arguments: found \"3\", expected a mapping"
            ),
            (
                "{match: a, call: {tool: t, arguments: {x: ['{{1}}']}}}",
                "rules[0].call.arguments: found \"{{1}}\", there are no captures"
            ),
            ("{match: a, reply: b, result: c}", "rules[0].result: stands without \"call\""),
            (
                "{match: a, reply: b, delay_ms: -1}",
                "rules[0].delay_ms: found \"-1\", expected a number from 0 to 60000"
            ),
        ]
    )
    func wrongRule(rule: String, expected: String) {
        let found = problems("greeting: a\ndefault: b\nrules:\n  - \(rule)\n")
        #expect(found.map { $0.contains(expected) } == [true], "\(found)")
    }

    @Test("What is no YAML is refused with its place")
    func noYAML() {
        #expect(problems("a: [").count == 1)
    }

    @Test("The script in the program is the one in the tree")
    func builtInIsShipped() throws {
        let tree = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let file = tree.appending(path: "models/scripts/eliza.yaml").standardizedFileURL
        let shipped = try String(contentsOf: file, encoding: .utf8)
        #expect(shipped == Script.builtInText)
    }

    @Test("The script in the program reads without a problem")
    func builtInReads() throws {
        #expect(try Script.read(text: Script.builtInText) == Script.builtIn)
        #expect(Script.builtIn.rules.count > 40)
    }
}
