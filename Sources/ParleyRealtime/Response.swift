public import ParleyAudio
public import ParleyJSON

/// A response as `response.created` and `response.done` show it.
public struct Response: Sendable, Hashable {
    public var id: ResponseID
    public var status: ResponseStatus
    public var output: [Item]
    /// Nil for a response outside the conversation.
    public var conversationID: ConversationID?
    public var outputModality: OutputModality
    public var maximumOutputTokens: OutputTokenLimit
    public var outputFormat: AudioFormat
    public var voice: Voice
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
    public var type: String
    public var code: String
    public var message: String

    /// Makes a failure.
    public init(type: String = "server_error", code: String, message: String) {
        self.type = type
        self.code = code
        self.message = message
    }
}

/// Tokens of one response. Totals are derived, so that they always agree.
public struct Usage: Sendable, Hashable {
    public var inputText = 0
    public var inputAudio = 0
    public var inputImage = 0
    /// Part of the input that the model had kept.
    public var cachedText = 0
    public var cachedAudio = 0
    public var cachedImage = 0
    public var outputText = 0
    public var outputAudio = 0

    public var input: Int { inputText + inputAudio + inputImage }
    public var cached: Int { cachedText + cachedAudio + cachedImage }
    public var output: Int { outputText + outputAudio }
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
    public var outputModality: OutputModality?
    public var instructions: String?
    public var outputFormat: AudioFormat?
    public var voice: Voice?
    public var tools: [Tool]?
    public var toolChoice: ToolChoice?
    public var allowsParallelToolCalls: Bool?
    public var reasoningEffort: ReasoningEffort?
    public var maximumOutputTokens: OutputTokenLimit?
    public var prompt: JSONObject?
    public var metadata: JSONObject?
    /// `auto`, `none` or a conversation's id; nil means `auto`.
    public var conversation: String?
    /// Used instead of the conversation; nil means the conversation.
    public var input: [ResponseInput]?

    /// Makes options that leave everything to the session.
    public init() {}
}

/// One entry of a response's own input.
public enum ResponseInput: Sendable, Hashable {
    case item(NewItem)
    case reference(ItemID)
}
