import ParleyAudio
import ParleyTesting
import Testing

@Suite("Audio decoder and encoder")
struct AudioCodingTests {
    static let formats: [AudioFormat] = [
        .standard, .pcm(sampleRate: 16_000), .pcm(sampleRate: 44_100), .pcmu, .pcma,
    ]

    @Test("PCM at the session's rate passes unchanged")
    func standard() {
        var decoder = AudioDecoder(.standard)
        var encoder = AudioEncoder(.standard)
        #expect(decoder.decode([1, 0, 2]) == [1])
        #expect(decoder.decode([0]) == [2])
        #expect(encoder.encode([1, 2]) == [1, 0, 2, 0])
    }

    @Test("One second of bytes is one second of samples", arguments: formats)
    func duration(format: AudioFormat) {
        var decoder = AudioDecoder(format)
        let bytes = [UInt8](repeating: 0x55, count: format.sampleRate * format.bytesPerSample)
        #expect((decoder.decode(bytes) + decoder.finish()).count == 24_000)
    }

    @Test("One second of samples is one second of bytes", arguments: formats)
    func encodedDuration(format: AudioFormat) {
        var encoder = AudioEncoder(format)
        let bytes = encoder.encode([Int16](repeating: 3, count: 24_000)) + encoder.finish()
        #expect(bytes.count == format.sampleRate * format.bytesPerSample)
    }

    @Test("A tone survives the way out and back", arguments: formats)
    func roundTrip(format: AudioFormat) {
        var encoder = AudioEncoder(format)
        var decoder = AudioDecoder(format)
        let tone = sineWave(700, 20_000, rate: 24_000)
        let bytes = encoder.encode(tone) + encoder.finish()
        let samples = decoder.decode(bytes) + decoder.finish()
        // G.711 itself leaves about -37 dB.
        #expect(ToneFit(samples, frequency: 700, rate: 24_000).residual < -33)
    }

    @Test("Bytes cut anywhere give the same samples", arguments: formats)
    func cutAnywhere(format: AudioFormat) {
        var random = SplitMix(seed: 7)
        let bytes = random.bytes(count: 4_001)
        var whole = AudioDecoder(format)
        var pieces = AudioDecoder(format)
        let cut = random.cut(bytes, into: 90).flatMap { pieces.decode($0) }
        #expect(cut + pieces.finish() == whole.decode(bytes) + whole.finish())
    }

    @Test("A new stream doesn't begin with half a sample of the old one")
    func finishDropsHalfASample() {
        var decoder = AudioDecoder(.standard)
        _ = decoder.decode([1])
        _ = decoder.finish()
        #expect(decoder.decode([2, 0]) == [2])
    }

    @Test("A frame knows how long it sounds")
    func frameDuration() {
        #expect(AudioFrame(samples: .init(repeating: 0, count: 480)).duration == .milliseconds(20))
        #expect(AudioFrame(samples: [1], sampleRate: 0).duration == .zero)
    }
}

@Suite("Level")
struct LevelTests {
    @Test("Full scale measures one")
    func fullScale() {
        #expect(Level.rms(of: [Int16.min, .min]) == 1)
        #expect(Level.peak(of: [0, Int16.min, 5]) == 1)
        #expect(Level.normalized([Int16.min, 0, 16_384]) == [-1, 0, 0.5])
    }

    @Test("Nothing measures zero")
    func empty() {
        #expect(Level.rms(of: [Int16]()) == 0)
        #expect(Level.peak(of: [Int16]()) == 0)
    }
}
