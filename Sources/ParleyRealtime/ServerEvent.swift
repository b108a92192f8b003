public import ParleyJSON

/// What the server sends.
public struct ServerEvent: Sendable, Hashable {
    /// `event_id`, made by the server, unique in the connection.
    public var id: EventID
    /// What happened, by the event's `type`.
    public var body: Body

    /// Makes an event.
    public init(id: EventID, _ body: Body) {
        self.id = id
        self.body = body
    }
}

extension ServerEvent {
    /// The event by its `type`; the cases are the wire's names.
    ///
    /// Large payloads are indirect, so that lists of the frequent small ones stay small.
    public enum Body: Sendable, Hashable {
        indirect case sessionCreated(SessionObject)
        indirect case sessionUpdated(SessionObject)
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
        /// Of phone calls: SIP will bring it, nothing sends it yet.
        case inputAudioBufferDTMFEventReceived(event: String, receivedAt: Int)

        case conversationCreated(id: ConversationID)
        indirect case conversationItemAdded(item: Item, previousItemID: ItemID?)
        indirect case conversationItemDone(item: Item, previousItemID: ItemID?)
        indirect case conversationItemRetrieved(item: Item)
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
        indirect case conversationItemInputAudioTranscriptionSegment(
            itemID: ItemID,
            TranscriptionSegment
        )
        case conversationItemInputAudioTranscriptionFailed(
            itemID: ItemID,
            contentIndex: Int,
            error: ProtocolError
        )

        indirect case responseCreated(Response)
        indirect case responseDone(Response)
        indirect case responseOutputItemAdded(responseID: ResponseID, outputIndex: Int, item: Item)
        indirect case responseOutputItemDone(responseID: ResponseID, outputIndex: Int, item: Item)
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

        /// Of transports that play what they send: WebRTC and SIP will bring this and the two
        /// below, nothing sends them yet.
        case outputAudioBufferStarted(responseID: ResponseID)
        case outputAudioBufferStopped(responseID: ResponseID)
        case outputAudioBufferCleared(responseID: ResponseID)
        case rateLimitsUpdated([RateLimit])

        /// Of translation sessions, as are those below; `elapsed` is how much input there was when
        /// what the event tells of had been said.
        case sessionInputTranscriptDelta(delta: String, elapsed: Duration)
        case sessionOutputTranscriptDelta(delta: String, elapsed: Duration)
        /// PCM at the session's rate; the bytes are written as base64.
        case sessionOutputAudioDelta(audio: [UInt8], elapsed: Duration)
        case sessionClosed
    }
}

/// Which content part of which response an event is about.
public struct PartLocation: Sendable, Hashable {
    /// The response that the event is about.
    public var responseID: ResponseID
    /// The item that is written.
    public var itemID: ItemID
    /// The item's place in the response's output.
    public var outputIndex: Int
    /// The part's place in the item's content.
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
    /// The response that the event is about.
    public var responseID: ResponseID
    /// The item that is written.
    public var itemID: ItemID
    /// The item's place in the response's output.
    public var outputIndex: Int
    /// Ties the call to its output.
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
    /// The part's place in the item's content.
    public var contentIndex: Int
    /// Names the segment.
    public var id: String
    /// Who speaks, as the recogniser tells voices apart.
    public var speaker: String
    /// Where the stretch begins in the item's audio.
    public var start: Duration
    /// Where the stretch ends in the item's audio.
    public var end: Duration
    /// What was said.
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
    /// What is counted: `requests` or `tokens`.
    public var name: String
    /// How many are allowed in the period.
    public var limit: Int
    /// How many are left of them.
    public var remaining: Int
    /// How long until all are allowed again.
    public var reset: Duration

    /// Makes an entry.
    public init(name: String, limit: Int, remaining: Int, reset: Duration) {
        self.name = name
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}
