import ParleyEngine
import Testing

@testable import ParleyScriptedEngine

@Suite("A script as an interpreter", .timeLimit(.minutes(1)))
struct ScriptTranslationTests {
    private func translate(
        _ text: String,
        into language: String,
        by rules: String
    ) async throws
        -> String
    {
        var request = LanguageRequest(messages: [.user(text)])
        request.task = .translate(into: language)
        return try await ScriptedEngine(script: script(rules)).answer(request)
    }

    private static let rules = """
        rules:
          - {match: good morning, reply: Morning yourself.}
          - {match: good morning, into: fr, reply: Bonjour.}
          - {match: good morning, into: es, reply: Buenos días.}
          - {match: my name is +, into: es, reply: "Me llamo {{1}}."}
        """

    @Test(
        "Only rules into the language translate",
        arguments: [("es", "Buenos días."), ("fr", "Bonjour.")]
    )
    func language(tag: String, text: String) async throws {
        #expect(try await translate("Good morning.", into: tag, by: Self.rules) == text)
    }

    @Test("A rule into a language serves its regions, whatever the case")
    func region() async throws {
        #expect(
            try await translate("Good morning", into: "ES-mx", by: Self.rules) == "Buenos días."
        )
        #expect(try await translate("Good morning", into: "est", by: Self.rules) == "Good morning")
    }

    @Test("What no rule translates is repeated, not answered")
    func repeated() async throws {
        #expect(try await translate("good morning", into: "de", by: Self.rules) == "good morning")
        #expect(try await translate("Who are you?", into: "es", by: Self.rules) == "Who are you?")
    }

    @Test("Captures are not turned around: the interpreter speaks for the speaker")
    func captures() async throws {
        let text = try await translate("my name is my own", into: "es", by: Self.rules)
        #expect(text == "Me llamo my own.")
    }

    @Test("Rules that translate answer nothing")
    func answers() async throws {
        let rules = "rules: [{match: hello, into: es, reply: Hola.}]"
        let engine = ScriptedEngine(script: try script(rules))
        #expect(try await engine.answer("hello") == "Go on.")
    }

    @Test("A rule that translates calls nothing")
    func noCalls() {
        let rules = "rules: [{match: a, into: es, reply: b, call: {tool: t}}]"
        #expect(throws: (any Error).self) { try script(rules) }
    }
}
