internal import ParleyClient
internal import ParleyJSON

/// A session that talks: it says an utterance, waits for the answer, and speaks over every second
/// one at once.
///
/// Speech begins and ends where the server's detector places it: only so a recording, whose edges
/// nobody can tell to the millisecond, says something about the server. Moments are those when the
/// frame that holds them was to be sent: how a client packs its audio is none of the server's
/// doing.
struct ConversationScript: LoadScript {
    /// What is counted.
    struct Figures: LoadFigures {
        /// Speech begins → `speech_started`.
        var onset = Histogram()
        /// Speech over an answer begins → its `response.done`, cancelled.
        var cancelled = Histogram()
        /// Speech ends → `speech_stopped`; the silence that ends a turn is in it.
        var speechStopped = Histogram()
        /// The silence is over → `speech_stopped`.
        var stopDelay = Histogram()
        /// `speech_stopped` → `response.created`.
        var responseCreated = Histogram()
        /// `response.created` → first audio.
        var firstAudio = Histogram()
        /// Speech ends → first audio.
        var voiceToVoice = Histogram()
        /// Answers that came to their end or were spoken over.
        var turns = 0
        var failed = 0
        var unanswered = 0
        var errors = ErrorTally()
    }

    enum State: Sendable, Equatable {
        /// The user is quiet. Next: ``speaking(frame:)``.
        case quiet(until: Duration)
        /// The utterance is said. Next: ``waiting(since:)``.
        case speaking(frame: Int)
        /// The answer is due. Next: ``quiet(until:)``.
        case waiting(since: Duration)
    }

    /// Set on the session, as the documented default.
    static let silence = Duration.milliseconds(500)
    /// The user thinks.
    static let pause = Duration.milliseconds(1_000)
    /// When an answer counts as missing.
    static let patience = Duration.seconds(30)

    private let frameCount: Int
    private let delay: Duration
    private var clock: StreamClock?
    private(set) var state = State.quiet(until: .zero)
    private var turn = 0
    private var onsetAt: Duration?
    private var stoppedAt: Duration?
    private var createdAt: Duration?
    private var spokenAt: Duration?
    private var hasAudio = false
    private var isInterrupting = false

    /// Makes a session.
    ///
    /// - Parameters:
    ///   - frameCount: Frames of the utterance.
    ///   - delay: How long after the start of the stream the first turn begins.
    init(frameCount: Int, delay: Duration) {
        self.frameCount = max(1, frameCount)
        self.delay = delay
    }

    static func wantsText(of type: String) -> Bool {
        switch type {
        case "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
            "response.done", "error":
            true
        default: false
        }
    }

    /// `session.update` of a session that talks.
    static let update: [UInt8] = {
        let detection: JSON = [
            "type": "server_vad", "create_response": true, "interrupt_response": true,
            // Padding ends where the turn before did, and then hides where speech began.
            "prefix_padding_ms": 0,
            "silence_duration_ms": .integer(Int(silence.inMilliseconds)),
        ]
        let input: JSON = ["turn_detection": detection, "transcription": .null]
        let session: JSON = [
            "type": "realtime", "output_modalities": ["audio"], "audio": ["input": input],
        ]
        return ClientMessage.event("session.update", ["session": session])
    }()

    mutating func begin(_ clock: StreamClock) -> [LoadAction] {
        self.clock = clock
        state = .quiet(until: clock.start + delay)
        return []
    }

    // MARK: The user

    mutating func nextFrame(at now: Duration, _ figures: inout Figures) -> LoadFrame {
        switch state {
        case .quiet(let until):
            guard now >= until else { return .quiet }
            return speak(0, at: now)
        case .speaking(let frame):
            return speak(frame, at: now)
        case .waiting(let since):
            if now > since + Self.patience {
                figures.unanswered += 1
                state = .quiet(until: now + Self.pause)
            }
            return .quiet
        }
    }

    private mutating func speak(_ frame: Int, at now: Duration) -> LoadFrame {
        if frame + 1 < frameCount {
            state = .speaking(frame: frame + 1)
        } else {
            state = .waiting(since: now)
            stoppedAt = nil
        }
        return .stored(frame)
    }

    // MARK: The server

    mutating func receive(_ event: LoadEvent, _ figures: inout Figures) -> [LoadAction] {
        switch event.type {
        case "session.created": return [.send(Self.update)]
        case "session.updated": return [.ready]
        case "input_audio_buffer.speech_started": started(event, &figures)
        case "input_audio_buffer.speech_stopped": stopped(event, &figures)
        case "response.created":
            createdAt = event.time
            hasAudio = false
            if let stoppedAt { figures.responseCreated.record(event.time - stoppedAt) }
        case "response.output_audio.delta": heard(event, &figures)
        case "response.done": done(event, &figures)
        case "error":
            figures.errors.add(event)
            if clock == nil { return [.fail(event.refusal)] }
        default: break
        }
        return []
    }

    private mutating func started(_ event: LoadEvent, _ figures: inout Figures) {
        onsetAt = nil
        guard let clock, let start = event.json["audio_start_ms"]?.integer, start > 0 else {
            return
        }
        let onset = clock.dueAfter(.milliseconds(start))
        onsetAt = onset
        figures.onset.record(event.time - onset)
    }

    private mutating func stopped(_ event: LoadEvent, _ figures: inout Figures) {
        guard let clock, let end = event.json["audio_end_ms"]?.integer else { return }
        figures.stopDelay.record(event.time - clock.decisionOfEnd(audioEnd: .milliseconds(end)))
        // A pause within the utterance ends no turn of ours.
        guard case .waiting = state else { return }
        let spoken = clock.due(.milliseconds(end) - Self.silence)
        spokenAt = spoken
        stoppedAt = event.time
        isInterrupting = false
        figures.speechStopped.record(event.time - spoken)
        // Answers come faster than they sound: only at its beginning is one sure to be unfinished.
        guard turn % 2 == 1 else { return }
        isInterrupting = true
        state = .quiet(until: event.time)
    }

    private mutating func heard(_ event: LoadEvent, _ figures: inout Figures) {
        guard !hasAudio, let createdAt else { return }
        hasAudio = true
        figures.firstAudio.record(event.time - createdAt)
        guard case .waiting = state, stoppedAt != nil, let spokenAt else { return }
        figures.voiceToVoice.record(event.time - spokenAt)
    }

    private mutating func done(_ event: LoadEvent, _ figures: inout Figures) {
        createdAt = nil
        switch event.json["response"]?["status"]?.string {
        case "completed", "incomplete": figures.turns += 1
        case "cancelled":
            figures.turns += 1
            if isInterrupting, let onsetAt { figures.cancelled.record(event.time - onsetAt) }
        default: figures.failed += 1
        }
        turn += 1
        guard case .waiting = state, stoppedAt != nil else { return }
        state = .quiet(until: event.time + Self.pause)
    }
}
