public import ParleyAudio
public import ParleyJSON

/// A response as `response.created` and `response.done` show it.
public struct Response: Sendable, Hashable {
    /// Names the response.
    public var id: ResponseID
    /// How far it has come, and why it ended.
    public var status: ResponseStatus
    /// The items made so far, in order.
    public var output: [Item]
    /// Nil for a response outside the conversation.
    public var conversationID: ConversationID?
    /// What the answer is made of.
    public var outputModality: OutputModality
    /// How long the answer may get.
    public var maximumOutputTokens: OutputTokenLimit
    /// How its audio is written.
    public var outputFormat: AudioFormat
    /// Who speaks it.
    public var voice: Voice
    /// How freely the model chooses its words; nil where nobody said, and in GA never shown.
    public var temperature: Double?
    /// Nil until the response is done.
    public var usage: Usage?
    /// Echoed from the request, in its order.
    public var metadata: JSONObject?

    /// Makes a response that has just begun.
    public init(
        id: ResponseID,
        conversationID: ConversationID?,
        configuration: SessionConfiguration,
        metadata: JSONObject? = nil
    ) {
        self.id = id
        self.status = .inProgress
        self.output = []
        self.conversationID = conversationID
        self.outputModality = configuration.outputModality
        self.maximumOutputTokens = configuration.maximumOutputTokens
        self.outputFormat = configuration.output.format
        self.voice = configuration.output.voice
        self.temperature = configuration.temperature
        self.metadata = metadata
    }
}

/// `status` and `status_details` of a response: each case carries the details that go with it.
public enum ResponseStatus: Sendable, Hashable {
    case inProgress
    case completed
    case cancelled(CancellationReason)
    case incomplete(IncompleteReason)
    case failed(ResponseFailure)
}

/// Why a response was cancelled.
public enum CancellationReason: String, Sendable, CaseIterable {
    case turnDetected = "turn_detected"
    case clientCancelled = "client_cancelled"
}

/// Why a response ended early.
public enum IncompleteReason: String, Sendable, CaseIterable {
    case maximumOutputTokens = "max_output_tokens"
    case contentFilter = "content_filter"
}

/// `status_details.error` of a failed response.
public struct ResponseFailure: Sendable, Hashable {
    /// `type` of the error; `server_error` where it is ours.
    public var type: String
    /// `code` of the error.
    public var code: String
    /// One sentence for the client, without provider text.
    public var message: String

    /// Makes a failure.
    public init(type: String = "server_error", code: String, message: String) {
        self.type = type
        self.code = code
        self.message = message
    }
}

/// Tokens of one response.
///
/// Totals are derived, so that they always agree.
public struct Usage: Sendable, Hashable {
    /// Tokens of text in the context.
    public var inputText = 0
    /// Tokens of audio in the context.
    public var inputAudio = 0
    /// Tokens of images in the context.
    public var inputImage = 0
    /// Part of the input that the model had kept.
    public var cachedText = 0
    /// Audio of the input that the model had kept.
    public var cachedAudio = 0
    /// Images of the input that the model had kept.
    public var cachedImage = 0
    /// Tokens of text in the answer.
    public var outputText = 0
    /// Tokens of audio in the answer.
    public var outputAudio = 0

    /// Tokens of the context.
    public var input: Int { inputText + inputAudio + inputImage }
    /// Tokens of the context that the model had kept.
    public var cached: Int { cachedText + cachedAudio + cachedImage }
    /// Tokens of the answer.
    public var output: Int { outputText + outputAudio }
    /// All tokens.
    public var total: Int { input + output }

    /// Makes a usage of nothing.
    public init() {}
}

/// `usage` of a finished transcription.
public enum TranscriptionUsage: Sendable, Hashable {
    case duration(Duration)
}

/// What a `response.create` says about this response only; absent members come from the session.
public struct ResponseOptions: Sendable, Hashable {
    /// What the answer is made of.
    public var outputModality: OutputModality?
    /// Instead of the session's, not in addition.
    public var instructions: String?
    /// How its audio is written.
    public var outputFormat: AudioFormat?
    /// Who speaks it.
    public var voice: Voice?
    /// Instead of the session's.
    public var tools: [Tool]?
    /// Whether and what the model must call.
    public var toolChoice: ToolChoice?
    /// The model may call several tools at once.
    public var allowsParallelToolCalls: Bool?
    /// How much a reasoning model may think.
    public var reasoningEffort: ReasoningEffort?
    /// How long the answer may get.
    public var maximumOutputTokens: OutputTokenLimit?
    /// How freely the model chooses its words, 0 to 2.
    public var temperature: Double?
    /// A stored prompt's reference.
    public var prompt: JSONObject?
    /// Comes back in the response, at most 16 pairs.
    public var metadata: JSONObject?
    /// Whether the response belongs to the conversation.
    public var conversation = ConversationChoice.auto
    /// Used instead of the conversation; nil means the conversation.
    public var input: [ResponseInput]?

    /// Makes options that leave everything to the session.
    public init() {}
}

/// `conversation` of a response: which one it belongs to.
public enum ConversationChoice: Sendable, Hashable {
    /// The session's; so it is, too, where nobody says.
    case auto
    /// None at all: it is beside the conversation.
    case none
    /// The one of that id.
    case named(ConversationID)
}

/// One entry of a response's own input.
public enum ResponseInput: Sendable, Hashable {
    case item(NewItem)
    case reference(ItemID)
}
