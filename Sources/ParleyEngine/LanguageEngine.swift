public import ParleyJSON

/// Answers a conversation with text and tool calls.
public protocol LanguageEngine: Engine {
    /// Runs the model once.
    ///
    /// Returns when the answer is whole. Cancelling the task ends the work within 50 ms. While `report` waits,
    /// the engine waits: that is the backpressure.
    ///
    /// - Throws: ``EngineError``; what was reported by then stands.
    func generate(
        _ request: LanguageRequest,
        report: (LanguageEvent) async -> Void
    ) async throws(EngineError) -> LanguageResult
}

/// One call of a language model.
public struct LanguageRequest: Sendable, Equatable {
    /// The model's name as the session has it; nil for the pipeline's own.
    public var model: String?
    public var instructions: String
    public var messages: [LanguageMessage]
    public var tools: [LanguageTool]
    public var toolChoice: LanguageToolChoice
    /// Nil means as many as the model likes.
    public var maximumOutputTokens: Int?
    public var temperature: Double?
    public var allowsParallelToolCalls: Bool?
    public var reasoningEffort: String?
    /// The conversation's id: engines that keep a prefix cache key it by this.
    public var conversation: String

    /// Makes a request.
    public init(
        instructions: String = "",
        messages: [LanguageMessage],
        tools: [LanguageTool] = [],
        toolChoice: LanguageToolChoice = .auto,
        conversation: String = ""
    ) {
        self.instructions = instructions
        self.messages = messages
        self.tools = tools
        self.toolChoice = toolChoice
        self.conversation = conversation
    }
}

/// One turn of a conversation as a model reads it.
public enum LanguageMessage: Sendable, Equatable {
    case system(String)
    case user(String)
    case assistant(String)
    case toolCall(id: String, name: String, arguments: String)
    case toolResult(id: String, output: String)
}

/// A function that the model may call.
public struct LanguageTool: Sendable, Equatable {
    public var name: String
    public var description: String?
    /// JSON Schema of the arguments; nil when the client gave none.
    public var parameters: JSON?

    /// Makes a tool.
    public init(name: String, description: String? = nil, parameters: JSON? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// Whether the model must call a tool.
public enum LanguageToolChoice: Sendable, Equatable {
    case auto, none, required
    case function(String)
}

/// What a model says while it works.
public enum LanguageEvent: Sendable, Equatable {
    /// More text of the spoken or written answer.
    case text(String)
    /// The model begins to call a tool. Calls come one after the other, never interleaved.
    case toolCallStarted(id: String, name: String)
    /// More of the arguments of the call that began last; together they are one JSON object.
    case toolCallArguments(String)
}

/// How a generation ended and what it cost.
public struct LanguageResult: Sendable, Equatable {
    /// Why the model stopped.
    public enum Finish: Sendable, Equatable {
        case stop
        case maximumOutputTokens
        case contentFilter
    }

    public var finish: Finish
    /// As the model counts them; nil where it doesn't.
    public var inputTokens: Int?
    public var cachedInputTokens: Int?
    public var outputTokens: Int?

    /// Makes a result.
    public init(
        finish: Finish = .stop,
        inputTokens: Int? = nil,
        cachedInputTokens: Int? = nil,
        outputTokens: Int? = nil
    ) {
        self.finish = finish
        self.inputTokens = inputTokens
        self.cachedInputTokens = cachedInputTokens
        self.outputTokens = outputTokens
    }
}
