internal import ParleyClient
internal import ParleyJSON

/// A session that only listens: audio in, `speech_started` and `speech_stopped` out.
struct ListenScript: LoadScript {
    /// What is counted.
    struct Figures: LoadFigures {
        var speechStarted = Histogram()
        var speechStopped = Histogram()
        /// Starts whose padding was cut off at the beginning of the stream: their moment isn't
        /// known.
        var unplaced = 0
        var errors = ErrorTally()
    }

    /// Set on the session, so that the moments can be reckoned.
    static let padding = Duration.milliseconds(300)
    /// Set on the session, as the documented default.
    static let silence = Duration.milliseconds(500)

    private let frameCount: Int
    private var position: Int
    private var clock: StreamClock?

    /// Makes a session.
    ///
    /// - Parameters:
    ///   - frameCount: Frames of the track.
    ///   - offset: The frame of the track that it begins with.
    init(frameCount: Int, offset: Int) {
        self.frameCount = max(1, frameCount)
        position = offset % self.frameCount
    }

    static func wantsText(of type: String) -> Bool {
        switch type {
        case "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "error": true
        default: false
        }
    }

    /// `session.update` of a session that is only listened to.
    static let update: [UInt8] = {
        let detection: JSON = [
            "type": "server_vad", "create_response": false, "interrupt_response": false,
            "threshold": 0.5, "prefix_padding_ms": .integer(Int(padding.inMilliseconds)),
            "silence_duration_ms": .integer(Int(silence.inMilliseconds)),
        ]
        let input: JSON = ["turn_detection": detection, "transcription": .null]
        let session: JSON = ["type": "realtime", "audio": ["input": input]]
        return ClientMessage.event("session.update", ["session": session])
    }()

    mutating func begin(_ clock: StreamClock) -> [LoadAction] {
        self.clock = clock
        return []
    }

    mutating func nextFrame(at now: Duration, _ figures: inout Figures) -> LoadFrame {
        defer { position = (position + 1) % frameCount }
        return .stored(position)
    }

    mutating func receive(_ event: LoadEvent, _ figures: inout Figures) -> [LoadAction] {
        switch event.type {
        case "session.created": return [.send(Self.update)]
        case "session.updated": return [.ready]
        case "input_audio_buffer.speech_started": started(event, &figures)
        case "input_audio_buffer.speech_stopped": stopped(event, &figures)
        case "error":
            figures.errors.add(event)
            if clock == nil { return [.fail(event.refusal)] }
        default: break
        }
        return []
    }

    private func started(_ event: LoadEvent, _ figures: inout Figures) {
        guard let clock, let start = event.json["audio_start_ms"]?.integer else { return }
        let decided = clock.decisionOfStart(
            audioStart: .milliseconds(start),
            padding: Self.padding
        )
        if let decided {
            figures.speechStarted.record(event.time - decided)
        } else {
            figures.unplaced += 1
        }
    }

    private func stopped(_ event: LoadEvent, _ figures: inout Figures) {
        guard let clock, let end = event.json["audio_end_ms"]?.integer else { return }
        let decided = clock.decisionOfEnd(audioEnd: .milliseconds(end))
        figures.speechStopped.record(event.time - decided)
    }
}
