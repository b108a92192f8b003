/// What a client sends, decoded and checked member by member; whether it makes sense now is judged
/// by the session.
public struct ClientEvent: Sendable, Hashable {
    /// `event_id`; comes back in the error if this event fails.
    public var id: EventID?
    /// What the client wants, by the event's `type`.
    public var body: Body

    /// The event by its `type`.
    ///
    /// Large payloads are indirect, so that the frequent audio stays small.
    public enum Body: Sendable, Hashable {
        indirect case sessionUpdate(SessionUpdate)
        /// Decoded from base64, in the session's input format.
        case inputAudioBufferAppend(audio: [UInt8])
        case inputAudioBufferCommit
        case inputAudioBufferClear
        indirect case conversationItemCreate(item: NewItem, position: ItemPosition)
        case conversationItemRetrieve(itemID: ItemID)
        case conversationItemDelete(itemID: ItemID)
        case conversationItemTruncate(itemID: ItemID, contentIndex: Int, audioEnd: Duration)
        indirect case responseCreate(ResponseOptions)
        case responseCancel(responseID: ResponseID?)
        case outputAudioBufferClear
        /// LocalAI's, for a tone over WebRTC; nothing comes of it.
        ///
        /// - Source: Realtime protocol, "LocalAI".
        case testTone
        /// Of translation sessions; PCM at the session's rate.
        case sessionInputAudioBufferAppend(audio: [UInt8])
        /// Of translation sessions: translate what was said, then end.
        case sessionClose
    }

    /// Makes an event.
    public init(id: EventID? = nil, _ body: Body) {
        self.id = id
        self.body = body
    }
}
