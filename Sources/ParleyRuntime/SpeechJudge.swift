internal import ParleyAudio
internal import ParleyEngine
internal import ParleyNetwork

/// Judges the audio of all sessions on one loop that share a voice activity engine.
///
/// Frames that became whole in one turn of the loop are judged together at its end: the busier the
/// loop, the more of them there are, and the cheaper is each. A session that has something else to
/// handle before calls ``judge()`` itself, so that verdicts never come later than what followed the
/// audio.
///
/// `@unchecked Sendable`: its fields are touched on its loop only.
final class SpeechJudge: TurnEndHandler, @unchecked Sendable {
    private let engine: any VoiceActivityEngine
    private unowned let loop: EventLoop
    /// Listeners with a whole frame, in the order in which it became whole.
    private var waiting: [SpeechListener] = []
    private var awaitsTurnEnd = false
    /// At the start of a stream; copies share its filter.
    private var resampler: Resampler?

    /// The judge of an engine's streams on a loop, which must be the caller's.
    static func of(_ engine: any VoiceActivityEngine, on loop: EventLoop) -> SpeechJudge {
        loop.resident(for: engine) { SpeechJudge(engine, loop) }
    }

    private init(_ engine: any VoiceActivityEngine, _ loop: EventLoop) {
        self.engine = engine
        self.loop = loop
    }

    /// Begins to listen to one session.
    ///
    /// - Parameter report: Gets every verdict, in order.
    /// - Returns: Its ear, which has heard nothing.
    /// - Throws: ``EngineError`` when the engine is not ready.
    func makeListener(
        report: @escaping SpeechListener.Report
    ) throws(EngineError) -> SpeechListener {
        let detector = try engine.makeDetector()
        return SpeechListener(detector, resampler(to: detector.sampleRate), self, report: report)
    }

    /// Puts a listener with a whole frame on the list, unless it is there.
    func enlist(_ listener: SpeechListener) {
        guard !listener.isEnlisted else { return }
        listener.isEnlisted = true
        waiting.append(listener)
        guard !awaitsTurnEnd else { return }
        awaitsTurnEnd = true
        loop.atTurnEnd(self)
    }

    /// Judges every whole frame that waits, of every session, and reports the verdicts.
    func judge() {
        // A listener is in a round once: its next frame is judged after all others' first.
        while !waiting.isEmpty {
            var round: [SpeechListener] = []
            swap(&round, &waiting)
            for listener in round { listener.isEnlisted = false }
            // One that was reset meanwhile has nothing to be judged.
            round.removeAll { !$0.hasWholeFrame }
            let probabilities = engine.probabilities(of: round.map(\.frame))
            for (listener, probability) in zip(round, probabilities) {
                listener.take(probability)
                if listener.hasWholeFrame { enlist(listener) }
            }
        }
    }

    func turnEnded() {
        awaitsTurnEnd = false
        judge()
    }

    private func resampler(to sampleRate: Int) -> Resampler {
        if let resampler, resampler.outputRate == sampleRate { return resampler }
        let new = Resampler(
            from: AudioFormat.sessionSampleRate,
            to: sampleRate,
            quality: .detection
        )
        resampler = new
        return new
    }
}
