import ParleyRealtime
import Testing

@testable import ParleySession

/// When turns are summarised, and what becomes of it.
@Suite("Compaction")
struct CompactionTests {
    @Test("Without rules nothing is ever summarised")
    func needsRules() {
        var compaction = Compaction(nil)
        #expect(compaction.begin(Self.talk(turns: 40), until: Instant()) == nil)
    }

    @Test("A conversation that is short enough is left alone")
    func leavesShortTalksAlone() {
        var compaction = Compaction(Self.rules)
        #expect(compaction.begin(Self.talk(turns: 2), until: Instant()) == nil)
    }

    @Test("The oldest turns go, the newest stay within what is kept")
    func takesOldestTurns() {
        var compaction = Compaction(Self.rules)
        let request = compaction.begin(Self.talk(turns: 6), until: Instant())
        #expect(request?.turns.first == .user("Question 0."))
        #expect(request?.turns.contains(.user("Question 5.")) == false)
    }

    @Test("What the application wrote is never summarised")
    func keepsSystemMessages() {
        var compaction = Compaction(Self.rules)
        let request = compaction.begin(Self.talk(turns: 6, rules: "Be kind."), until: Instant())
        #expect(request?.turns.contains(.system("Be kind.")) == false)
    }

    @Test("One summary is written at a time")
    func writesOneAtATime() {
        var compaction = Compaction(Self.rules)
        _ = compaction.begin(Self.talk(turns: 6), until: Instant())
        #expect(compaction.begin(Self.talk(turns: 12), until: Instant()) == nil)
    }

    @Test("While the text of a turn is awaited nothing is summarised")
    func waitsForText() {
        var compaction = Compaction(Self.rules)
        var entries = Self.entries(turns: 6)
        entries[2].detail = .userSpeech(.awaited)
        #expect(compaction.begin(ModelContext(entries), until: Instant()) == nil)
    }

    @Test("After a failure it is tried again when the conversation has grown")
    func triesAgainLater() {
        var compaction = Compaction(Self.rules)
        _ = compaction.begin(Self.talk(turns: 6), until: Instant())
        #expect(compaction.finish(nil, Self.talk(turns: 6)) == nil)
        #expect(compaction.begin(Self.talk(turns: 6), until: Instant()) == nil)
        #expect(compaction.begin(Self.talk(turns: 12), until: Instant()) != nil)
    }

    @Test("A number of items may be the limit, too")
    func countsItems() {
        let rules = Session.CompactionRules(limit: .init(itemCount: 6), kept: .init(itemCount: 2))
        var compaction = Compaction(rules)
        #expect(compaction.begin(Self.talk(turns: 3), until: Instant()) == nil)
        #expect(compaction.begin(Self.talk(turns: 4), until: Instant())?.turns.count == 6)
    }

    @Test("A text that is far too long is no summary")
    func refusesEndlessSummary() {
        var compaction = Compaction(Self.rules)
        _ = compaction.begin(Self.talk(turns: 6), until: Instant())
        let text = String(repeating: "a", count: 20_000)
        #expect(compaction.finish(text, Self.talk(turns: 6)) == nil)
    }

    @Test("An empty summary is none")
    func refusesEmptySummary() {
        var compaction = Compaction(Self.rules)
        _ = compaction.begin(Self.talk(turns: 6), until: Instant())
        #expect(compaction.finish("", Self.talk(turns: 6)) == nil)
    }

    private static let rules = Session.CompactionRules(
        limit: .init(tokenCount: 20),
        kept: .init(tokenCount: 10)
    )

    private static func talk(turns: Int, rules: String? = nil) -> ModelContext {
        let first = rules.map { [entry(.system, "rules", .inputText($0))] } ?? []
        return ModelContext(first + entries(turns: turns))
    }

    private static func entries(turns: Int) -> [Conversation.Entry] {
        (0..<turns).flatMap { turn in
            [
                entry(.user, "u\(turn)", .inputText("Question \(turn).")),
                entry(.assistant, "a\(turn)", .outputText("Answer \(turn).")),
            ]
        }
    }

    private static func entry(_ role: Role, _ id: String, _ part: ContentPart) -> Conversation.Entry
    {
        let message = Message(role: role, parts: [part])
        return Conversation.Entry(Item(id: ItemID(rawValue: id), content: .message(message)))
    }
}
