/// Parameters that not every service knows; one that is complained about is left out ever after.
struct ChatParameters: OptionSet, Sendable {
    let rawValue: Int

    static let streamOptions = ChatParameters(rawValue: 1)
    static let maxTokens = ChatParameters(rawValue: 2)
    static let maxCompletionTokens = ChatParameters(rawValue: 4)
    static let parallelToolCalls = ChatParameters(rawValue: 8)
    static let reasoningEffort = ChatParameters(rawValue: 16)
    static let temperature = ChatParameters(rawValue: 32)
    static let templateArguments = ChatParameters(rawValue: 64)

    /// Names on the wire, longer ones before those they contain.
    private static let names: [(String, ChatParameters)] = [
        ("stream_options", .streamOptions), ("max_completion_tokens", .maxCompletionTokens),
        ("max_tokens", .maxTokens), ("parallel_tool_calls", .parallelToolCalls),
        ("reasoning_effort", .reasoningEffort), ("temperature", .temperature),
        ("chat_template_kwargs", .templateArguments),
    ]

    static let optionalNames = names.map(\.0)

    /// The parameter of that name.
    init?(name: String) {
        guard let known = Self.names.first(where: { $0.0 == name }) else { return nil }
        self = known.1
    }

    init(rawValue: Int) {
        self.rawValue = rawValue
    }
}
