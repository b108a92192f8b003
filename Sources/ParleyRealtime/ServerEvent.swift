public import ParleyJSON

/// What the server sends.
public struct ServerEvent: Sendable, Hashable {
    /// `event_id`, made by the server, unique in the connection.
    public var id: EventID
    public var body: Body

    /// Makes an event.
    public init(id: EventID, _ body: Body) {
        self.id = id
        self.body = body
    }
}

extension ServerEvent {
    /// The event by its `type`; the cases are the wire's names.
    public enum Body: Sendable, Hashable {
        case sessionCreated(SessionObject)
        case sessionUpdated(SessionObject)
        case error(ProtocolError, clientEventID: EventID?)

        case inputAudioBufferSpeechStarted(audioStart: Duration, itemID: ItemID)
        case inputAudioBufferSpeechStopped(audioEnd: Duration, itemID: ItemID)
        case inputAudioBufferCommitted(itemID: ItemID, previousItemID: ItemID?)
        case inputAudioBufferCleared
        case inputAudioBufferTimeoutTriggered(
            audioStart: Duration,
            audioEnd: Duration,
            itemID: ItemID
        )
        case inputAudioBufferDTMFEventReceived(event: String, receivedAt: Int)

        case conversationCreated(id: ConversationID)
        case conversationItemAdded(item: Item, previousItemID: ItemID?)
        case conversationItemDone(item: Item, previousItemID: ItemID?)
        case conversationItemRetrieved(item: Item)
        case conversationItemDeleted(itemID: ItemID)
        case conversationItemTruncated(itemID: ItemID, contentIndex: Int, audioEnd: Duration)
        case conversationItemInputAudioTranscriptionDelta(
            itemID: ItemID,
            contentIndex: Int,
            delta: String,
            logprobs: JSON?
        )
        case conversationItemInputAudioTranscriptionCompleted(
            itemID: ItemID,
            contentIndex: Int,
            transcript: String,
            usage: TranscriptionUsage,
            logprobs: JSON?
        )
        case conversationItemInputAudioTranscriptionSegment(itemID: ItemID, TranscriptionSegment)
        case conversationItemInputAudioTranscriptionFailed(
            itemID: ItemID,
            contentIndex: Int,
            error: ProtocolError
        )

        case responseCreated(Response)
        case responseDone(Response)
        case responseOutputItemAdded(responseID: ResponseID, outputIndex: Int, item: Item)
        case responseOutputItemDone(responseID: ResponseID, outputIndex: Int, item: Item)
        case responseContentPartAdded(PartLocation, OutputPart)
        case responseContentPartDone(PartLocation, OutputPart)
        case responseOutputTextDelta(PartLocation, delta: String)
        case responseOutputTextDone(PartLocation, text: String)
        case responseOutputAudioTranscriptDelta(PartLocation, delta: String)
        case responseOutputAudioTranscriptDone(PartLocation, transcript: String)
        /// The bytes are in the response's output format; they are written as base64.
        case responseOutputAudioDelta(PartLocation, audio: [UInt8])
        case responseOutputAudioDone(PartLocation)
        case responseFunctionCallArgumentsDelta(CallLocation, delta: String)
        case responseFunctionCallArgumentsDone(CallLocation, name: String, arguments: String)

        case mcpListToolsInProgress(itemID: ItemID)
        case mcpListToolsCompleted(itemID: ItemID)
        case mcpListToolsFailed(itemID: ItemID)
        case responseMCPCallArgumentsDelta(
            responseID: ResponseID,
            itemID: ItemID,
            outputIndex: Int,
            delta: String
        )
        case responseMCPCallArgumentsDone(
            responseID: ResponseID,
            itemID: ItemID,
            outputIndex: Int,
            arguments: String
        )
        case responseMCPCallInProgress(itemID: ItemID, outputIndex: Int)
        case responseMCPCallCompleted(itemID: ItemID, outputIndex: Int)
        case responseMCPCallFailed(itemID: ItemID, outputIndex: Int)

        case outputAudioBufferStarted(responseID: ResponseID)
        case outputAudioBufferStopped(responseID: ResponseID)
        case outputAudioBufferCleared(responseID: ResponseID)
        case rateLimitsUpdated([RateLimit])
    }
}

/// Which content part of which response an event is about.
public struct PartLocation: Sendable, Hashable {
    public var responseID: ResponseID
    public var itemID: ItemID
    public var outputIndex: Int
    public var contentIndex: Int

    /// Makes a location.
    public init(responseID: ResponseID, itemID: ItemID, outputIndex: Int, contentIndex: Int) {
        self.responseID = responseID
        self.itemID = itemID
        self.outputIndex = outputIndex
        self.contentIndex = contentIndex
    }
}

/// Which function call of which response an event is about.
public struct CallLocation: Sendable, Hashable {
    public var responseID: ResponseID
    public var itemID: ItemID
    public var outputIndex: Int
    public var callID: FunctionCallID

    /// Makes a location.
    public init(
        responseID: ResponseID,
        itemID: ItemID,
        outputIndex: Int,
        callID: FunctionCallID
    ) {
        self.responseID = responseID
        self.itemID = itemID
        self.outputIndex = outputIndex
        self.callID = callID
    }
}

/// `part` of the content part events, whose types are `text` and `audio` in both dialects.
public enum OutputPart: Sendable, Hashable {
    case text(String)
    case audio(transcript: String)
}

/// One speaker's stretch of a transcription.
public struct TranscriptionSegment: Sendable, Hashable {
    public var contentIndex: Int
    public var id: String
    public var speaker: String
    public var start: Duration
    public var end: Duration
    public var text: String

    /// Makes a segment.
    public init(
        contentIndex: Int,
        id: String,
        speaker: String,
        span: Range<Duration>,
        text: String
    ) {
        self.contentIndex = contentIndex
        self.id = id
        self.speaker = speaker
        self.start = span.lowerBound
        self.end = span.upperBound
        self.text = text
    }
}

/// One entry of `rate_limits.updated`.
public struct RateLimit: Sendable, Hashable {
    public var name: String
    public var limit: Int
    public var remaining: Int
    public var reset: Duration

    /// Makes an entry.
    public init(name: String, limit: Int, remaining: Int, reset: Duration) {
        self.name = name
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}
