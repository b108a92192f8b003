/// Turns bytes of one ``AudioFormat`` into samples at one rate, as they come.
///
/// Bytes may be cut anywhere: half a sample is kept for the next call. A value without clocks or
/// locks, so that a pure state machine can own it.
public struct AudioDecoder: Sendable {
    /// How the bytes are written.
    public let format: AudioFormat
    private var pcm = PCM16.Decoder()
    private var resampler: Resampler

    /// Makes a decoder at the start of a stream.
    ///
    /// - Parameters:
    ///   - format: How the bytes are written.
    ///   - sampleRate: Rate of the samples that are wanted, in Hz.
    public init(_ format: AudioFormat, to sampleRate: Int = AudioFormat.sessionSampleRate) {
        self.format = format
        resampler = Resampler(from: format.sampleRate, to: sampleRate)
    }

    /// Rate of the samples that come out, in Hz.
    public var sampleRate: Int { resampler.outputRate }

    /// Reads the next bytes.
    ///
    /// - Parameter bytes: Any number of them.
    /// - Returns: The samples that can be said by now; the newest 2 ms may still be held back when
    ///   the rate changes.
    public mutating func decode(_ bytes: some Sequence<UInt8>) -> [Int16] {
        let samples =
            switch format {
            case .pcm: pcm.decode(bytes)
            case .pcmu: G711.decodeMuLaw(bytes)
            case .pcma: G711.decodeALaw(bytes)
            }
        return isResampling ? resampler.process(samples) : samples
    }

    /// Ends the stream; the decoder is then at the start of a new one.
    ///
    /// - Returns: The samples that were held back. Half a sample is dropped.
    public mutating func finish() -> [Int16] {
        pcm.reset()
        return resampler.finish()
    }

    /// Forgets half a sample and what was held back.
    public mutating func reset() {
        pcm.reset()
        resampler.reset()
    }

    private var isResampling: Bool { resampler.inputRate != resampler.outputRate }
}
