internal import ParleyEngine
internal import ParleyRealtime
internal import ParleySession

extension LanguageRequest {
    /// Asks for a summary: the turns are quoted in one message, so that the model doesn't answer
    /// them.
    init(summarizing request: Session.SummaryRequest) {
        let previous = request.previous.map { ["Before that: \($0)"] } ?? []
        self.init(
            instructions: Self.summaryInstructions(words: request.maximumTokenCount / 2),
            messages: [.user((previous + request.turns.map(\.quoted)).joined(separator: "\n"))]
        )
        maximumOutputTokens = request.maximumTokenCount
    }

    /// What to do, with a number of words: models keep that better than one of tokens.
    private static func summaryInstructions(words: Int) -> String {
        """
        You are given the beginning of a conversation between a user and an assistant. Write down \
        what the assistant must still know later: names, numbers, facts, wishes, promises, and \
        what is open. Write plain sentences in the language of the conversation, at most \(words) \
        words, and nothing else.
        """
    }
}

extension Session.ContextEntry {
    fileprivate var quoted: String {
        switch self {
        case .system(let text): "Application: \(text)"
        case .user(let text): "User: \(text)"
        case .userParts(let parts): "User: \(parts.map(\.quoted).joined(separator: " "))"
        case .assistant(let text): "Assistant: \(text)"
        case .functionCall(let call): "Assistant calls \(call.name) with \(call.arguments)"
        case .functionCallOutput(_, let output): "Result: \(output)"
        }
    }
}

extension Session.UserPart {
    fileprivate var quoted: String {
        switch self {
        case .text(let text): text
        case .image: "(an image)"
        }
    }
}
