internal import ParleyClient
internal import ParleyJSON

/// A session that breaks off whatever is under way: one answer by command, the next one by
/// speaking over it, and then it takes back what it has spoken.
///
/// So each engine is cancelled in the middle of its work: the language model and the voice twice in
/// a round, the recogniser once.
struct BreakOffScript: LoadScript {
    /// What is counted.
    struct Figures: LoadFigures {
        /// `response.cancel` → its `response.done`, cancelled.
        var cancelled = Histogram()
        /// Speech over an answer begins → its `response.done`, cancelled.
        var interrupted = Histogram()
        /// `conversation.item.delete` of speech that has no text yet → `conversation.item.deleted`.
        var takenBack = Histogram()
        /// Answers that were whole before they were broken off.
        var tooLate = 0
        /// Sessions that wait for something that does not come.
        var stuck = 0
        var errors = ErrorTally()
    }

    enum State: Sendable, Equatable {
        /// The session is being set up. Next: ``asking(byVoice:)``.
        case opening
        /// A question was typed, its answer is due. Next: ``cancelling(since:)`` or
        /// ``speaking(frame:)``, when it can be heard.
        case asking(byVoice: Bool)
        /// It was cancelled by command. Next: ``asking(byVoice:)``, when it has ended.
        case cancelling(since: Duration)
        /// The user speaks over the answer. Next: ``spoken``.
        case speaking(frame: Int)
        /// The user has spoken; the server will commit it. Next: ``takingBack(since:)``.
        case spoken
        /// What was spoken is to be deleted. Next: ``asking(byVoice:)``.
        case takingBack(since: Duration)
        /// Nothing came for too long. The end.
        case stuck
    }

    /// When an event counts as missing.
    static let patience = Duration.seconds(30)

    private let frameCount: Int
    private var clock: StreamClock?
    private(set) var state = State.opening
    /// When the state was entered.
    private var enteredAt = Duration.zero
    private var onsetAt: Duration?
    private var isAnswering = false

    /// Makes a session.
    ///
    /// - Parameter frameCount: Frames of the utterance.
    init(frameCount: Int) {
        self.frameCount = max(1, frameCount)
    }

    static func wantsText(of type: String) -> Bool {
        switch type {
        case "input_audio_buffer.speech_started", "input_audio_buffer.committed", "response.done",
            "error":
            true
        default: false
        }
    }

    /// `session.update` of a session that is transcribed and interrupted, but answered only when it
    /// asks.
    static let update: [UInt8] = {
        let detection: JSON = [
            "type": "server_vad", "create_response": false, "interrupt_response": true,
            // Padding hides where speech began; a short silence makes short rounds.
            "prefix_padding_ms": 0, "silence_duration_ms": 200,
        ]
        let input: JSON = [
            "turn_detection": detection, "transcription": ["model": "whisper-1"],
        ]
        let session: JSON = [
            "type": "realtime", "output_modalities": ["audio"], "audio": ["input": input],
        ]
        return ClientMessage.event("session.update", ["session": session])
    }()

    /// The question, and the wish for an answer.
    static let question = [
        ClientMessage.userText("Tell me everything."), ClientMessage.event("response.create"),
    ]

    mutating func begin(_ clock: StreamClock) -> [LoadAction] {
        self.clock = clock
        return ask(byVoice: false, at: clock.start)
    }

    // MARK: The user

    mutating func nextFrame(at now: Duration, _ figures: inout Figures) -> LoadFrame {
        if case .speaking(let frame) = state {
            enter(frame + 1 < frameCount ? .speaking(frame: frame + 1) : .spoken, at: now)
            return .stored(frame)
        }
        if state != .stuck, now > enteredAt + Self.patience {
            figures.stuck += 1
            enter(.stuck, at: now)
        }
        return .quiet
    }

    private mutating func enter(_ next: State, at now: Duration) {
        state = next
        enteredAt = now
    }

    private mutating func ask(byVoice: Bool, at now: Duration) -> [LoadAction] {
        onsetAt = nil
        isAnswering = false
        enter(.asking(byVoice: byVoice), at: now)
        return Self.question.map(LoadAction.send)
    }

    // MARK: The server

    mutating func receive(_ event: LoadEvent, _ figures: inout Figures) -> [LoadAction] {
        switch event.type {
        case "session.created": return [.send(Self.update)]
        case "session.updated": return [.ready]
        case "response.output_audio.delta": return heard(at: event.time)
        case "response.done": return done(event, &figures)
        case "input_audio_buffer.speech_started": started(event)
        case "input_audio_buffer.committed": return committed(event)
        case "conversation.item.deleted": return deleted(at: event.time, &figures)
        case "error":
            figures.errors.add(event)
            return clock == nil ? [.fail(event.refusal)] : []
        default: break
        }
        return []
    }

    private mutating func heard(at now: Duration) -> [LoadAction] {
        guard case .asking(let byVoice) = state else { return [] }
        isAnswering = true
        if byVoice {
            enter(.speaking(frame: 0), at: now)
            return []
        }
        enter(.cancelling(since: now), at: now)
        return [.send(ClientMessage.event("response.cancel"))]
    }

    private mutating func done(_ event: LoadEvent, _ figures: inout Figures) -> [LoadAction] {
        isAnswering = false
        let isCancelled = event.json["response"]?["status"]?.string == "cancelled"
        if !isCancelled { figures.tooLate += 1 }
        switch state {
        case .cancelling(let since):
            if isCancelled { figures.cancelled.record(event.time - since) }
            return ask(byVoice: true, at: event.time)
        case .speaking, .spoken:
            if isCancelled, let onsetAt { figures.interrupted.record(event.time - onsetAt) }
            return []
        case .asking:
            // Nothing was heard of it: an engine failed, and would fail again.
            figures.stuck += 1
            enter(.stuck, at: event.time)
            return []
        case .opening, .takingBack, .stuck: return []
        }
    }

    private mutating func started(_ event: LoadEvent) {
        guard isAnswering, let clock, let start = event.json["audio_start_ms"]?.integer else {
            return
        }
        onsetAt = clock.dueAfter(.milliseconds(start))
    }

    private mutating func committed(_ event: LoadEvent) -> [LoadAction] {
        guard let item = event.json["item_id"]?.string else { return [] }
        // A pause within the utterance ends no speech of ours.
        if case .spoken = state { enter(.takingBack(since: event.time), at: event.time) }
        return [.send(ClientMessage.event("conversation.item.delete", ["item_id": .string(item)]))]
    }

    private mutating func deleted(at now: Duration, _ figures: inout Figures) -> [LoadAction] {
        guard case .takingBack(let since) = state else { return [] }
        figures.takenBack.record(now - since)
        return ask(byVoice: false, at: now)
    }
}
