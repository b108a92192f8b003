internal import ParleyAudio
internal import ParleyEngine

/// The audio of one item on its way to a recogniser, at the recogniser's rate.
struct RecogniserFeed {
    /// What the recogniser reads.
    let speech: AsyncStream<SpeechPiece>
    private let continuation: AsyncStream<SpeechPiece>.Continuation
    private var resampler: Resampler
    private let tellsPauses: Bool
    /// Where the speaker paused; nil once he went on.
    private var pause: SpeechPause?
    /// Since when a text is due, for the end or for a pause; nil while more audio comes.
    private var dueSince: ContinuousClock.Instant?

    /// Opens a feed; pauses are told to those engines that may work in vain.
    init(for engine: any TranscriptionEngine) {
        resampler = Resampler(from: AudioFormat.sessionSampleRate, to: engine.sampleRate)
        tellsPauses = engine.isSpeculative
        // The session bounds a turn's audio, so the stream need not.
        (speech, continuation) = AsyncStream.makeStream(of: SpeechPiece.self)
    }

    /// Brings more audio, at the session's rate.
    mutating func append(_ frame: AudioFrame) {
        resume()
        yield(resampler.process(frame.samples))
    }

    /// Says that the speaker paused, maybe for good.
    mutating func pause(at position: Int) {
        guard tellsPauses else { return }
        resume()
        let pause = SpeechPause(position: position)
        self.pause = pause
        dueSince = .now
        continuation.yield(.pause(pause))
    }

    /// Says that all audio was brought.
    mutating func complete() {
        // After a pause the resampler holds back two milliseconds of silence: more audio would say
        // that the pause was none.
        if pause == nil {
            dueSince = .now
            yield(resampler.finish())
        }
        continuation.finish()
    }

    /// Breaks off.
    func finish() {
        continuation.finish()
    }

    /// Since when the text was due that has come; nil where none was.
    mutating func takeDue() -> ContinuousClock.Instant? {
        dueSince.take()
    }

    private mutating func resume() {
        pause?.end()
        pause = nil
        dueSince = nil
    }

    private func yield(_ samples: [Int16]) {
        guard !samples.isEmpty else { return }
        let frame = AudioFrame(samples: samples, sampleRate: resampler.outputRate)
        continuation.yield(.audio(frame))
    }
}
