internal import ParleyRealtime

/// One Realtime session as a pure state machine: inputs and time go in, events and effects come
/// out.
///
/// It owns everything that a session is: its configuration, the audio that waits, the conversation,
/// the responses in progress. It has no clock, no task and no lock; who holds it calls
/// ``start(at:)`` once, then ``handle(_:at:)`` for whatever happens, in order, and carries out what
/// is returned, in order.
public struct Session: ~Copyable, Sendable {
    enum Life: Sendable, Equatable {
        /// Nothing was said. Next: ``open``.
        case unborn
        /// Next: ``closed``.
        case open
        /// Silence for ever.
        case closed
    }

    let birth: Birth
    var life = Life.unborn
    var configuration: SessionConfiguration
    var expiry: Instant
    /// In which the first audio went out, also where a response named it: the voice stays.
    ///
    /// The configuration's may be another: what a client was shown, it may send back.
    var voiceHeard: Voice?
    var outbox: Outbox
    var input: InputAudio
    var idle = IdleTimer()
    var transcriptions: TranscriptionTracker
    var conversation: Conversation
    var responses = ResponseMachine()
    var toolServers: ToolServers
    var toolCalls: ToolCalls
    var continuation = Continuation()
    var compaction: Compaction

    /// When to call again with ``Input/timeout`` at the latest; nil when nothing waits for time.
    public var deadline: Instant? {
        guard life == .open else { return nil }
        // Asked for after every frame of audio: no collection.
        var earliest = expiry
        if let deadline = transcriptions.deadline { earliest = min(earliest, deadline) }
        if let deadline = responses.deadline { earliest = min(earliest, deadline) }
        if let deadline = idle.deadline { earliest = min(earliest, deadline) }
        if let deadline = toolServers.deadline { earliest = min(earliest, deadline) }
        if let deadline = toolCalls.deadline { earliest = min(earliest, deadline) }
        if let deadline = compaction.deadline { earliest = min(earliest, deadline) }
        return earliest
    }

    /// Prepares a session; ``start(at:)`` says its first words.
    public init(_ birth: Birth) {
        self.birth = birth
        configuration = birth.configuration.settled
        expiry = Instant()
        outbox = Outbox(ids: birth.ids)
        input = InputAudio(configuration.input, limits: birth.limits)
        transcriptions = TranscriptionTracker(limits: birth.limits)
        toolServers = ToolServers(limits: birth.limits)
        toolCalls = ToolCalls(limits: birth.limits)
        compaction = Compaction(birth.compaction)
        conversation = Conversation(id: outbox.ids.next(), limits: birth.limits)
    }

    /// The first outputs: `session.created`, and in beta `conversation.created`.
    public mutating func start(at now: Instant) -> [Output] {
        guard life == .unborn else {
            outbox.poison("A session was started twice")
            return finished()
        }
        life = .open
        expiry = now + birth.limits.sessionDuration
        outbox.send(.sessionCreated(object))
        if birth.dialect.isBeta, configuration.kind == .realtime {
            outbox.send(.conversationCreated(id: conversation.id))
        }
        trace()
        followTools(at: now)
        return finished()
    }

    /// Takes one input and says what is to be done, in order.
    ///
    /// - Parameters:
    ///   - input: What happened. Reports about work that was cancelled are ignored.
    ///   - now: When; never earlier than in the call before.
    /// - Returns: Events to send and effects to begin. Nothing after
    ///   ``Effect/closeConnection(_:)``.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        guard life == .open else { return [] }
        switch input {
        case .client(let event): handle(event, at: now)
        case .malformed(let error, let id): outbox.fail(error, for: id)
        case .audio(let frame): self.input.receive(frame, to: &outbox)
        case .speech(let activity): accept(activity, at: now)
        case .transcription(let id, let report): accept(report, of: id, at: now)
        case .generation(let id, let report): accept(report, of: id, at: now)
        case .synthesis(let id, let report): accept(report, of: id, at: now)
        case .tools(let id, let report): accept(report, of: id, at: now)
        case .toolResult(let id, let result): accept(result, of: id, at: now)
        case .summary(let summary): accept(summary)
        // Over WebSocket the client tells by itself what was heard.
        case .playout: break
        case .timeout: expire(at: now)
        case .rateLimits(let limits):
            if !limits.isEmpty { outbox.send(.rateLimitsUpdated(limits)) }
        case .evicted(let error): evict(error)
        case .shutdown: close(.restart)
        case .disconnected: end()
        }
        return finished()
    }

    /// The session as events show it.
    var object: SessionObject { birth.object(configuration) }
}
