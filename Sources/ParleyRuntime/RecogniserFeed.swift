internal import ParleyAudio
internal import ParleyEngine

/// The audio of one item on its way to a recogniser, at the recogniser's rate.
struct RecogniserFeed {
    /// What the recogniser reads.
    let speech: AsyncStream<SpeechPiece>
    private let continuation: AsyncStream<SpeechPiece>.Continuation
    private var resampler: Resampler
    /// What is still to be told to the recogniser, in order; empty most of the time.
    private var waiting: [Step] = []
    private let tellsPauses: Bool
    /// Where the speaker paused; nil once he went on.
    private var pause: SpeechPause?
    /// Since when a text is due, for the end or for a pause; nil while more audio comes.
    private var dueSince: ContinuousClock.Instant?

    private enum Step {
        case audio(ArraySlice<Int16>, sampleRate: Int)
        case pause(SpeechPause)
        case end
    }

    /// The longest audio whose rate is changed at once, in seconds.
    ///
    /// Chosen: takes less than a third of a millisecond, and clients send less at a time.
    private static let pieceSeconds = 1

    /// Opens a feed; pauses are told to those engines that may work in vain.
    init(for engine: any TranscriptionEngine) {
        resampler = Resampler(from: AudioFormat.sessionSampleRate, to: engine.sampleRate)
        tellsPauses = engine.isSpeculative
        // The session bounds a turn's audio, so the stream need not.
        (speech, continuation) = AsyncStream.makeStream(of: SpeechPiece.self)
    }

    /// Brings more audio; of long audio only the beginning is told at once.
    mutating func append(_ frame: AudioFrame) {
        resume()
        bring(.audio(frame.samples[...], sampleRate: frame.sampleRate))
    }

    /// Something waits for ``catchUp()``.
    var isBehind: Bool { !waiting.isEmpty }

    /// Tells the recogniser the next piece of what waits.
    mutating func catchUp() {
        guard !waiting.isEmpty else { return }
        switch waiting.removeFirst() {
        case .audio(let samples, let sampleRate):
            let piece = samples.prefix(Self.pieceSeconds * sampleRate)
            let rest = samples[piece.endIndex...]
            if !rest.isEmpty { waiting.insert(.audio(rest, sampleRate: sampleRate), at: 0) }
            if resampler.inputRate != sampleRate {
                resampler = Resampler(from: sampleRate, to: resampler.outputRate)
            }
            yield(resampler.process(piece))
        case .pause(let pause): continuation.yield(.pause(pause))
        case .end:
            // After a pause the resampler holds back two milliseconds of silence: more audio would
            // say that the pause was none.
            if pause == nil { yield(resampler.finish()) }
            continuation.finish()
        }
    }

    private mutating func bring(_ step: Step) {
        waiting.append(step)
        if waiting.count == 1 { catchUp() }
    }

    /// Says that the speaker paused, maybe for good.
    mutating func pause(at position: Int) {
        guard tellsPauses else { return }
        resume()
        let pause = SpeechPause(position: position)
        self.pause = pause
        dueSince = .now
        bring(.pause(pause))
    }

    /// Says that all audio was brought.
    mutating func complete() {
        if pause == nil { dueSince = .now }
        bring(.end)
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
