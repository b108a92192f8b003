import ParleyNames
import Testing

@Suite("Name tables")
struct NameTableTests {
    private static func alias(_ pattern: String, _ target: String) -> NameTable.Alias {
        NamePattern(pattern).map { NameTable.Alias($0, for: target) }
            ?? NameTable.Alias(NamePattern("*") ?? Self.any, for: target)
    }

    private static let any = alias("*", "never").pattern

    private let table = NameTable(
        ["parley", "kitchen"],
        aliases: [alias("gpt-*-mini", "kitchen"), alias("gpt-*", "parley"), alias("kitchen", "x")]
    )

    @Test(
        "What is real comes first, then the first alias that fits",
        arguments: [
            ("parley", "parley"), ("kitchen", "kitchen"), ("gpt-4o-mini", "kitchen"),
            ("gpt-realtime", "parley"), ("other", nil),
        ] as [(String, String?)]
    )
    func order(name: String, target: String?) {
        #expect(table.resolve(name) == target)
    }

    @Test("A stranger is refused, trusted, or the default stands in for it")
    func strangers() {
        var table = table
        #expect(table.resolve("x") == nil)
        table.strangers = .trusted
        #expect(table.resolve("x") == "x")
        table.strangers = .standIn
        #expect(table.resolve("x") == "parley")
        #expect(NameTable.unknown.resolve("x") == "x")
    }

    @Test("An alias without a target stands for nothing, whatever follows it")
    func noTarget() throws {
        let all = try #require(NamePattern("gpt-*"))
        let one = try #require(NamePattern("gpt-whisper*"))
        let table = NameTable(
            ["parley"],
            aliases: [.init(one, for: nil), .init(all, for: "parley")],
            strangers: .standIn
        )
        #expect(table.resolve("gpt-whisper-1") == nil)
        #expect(table.resolve("gpt-4o") == "parley")
        #expect(table.otherNames.isEmpty)
    }

    @Test("Advice names what is near first, then what is real")
    func advice() {
        let near = table.advice(for: "kitchn")
        #expect(near == "; did you mean \"kitchen\"? Expected one of: kitchen, parley.")
        #expect(table.advice(for: "zebra") == ", expected one of: parley, kitchen.")
    }

    @Test("Advice knows aliases by the part before their star")
    func adviceOnAliases() {
        let table = NameTable(["parley"], aliases: [Self.alias("gpt-realtime*", "parley")])
        let advice = table.advice(for: "gpt-reltime")
        #expect(advice == "; did you mean \"gpt-realtime\"? Expected one of: parley.")
    }

    @Test("Of many names only some are told")
    func many() {
        let advice = NameTable((1...100).map { "pipeline-\($0)" }).advice(for: "zebra")
        #expect(advice.hasSuffix("pipeline-24 and 76 more."))
    }
}
