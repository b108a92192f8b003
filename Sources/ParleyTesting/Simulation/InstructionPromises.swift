internal import ParleyRealtime
internal import ParleySession

/// What a session promises about its instructions: the client's own are in force, else what its
/// stored prompt came to, else the server's; whatever is taken back uncovers the next.
struct InstructionPromises: Sendable {
    /// What clients may name.
    var prompts = PromptCatalog()
    private var expected: Instructions?
    /// What the client asks for now.
    private var wish: SessionUpdate?

    mutating func take(_ input: Session.Input) {
        wish = nil
        guard case .client(let event) = input, case .sessionUpdate(let update) = event.body else {
            return
        }
        wish = update
    }

    mutating func take(_ event: ServerEvent.Body) -> [String] {
        switch event {
        case .sessionCreated(let session) where session.configuration.kind == .realtime:
            expected = session.configuration.instructions
        case .sessionUpdated(let session):
            guard var expected, let wish else { return [] }
            apply(wish, to: &expected)
            self.expected = expected
            let isKept = session.configuration.instructions.text == expected.text
            return isKept ? [] : ["instructions are the client's, the prompt's or the server's"]
        default: break
        }
        return []
    }

    private func apply(_ update: SessionUpdate, to expected: inout Instructions) {
        switch update.instructions {
        case .keep: break
        case .reset: expected.written = nil
        case .set(let text): expected.written = text
        }
        switch update.prompt {
        case .keep: break
        case .reset: expected.stored = nil
        case .set(let prompt):
            expected.stored = try? prompts.instructions(for: prompt, param: "").get()
        }
    }
}
