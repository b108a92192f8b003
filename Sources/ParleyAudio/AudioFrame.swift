/// A run of linear samples of one channel.
public struct AudioFrame: Sendable, Hashable {
    /// Linear 16-bit samples.
    public var samples: [Int16]
    /// Samples a second, in Hz.
    public var sampleRate: Int

    /// Makes a frame of these samples.
    public init(samples: [Int16], sampleRate: Int = AudioFormat.sessionSampleRate) {
        self.samples = samples
        self.sampleRate = sampleRate
    }

    /// How long the frame sounds; zero where the rate isn't positive.
    public var duration: Duration {
        guard sampleRate > 0 else { return .zero }
        return .microseconds(Int64(samples.count) * 1_000_000 / Int64(sampleRate))
    }
}
