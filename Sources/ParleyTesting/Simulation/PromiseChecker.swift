internal import ParleyRealtime
package import ParleySession

/// Watches a session from outside and says which promise it broke.
///
/// The promises: `session.created` comes first; one response of the conversation is in progress at
/// most; one `response.done` for each `response.created`, and nothing of it afterwards; every
/// `added` has its `done`; deltas add up; speech starts and stops alternate; audio positions only
/// grow; no sample is heard twice or lost; ids are unique; an item's predecessor is real; every
/// effect ends or is cancelled; a session sent back as it was shown is taken; what was spoken is
/// what usage counts, and stays below the client's limit; what was prepared in vain is never seen;
/// lists and calls of MCP tools end once, only what was approved runs, and servers that nothing
/// needs are let go; one summary is written at a time; what is said to be translated is, in order;
/// instructions are the client's, the prompt's or the server's; who sees is shown what was shown;
/// silence after close.
package struct PromiseChecker: Sendable {
    private var broken: [String] = []
    private var events: Set<EventID> = []
    private var isClosed = false
    private var hasBegun = false
    var responses = ResponsePromises()
    var conversation = ConversationPromises()
    var input = InputPromises()
    var effects = EffectPromises()
    var tools = ToolPromises()
    var translation = TranslationPromises()
    var instructions = InstructionPromises()
    var images = ImagePromises()

    /// Makes a checker of a session that has not started.
    package init() {}

    /// Notes what happens to the session, before it is handled.
    package mutating func take(_ input: Session.Input) {
        broken += effects.take(input)
        translation.take(input)
        instructions.take(input)
        images.take(input)
        if case .disconnected = input { isClosed = true }
    }

    /// Notes what the session wants; promises it breaks are kept for ``takeBroken()``.
    package mutating func take(_ output: Session.Output) {
        switch output {
        case .send(let event):
            require(!isClosed, "silence after close: \(event.body.type)")
            require(events.insert(event.id).inserted, "event ids are unique: \(event.id)")
            checkFirst(event.body)
            checkEcho(event.body)
            broken += responses.take(event.body)
            broken += conversation.take(event.body)
            broken += input.take(event.body)
            broken += effects.take(event.body)
            broken += tools.take(event.body)
            broken += translation.take(event.body)
            broken += instructions.take(event.body)
        case .perform(let effect):
            // What was begun is cancelled even when the peer is gone.
            broken += effects.take(effect)
            broken += input.take(effect)
            broken += translation.take(effect)
            broken += images.take(effect)
            guard case .closeConnection = effect else { return }
            require(!isClosed, "one close")
            isClosed = true
            broken += effects.endOfSession()
        }
    }

    /// The promises broken since the last time.
    package mutating func takeBroken() -> [String] {
        let taken = broken
        broken = []
        return taken
    }

    /// After the session ended without a close: everything was cancelled.
    package mutating func endOfSession() {
        broken += effects.endOfSession()
    }

    /// Notes a promise whose breach was seen elsewhere.
    mutating func note(broken promise: String) {
        broken.append(promise)
    }

    private mutating func checkFirst(_ event: ServerEvent.Body) {
        guard !hasBegun else { return }
        hasBegun = true
        if case .sessionCreated = event { return }
        require(false, "session.created comes first")
    }

    private mutating func checkEcho(_ event: ServerEvent.Body) {
        guard case .error(let error, let id?) = event else { return }
        let isEcho = id.rawValue.hasPrefix(SimulatedClient.echoPrefix)
        require(!isEcho, "a session that is sent back is taken: \(error.message)")
    }

    private mutating func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
        if !holds { broken.append(promise()) }
    }
}
