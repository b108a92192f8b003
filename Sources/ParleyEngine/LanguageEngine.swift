public import ParleyJSON

/// Answers a conversation with text and tool calls.
public protocol LanguageEngine: Engine {
    /// Runs the model once.
    ///
    /// Returns when the answer is whole. Cancelling the task ends the work within 50 ms. While
    /// `report` waits, the engine waits: that is the backpressure.
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
    /// What the model is and how it should answer; empty for none.
    public var instructions: String
    /// The conversation, oldest turn first.
    ///
    /// The result of a tool's call stands right behind the call, and every call has one.
    public var messages: [LanguageMessage]
    /// What the model may call.
    public var tools: [LanguageTool]
    /// Whether and what it must call.
    public var toolChoice: LanguageToolChoice
    /// Nil means as many as the model likes.
    public var maximumOutputTokens: Int?
    /// How freely the model chooses; nil for its own default.
    public var temperature: Double?
    /// Whether one answer may call several tools; nil where the client never said.
    public var allowsParallelToolCalls: Bool?
    /// How much a reasoning model may think; nil for its own default, ``noReasoning`` for not at
    /// all.
    public var reasoningEffort: String?
    /// The ``reasoningEffort`` of a model that is not to think.
    public static let noReasoning = "none"
    /// What the text is for; models read it from the instructions.
    public var task = LanguageTask.answer
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

/// What a language engine is to do with the last turn.
public enum LanguageTask: Sendable, Equatable {
    case answer
    /// Into a language, by its BCP 47 tag.
    case translate(into: String)
}

/// One turn of a conversation as a model reads it.
public enum LanguageMessage: Sendable, Equatable {
    case system(String)
    case user(String)
    /// Texts and images in the order in which the user gave them; only where the model sees.
    case userParts([LanguagePart])
    case assistant(String)
    case toolCall(id: String, name: String, arguments: String)
    case toolResult(id: String, output: String)
}

/// A part of a user's turn.
public enum LanguagePart: Sendable, Equatable {
    case text(String)
    case image(LanguageImage)
}

/// An image that the model sees.
public struct LanguageImage: Sendable, Equatable {
    /// `data:image/png;base64,…`, or JPEG, GIF, WebP.
    public var url: String
    /// How closely to look: `auto`, `low`, `high`; nil for the model's own default.
    public var detail: String?

    /// Makes an image.
    public init(url: String, detail: String? = nil) {
        self.url = url
        self.detail = detail
    }
}

/// A function that the model may call.
public struct LanguageTool: Sendable, Equatable {
    /// How the model calls it.
    public var name: String
    /// When and what for; the model reads it.
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

    /// Why the model stopped.
    public var finish: Finish
    /// As the model counts them; nil where it doesn't.
    public var inputTokens: Int?
    /// Those of the input that came from a prefix cache; nil where the model doesn't tell.
    public var cachedInputTokens: Int?
    /// As the model counts them, calls included; nil where it doesn't.
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
