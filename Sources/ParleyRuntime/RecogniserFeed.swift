internal import ParleyAudio

/// The audio of one item on its way to a recogniser, at the recogniser's rate.
struct RecogniserFeed {
    /// What the recogniser reads.
    let audio: AsyncStream<AudioFrame>
    private let continuation: AsyncStream<AudioFrame>.Continuation
    private var resampler: Resampler
    /// When all audio had been brought; nil before.
    private(set) var completedAt: ContinuousClock.Instant?

    /// Opens a feed.
    init(sampleRate: Int) {
        resampler = Resampler(from: AudioFormat.sessionSampleRate, to: sampleRate)
        // The session bounds a turn's audio, so the stream need not.
        (audio, continuation) = AsyncStream.makeStream(of: AudioFrame.self)
    }

    /// Brings more audio, at the session's rate.
    mutating func append(_ frame: AudioFrame) {
        yield(resampler.process(frame.samples))
    }

    /// Says that all audio was brought.
    mutating func complete() {
        completedAt = .now
        yield(resampler.finish())
        continuation.finish()
    }

    /// Breaks off.
    func finish() {
        continuation.finish()
    }

    private func yield(_ samples: [Int16]) {
        guard !samples.isEmpty else { return }
        continuation.yield(AudioFrame(samples: samples, sampleRate: resampler.outputRate))
    }
}
