/// Turns samples at one rate into bytes of one ``AudioFormat``, as they come.
///
/// A value without clocks or locks, so that a pure state machine can own it.
public struct AudioEncoder: Sendable {
    /// How the bytes are written.
    public let format: AudioFormat
    private var resampler: Resampler

    /// Makes an encoder at the start of a stream.
    ///
    /// - Parameters:
    ///   - format: How the bytes are written.
    ///   - sampleRate: Rate of the samples that will come, in Hz.
    public init(_ format: AudioFormat, from sampleRate: Int = AudioFormat.sessionSampleRate) {
        self.format = format
        resampler = Resampler(from: sampleRate, to: format.sampleRate)
    }

    /// Rate of the samples that go in, in Hz.
    public var sampleRate: Int { resampler.inputRate }

    /// Writes the next samples.
    ///
    /// - Parameter samples: Any number of them.
    /// - Returns: The bytes that can be said by now; the newest 2 ms may still be held back when
    ///   the rate changes.
    public mutating func encode(_ samples: some Sequence<Int16>) -> [UInt8] {
        guard isResampling else { return bytes(of: samples) }
        return bytes(of: resampler.process(samples))
    }

    /// Ends the stream; the encoder is then at the start of a new one.
    ///
    /// - Returns: The bytes that were held back.
    public mutating func finish() -> [UInt8] {
        bytes(of: resampler.finish())
    }

    /// Forgets what was held back.
    public mutating func reset() {
        resampler.reset()
    }

    private var isResampling: Bool { resampler.inputRate != resampler.outputRate }

    private func bytes(of samples: some Sequence<Int16>) -> [UInt8] {
        switch format {
        case .pcm: PCM16.encode(samples)
        case .pcmu: G711.encodeMuLaw(samples)
        case .pcma: G711.encodeALaw(samples)
        }
    }
}
