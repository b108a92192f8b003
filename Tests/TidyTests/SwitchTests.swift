import Testing

/// A new case asks for a decision wherever it matters: the compiler finds those places, unless a
/// `default:` has swallowed them.
@Suite("Switches")
struct SwitchTests {
    private static let targets: Set<String> = [
        "ParleyRealtime", "ParleySession", "ParleyRuntime",
    ]

    /// Files with switches that need their `default:`, and why.
    private static let exceptions: [String: String] = [
        "Sources/ParleyRuntime/EngineFailure+Error.swift":
            "EngineError.Fault is an open set: a struct with known values, to which others may add",
        "Sources/ParleyRealtime/EventMembers.swift":
            "`write(to:)` names every event and hands families on; a family knows its own",
    ]

    @Test("No `default:` stands beside the cases of an enum")
    func enumsAreListed() {
        let findings = SourceTree.shared.sources
            .filter { Self.targets.contains($0.target) && Self.exceptions[$0.path] == nil }
            .flatMap { file in
                file.defaultsBesideCases.map { Finding(file, $0, "`default:` hides new cases") }
            }
        expectNone(findings)
    }

    @Test("Every exception is needed", arguments: exceptions.keys)
    func exceptionsAreNeeded(path: String) throws {
        let file = try #require(SourceTree.shared.file(path))
        #expect(!file.defaultsBesideCases.isEmpty)
    }

    @Test("Every server event has a sample, which shows the members that it is written with")
    func serverEventsHaveSamples() throws {
        let path = "Sources/ParleyRealtime/ServerEvent.swift"
        let events = try #require(SourceTree.shared.file(path))
        let samples = try #require(
            SourceTree.shared.file("Tests/ParleyRealtimeTests/Samples+Types.swift")
        )
        let names = zip(events.tokens, events.tokens.dropFirst())
            .filter { $0.0.text == "case" }
            .map(\.1.text)
        #expect(names.contains("sessionClosed"))
        #expect(names.filter { samples.memberUses(of: $0).isEmpty } == [])
    }

    @Test(
        "A default beside cases is told from one beside values",
        arguments: [
            ("switch a { case .b: 1 default: 2 }", 1),
            ("switch (a, b) { case (.c, .d(let e)): f { g } default: break }", 1),
            ("switch a { case let .b(c): 1 default: switch d { case 1: 2 default: 3 } }", 1),
            ("switch a { case 0x30...0x39, \"a\"...\"z\": 1 default: 2 }", 0),
            ("switch a { case _ where b.c == .d: 1 default: 2 }", 0),
            ("switch a { case \"x\": .b default: .c }", 0),
            ("switch a { case .b: take(c, default: 1) case .d: 2 }", 0),
            ("switch a { case UInt8(ascii: \"a\"): switch b { case .c: 1 } default: 2 }", 0),
        ]
    )
    func tellsApart(code: String, count: Int) {
        let file = SourceFile(path: "Sources/A/B.swift", text: Array(code.utf8))
        #expect(file.defaultsBesideCases.count == count)
    }
}

extension SourceFile {
    /// Lines of each `default:` in a switch that names cases, such as `.idle`, in its patterns.
    var defaultsBesideCases: [Int] {
        tokens.indices.filter { isDefault($0) && patternsNameCases(before: $0) }
            .map { tokens[$0].line }
    }

    /// As an argument's label it follows a parenthesis, a bracket or a comma.
    private func isDefault(_ index: Int) -> Bool {
        tokens[index].text == "default" && index + 1 < tokens.count
            && tokens[index + 1].text == ":" && index > 0
            && !["(", "[", ","].contains(tokens[index - 1].text)
    }

    /// Walks back through the body of the switch, past blocks within it.
    private func patternsNameCases(before index: Int) -> Bool {
        var depth = 0
        for place in (0..<index).reversed() {
            switch tokens[place].text {
            case "}": depth += 1
            case "{" where depth == 0: return false
            case "{": depth -= 1
            case "case" where depth == 0 && patternNamesCase(after: place): return true
            default: continue
            }
        }
        return false
    }

    /// Whether a dot that follows no name stands in a pattern: before its colon or its condition.
    private func patternNamesCase(after place: Int) -> Bool {
        var depth = 0
        for index in (place + 1)..<tokens.count {
            let text = tokens[index].text
            if text == "(" { depth += 1 }
            if text == ")" { depth -= 1 }
            if depth == 0, text == ":" || text == "where" { return false }
            guard text == ".", tokens[index + 1].kind == .word else { continue }
            let before = tokens[index - 1]
            if before.text == "case" || before.text == "let" { return true }
            if before.kind == .sign, ![")", "]", ".", ">"].contains(before.text) { return true }
        }
        return false
    }
}
