import ParleyJSON
import ParleyRealtime
import Testing

@testable import ParleySession

/// Who has written a session's instructions, also where a client secret has brought them.
@Suite("Instructions and their origin")
struct InstructionsTests {
    private static let prompts = PromptCatalog([
        StoredPrompt(id: "greet", template: PromptTemplate("Greet.")),
        StoredPrompt(id: "part", template: PromptTemplate("Say goodbye.")),
    ])

    /// The instructions after updates of a session that was born of a secret.
    private func instructions(
        _ minted: (instructions: Change<String>, prompt: String?),
        then updates: (Change<String>, prompt: Change<String>)...
    ) throws -> [String] {
        var defaults = SessionConfiguration(model: "parley", voice: .named("slt"))
        defaults.instructions.standard = "Help."
        var wish = SessionUpdate()
        wish.instructions = minted.instructions
        if let id = minted.prompt { wish.prompt = .set(["id": .string(id)]) }
        let born = try Session.Birth.configuration(
            defaults,
            taking: wish,
            names: SessionNames(),
            toolServers: ToolServerRules(),
            prompts: Self.prompts,
            limits: Limits()
        )
        var session = TestSession(prompts: Self.prompts) { $0 = born }
        return updates.compactMap { update in
            session.update {
                $0.instructions = update.0
                switch update.prompt {
                case .keep: break
                case .reset: $0.prompt = .reset
                case .set(let id): $0.prompt = .set(["id": .string(id)])
                }
            }?.instructions.text
        }
    }

    @Test("A prompt of the secret gives way to another, and to the server's own words")
    func promptOfSecret() throws {
        let found = try instructions(
            (.keep, "greet"),
            then: (.keep, .keep),
            (.keep, .set("part")),
            (.keep, .reset)
        )
        #expect(found == ["Greet.", "Say goodbye.", "Help."])
    }

    @Test("Instructions of the secret stay, whatever becomes of the prompt")
    func instructionsOfSecret() throws {
        let found = try instructions(
            (.set("Sing."), "greet"),
            then: (.keep, .set("part")),
            (.keep, .reset),
            (.set("Dance."), .keep),
            (.reset, .keep)
        )
        #expect(found == ["Sing.", "Sing.", "Dance.", "Sing."])
    }

    @Test("Instructions of the secret without a prompt stay when one is named")
    func noPromptInSecret() throws {
        #expect(try instructions((.set("Sing."), nil), then: (.keep, .set("part"))) == ["Sing."])
    }

    @Test("What a client writes is its own, though it is what stands there already")
    func sameWords() throws {
        let found = try instructions(
            (.keep, nil),
            then: (.set("Help."), .keep),
            (.keep, .set("greet")),
            (.reset, .keep)
        )
        #expect(found == ["Help.", "Help.", "Greet."])
    }
}
