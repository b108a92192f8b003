import ParleyYAML
import Testing

@Suite("A YAML text becomes a tree")
struct YAMLParsingTests {
    private func problem(_ text: String, limits: YAMLLimits = .standard) -> YAMLProblem? {
        #expect(throws: YAMLProblem.self) {
            try YAMLNode.parse(text: text, file: "x.yaml", limits: limits)
        }
    }

    @Test(
        "Plain scalars mean what the core schema says",
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("true", .bool(true)),
            ("False", .bool(false)),
            ("yes", .string("yes")), ("off", .string("off")), ("12", .integer(12)),
            ("-7", .integer(-7)),
            ("+7", .integer(7)), ("0x1f", .integer(31)), ("0o17", .integer(15)),
            ("017", .integer(17)),
            ("0x-1", .string("0x-1")), ("1.5", .number(1.5)), ("-1e3", .number(-1000)),
            (".5", .number(0.5)),
            (".inf", .number(.infinity)), ("inf", .string("inf")), ("nan", .string("nan")),
            ("1_000", .string("1_000")), ("0x1p3", .string("0x1p3")),
            ("99999999999999999999", .number(1e20)), ("1.2.3", .string("1.2.3")),
            ("'12'", .string("12")), ("\"true\"", .string("true")), ("!!str 12", .string("12")),
            ("!!int \"12\"", .integer(12)), ("! 12", .string("12")), ("|\n 12\n", .string("12\n")),
        ] as [(String, YAMLScalar.Value)]
    )
    func plainScalars(text: String, value: YAMLScalar.Value) throws {
        let node = try YAMLNode.parse(text: text)
        guard case .scalar(let scalar) = node.content else {
            Issue.record("not a scalar: \(text)")
            return
        }
        #expect(scalar.value == value)
    }

    @Test("Keys keep their order and know their place")
    func positions() throws {
        let root = try YAMLNode.parse(
            text: "name: parley\npipeline:\n  vad: silero\n  llm: [a, b]\n"
        )
        guard case .mapping(let pairs) = root.content else {
            Issue.record("not a mapping")
            return
        }
        #expect(pairs.map(\.key) == ["name", "pipeline"])
        #expect(pairs.last?.keyPosition == YAMLPosition(line: 2, column: 1))
        #expect(root["pipeline"]?["vad"]?.position == YAMLPosition(line: 3, column: 8))
        #expect(root["pipeline"]?["llm"]?.position == YAMLPosition(line: 4, column: 8))
    }

    @Test("An alias stands for what its anchor names")
    func alias() throws {
        let root = try YAMLNode.parse(text: "a: &x {b: 1}\nc: *x\n")
        #expect(root["c"] == root["a"])
    }

    @Test("A merge key takes pairs over, and gives way to the mapping's own")
    func mergeKey() throws {
        let text = "base: &b {one: 1, two: 2}\nit:\n  <<: [*b, {two: 3, three: 3}]\n  one: 9\n"
        let merged = try YAMLNode.parse(text: text)["it"]
        let expected = try YAMLNode.parse(text: "{one: 9, two: 2, three: 3}")
        #expect(merged?["one"]?.summary == "\"9\"")
        #expect(merged?["two"]?.summary == expected["two"]?.summary)
        #expect(merged?["three"]?.summary == "\"3\"")
    }

    @Test(
        "What is no document is refused with its place",
        arguments: [
            (
                "a: 1\nb:\n  - c: 1\n    c: 2\n",
                "x.yaml:4:5: b[0].c: duplicate key, first in line 3"
            ),
            ("a: 1\n---\nb: 2\n", "x.yaml:2:1: found a second document, expected one"),
            ("? [a]\n: b\n", "x.yaml:1:3: found a list or mapping as a key, expected text"),
            ("? {a: b}\n: b\n", "x.yaml:1:3: found a list or mapping as a key, expected text"),
            ("a: !secret x\n", "x.yaml:1:4: tag \"!secret\" is not supported"),
            ("a: !!set {x}\n", "x.yaml:1:4: tag \"tag:yaml.org,2002:set\" is not supported"),
            ("a: *b\n", "x.yaml:1:4: alias \"*b\" names nothing before it"),
            ("a: &b [*b]\n", "x.yaml:1:8: alias \"*b\" stands inside what it names"),
            ("<<: 3\n", "x.yaml:1:5: \"<<\" takes a mapping or a list of mappings"),
            ("\"\": 3\n", "x.yaml:1:1: found an empty key, expected text"),
            (
                "a: [1, 2\n",
                "x.yaml:2:1: expected \",\" or \"]\" in the list; it begins in line 1"
            ),
            ("a:\n\tb: 1\n", "x.yaml:2:1: found a tab, expected spaces"),
        ]
    )
    func refusals(text: String, expected: String) {
        #expect(problem(text)?.description == expected)
    }

    @Test("Bytes that are no UTF-8 are refused with line and column")
    func notUTF8() {
        let bytes = Array("a: 1\nb: ä".utf8) + [0xFF]
        let problem = #expect(throws: YAMLProblem.self) { try YAMLNode.parse(bytes) }
        #expect(problem?.position == YAMLPosition(line: 2, column: 5))
    }

    @Test("A byte order mark is no part of the first key")
    func byteOrderMark() throws {
        let root = try YAMLNode.parse([0xEF, 0xBB, 0xBF] + Array("a: 1".utf8))
        #expect(root["a"] != nil)
    }

    @Test("A text of null bytes is refused")
    func nullBytes() {
        #expect(throws: YAMLProblem.self) { try YAMLNode.parse([0, 0, 0, 0]) }
    }

    @Test("Size, depth and number of values are bounded")
    func limits() {
        let small = YAMLLimits(byteCount: 40, depth: 3, nodeCount: 10)
        #expect(
            problem(String(repeating: "a", count: 41), limits: small)?.message
                == "41 bytes, expected at most 40"
        )
        #expect(problem("[[[[a]]]]", limits: small)?.message == "nested deeper than 3 levels")
        #expect(
            problem("[a,a,a,a,a,a,a,a,a,a]", limits: small)?.message.hasPrefix(
                "more than 10 values"
            ) == true
        )
    }

    @Test("An alias can't nest deeper than the limit either")
    func aliasDepth() {
        let limits = YAMLLimits(byteCount: 1000, depth: 4, nodeCount: 1000)
        let problem = problem("- &a [[x]]\n- [[*a]]\n", limits: limits)
        #expect(problem?.message == "nested deeper than 4 levels")
    }

    @Test("Aliases that multiply are counted each time they are named")
    func billionLaughs() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let names = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(names)]\n"
        }
        #expect(problem(text)?.message.hasPrefix("more than 100000 values") == true)
    }

    @Test(
        "Deep nesting of any kind ends at the limit",
        arguments: ["[", "{a: ", "- ", "? ", "{? "]
    )
    func deepNesting(opening: String) {
        #expect(throws: YAMLProblem.self) {
            try YAMLNode.parse(text: String(repeating: opening, count: 50_000))
        }
    }
}
