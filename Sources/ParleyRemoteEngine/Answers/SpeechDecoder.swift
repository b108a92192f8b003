package import ParleyAudio

/// How a service writes the audio it streams.
package enum SpeechFormat: String, Sendable, CaseIterable {
    /// Bare samples: 16-bit, 24,000 Hz, one channel.
    case pcm
    /// A WAV file, whose header says what its samples are.
    case wav
}

/// Turns the bytes of a spoken answer into samples, cut anywhere.
package struct SpeechDecoder {
    private enum State {
        case pcm(PCM16.Decoder)
        case wav(WAVReader)
    }

    /// Specified: what `pcm` means in OpenAI's service.
    private static let pcmSampleRate = 24_000

    private var state: State
    /// Something can be heard.
    package private(set) var hasSamples = false

    package init(_ format: SpeechFormat) {
        switch format {
        case .pcm: state = .pcm(PCM16.Decoder())
        case .wav: state = .wav(WAVReader())
        }
    }

    /// The samples of the next bytes; nil when they make none.
    package mutating func decode(_ bytes: [UInt8]) throws(WAVError) -> AudioFrame? {
        let samples: [Int16]
        let sampleRate: Int
        switch state {
        case .pcm(var decoder):
            samples = decoder.decode(bytes)
            sampleRate = Self.pcmSampleRate
            state = .pcm(decoder)
        case .wav(var reader):
            samples = try reader.read(bytes)
            sampleRate = reader.header?.sampleRate ?? 0
            guard samples.isEmpty || Resampler.supportedRates.contains(sampleRate) else {
                let expected = Resampler.supportedRates
                throw WAVError(
                    .unsupported,
                    "found a sample rate of \(sampleRate) Hz, expected "
                        + "\(expected.lowerBound) to \(expected.upperBound)"
                )
            }
            state = .wav(reader)
        }
        guard !samples.isEmpty else { return nil }
        hasSamples = true
        return AudioFrame(samples: samples, sampleRate: sampleRate)
    }

    /// Checks that the answer did not end before its samples.
    package func finish() throws(WAVError) {
        if case .wav(let reader) = state { try reader.finish() }
    }
}
