internal import ParleyRealtime

/// One translation session as a pure state machine, with the doors, inputs and outputs of
/// ``Session``.
///
/// Speech is cut into stretches at short pauses; each is recognised, translated by the language
/// model and spoken, in order. The speaker goes on meanwhile: stretches are heard and recognised
/// while one before them is translated. There are no turns, no items and no responses.
///
/// - Source: Realtime protocol, "Translation session".
public struct TranslationSession: ~Copyable, Sendable {
    enum Life: Sendable, Equatable {
        /// Nothing was said. Next: ``open``.
        case unborn
        /// Speech is heard. Next: ``closing`` or ``closed``.
        case open
        /// The client has said all; what is left of it is translated. Next: ``closed``.
        case closing
        /// Silence for ever.
        case closed
    }

    let birth: Session.Birth
    let limits: Limits
    var life = Life.unborn
    var configuration: SessionConfiguration
    var expiry = Instant()
    var outbox: Outbox
    var input: InputAudio
    var transcriptions: TranscriptionTracker
    /// Stretches that wait for their translation, the oldest first.
    var heard: [HeardSegment] = []
    /// The stretch that is translated and spoken now.
    var active: ActiveTranslation?
    var interpreter: Interpreter
    /// What the client has been shown of the speech, and of its translation.
    var inputText = RunningText()
    var outputText = RunningText()

    /// When to call again with ``Session/Input/timeout`` at the latest; nil when nothing waits.
    public var deadline: Instant? {
        switch life {
        case .unborn, .closed: return nil
        case .open, .closing: break
        }
        var earliest = expiry
        if let deadline = transcriptions.deadline { earliest = min(earliest, deadline) }
        if let deadline = active?.deadline { earliest = min(earliest, deadline) }
        return earliest
    }

    /// Prepares a session; ``start(at:)`` says its first words.
    public init(_ birth: Session.Birth) {
        var limits = birth.limits
        // Nothing that was said can be asked for again.
        limits.keptAudioSampleCount = 0
        limits.openTranscriptionCount = max(
            limits.openTranscriptionCount,
            limits.translationBacklogCount
        )
        self.birth = birth
        self.limits = limits
        configuration = birth.configuration
        outbox = Outbox(ids: birth.ids)
        input = InputAudio(configuration.input, limits: limits)
        transcriptions = TranscriptionTracker(limits: limits)
        interpreter = Interpreter(
            conversationID: outbox.ids.next(),
            contextCount: limits.translationContextCount
        )
    }

    /// The first output: `session.created`.
    public mutating func start(at now: Instant) -> [Session.Output] {
        guard life == .unborn else {
            outbox.poison("A session was started twice")
            return finished()
        }
        life = .open
        expiry = now + limits.sessionDuration
        outbox.send(.sessionCreated(object))
        warnOfVoice()
        return finished()
    }

    /// Takes one input and says what is to be done, in order.
    ///
    /// - Parameters:
    ///   - input: What happened. Reports about work that was cancelled are ignored.
    ///   - now: When; never earlier than in the call before.
    /// - Returns: Events to send and effects to begin. Nothing after
    ///   ``Session/Effect/closeConnection(_:)``.
    public mutating func handle(_ input: Session.Input, at now: Instant) -> [Session.Output] {
        switch life {
        case .unborn, .closed: return []
        case .open, .closing: break
        }
        switch input {
        case .client(let event): handle(event, at: now)
        case .malformed(let error, let id): outbox.fail(error, for: id)
        case .audio(let frame): if life == .open { self.input.receive(frame, to: &outbox) }
        case .speech(let activity): accept(activity, at: now)
        case .transcription(let id, let report): accept(report, of: id)
        case .generation(let id, let report): accept(report, of: id, at: now)
        case .synthesis(let id, let report): accept(report, of: id, at: now)
        // Nothing is played or summarised here, no tools are called, and nobody is told what limits
        // of a key leave.
        case .playout, .summary, .tools, .toolResult, .rateLimits: break
        case .timeout: expire(at: now)
        case .evicted(let error): close(.evicted(error, &outbox))
        case .shutdown: close(.restart)
        case .disconnected: end()
        }
        goOn(at: now)
        return finished()
    }

    /// The session as events show it.
    var object: SessionObject { birth.object(configuration) }
}
