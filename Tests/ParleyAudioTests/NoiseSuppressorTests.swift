import Foundation
import ParleyAudio
import ParleyTesting
import Testing

@Suite("Noise suppression")
struct NoiseSuppressorTests {
    private static let rate = 24_000

    /// Noise of a level, the same from the same seed.
    private static func noise(_ level: Double, seconds: Double, seed: UInt64 = 1) -> [Int16] {
        var random = SplitMix(seed: seed)
        return (0..<Int(seconds * Double(rate))).map { _ in
            Int16(level * (Double(random.next() % 20_001) / 10_000 - 1))
        }
    }

    /// Bursts of a chord, as syllables come: 200 ms of nothing, 200 ms of sound.
    private static func voice(seconds: Double) -> [Int16] {
        (0..<Int(seconds * Double(rate))).map { index in
            guard index % 9_600 >= 4_800 else { return 0 }
            let phase = index % 120
            return (phase < 60 ? 3_000 : -3_000) + Int16(phase % 20) * 40
        }
    }

    private static func sum(_ one: [Int16], _ other: [Int16]) -> [Int16] {
        zip(one, other).map { Int16(clamping: Int($0) + Int($1)) }
    }

    /// Decibels of a signal over what differs from it.
    private static func ratio(_ clean: [Int16], _ heard: [Int16]) -> Double {
        var signal = 1.0
        var rest = 1.0
        for (sample, other) in zip(clean, heard) {
            signal += Double(sample) * Double(sample)
            let difference = Double(sample) - Double(other)
            rest += difference * difference
        }
        return 10 * log10(signal / rest)
    }

    private static func filtered(
        _ samples: [Int16],
        _ microphone: NoiseSuppressor.Microphone
    ) -> [Int16] {
        var suppressor = NoiseSuppressor(microphone)
        return suppressor.process(samples) + suppressor.finish()
    }

    @Test(
        "Noise alone gets softer, farther away more so",
        arguments: [(NoiseSuppressor.Microphone.near, Float(0.5)), (.far, 0.3)]
    )
    func noiseAlone(microphone: NoiseSuppressor.Microphone, most: Float) {
        let noise = Self.noise(1_000, seconds: 2)
        let quiet = Self.filtered(noise, microphone)
        let settled = noise.count / 2
        #expect(Level.rms(of: quiet[settled...]) < most * Level.rms(of: noise[settled...]))
    }

    @Test(
        "Of a voice in noise, more is voice than before",
        arguments: [NoiseSuppressor.Microphone.near, .far]
    )
    func voiceInNoise(microphone: NoiseSuppressor.Microphone) {
        let voice = Self.voice(seconds: 3)
        let noisy = Self.sum(voice, Self.noise(1_500, seconds: 3))
        let heard = Self.filtered(noisy, microphone)
        // The first second is for learning.
        func ratio(_ samples: [Int16]) -> Double {
            Self.ratio(Array(voice[Self.rate...]), Array(samples[Self.rate...]))
        }
        #expect(ratio(heard) > ratio(noisy) + 3)
    }

    @Test(
        "A voice without noise stays as loud",
        arguments: [NoiseSuppressor.Microphone.near, .far]
    )
    func voiceAlone(microphone: NoiseSuppressor.Microphone) {
        let voice = Self.voice(seconds: 2)
        let heard = Self.filtered(voice, microphone)
        let (before, after) = (Level.rms(of: voice), Level.rms(of: heard))
        #expect(after > 0.9 * before && after < 1.05 * before)
    }

    @Test("The stronger, the softer noise gets; without strength all stays as it is")
    func strength() {
        let noise = Self.noise(1_000, seconds: 2)
        let levels = [Float(0), 0.25, 0.5, 1].map { strength in
            var suppressor = NoiseSuppressor(.far, strength: strength)
            let heard = suppressor.process(noise) + suppressor.finish()
            return Level.rms(of: heard[(noise.count / 2)...])
        }
        #expect(levels == levels.sorted(by: >))
        #expect(abs(levels[0] / Level.rms(of: noise[(noise.count / 2)...]) - 1) < 0.001)
    }

    @Test("Silence stays silence")
    func silence() {
        let silence = [Int16](repeating: 0, count: 5_000)
        #expect(Self.filtered(silence, .far) == silence)
    }

    @Test(
        "As many samples come out as went in",
        arguments: [0, 1, 255, 256, 257, 511, 512, 10_001]
    )
    func count(count: Int) {
        let samples = Array(Self.noise(1_000, seconds: 1)[..<count])
        var suppressor = NoiseSuppressor(.near)
        let heard = suppressor.process(samples)
        #expect(suppressor.heldBackCount == count - heard.count)
        #expect(heard.count + suppressor.finish().count == count)
        #expect(suppressor.heldBackCount == 0)
    }

    @Test("At most a frame is held back")
    func heldBack() {
        var suppressor = NoiseSuppressor(.near)
        for _ in 0..<100 {
            _ = suppressor.process(Self.noise(1_000, seconds: 0.01))
            #expect(suppressor.heldBackCount < 512)
        }
    }

    @Test("How samples were cut into calls makes no difference", arguments: [1, 7, 480, 4_001])
    func cuts(length: Int) {
        let samples = Self.sum(Self.voice(seconds: 0.5), Self.noise(500, seconds: 0.5))
        var suppressor = NoiseSuppressor(.near)
        var heard: [Int16] = []
        for start in stride(from: 0, to: samples.count, by: length) {
            heard += suppressor.process(samples[start..<min(start + length, samples.count)])
        }
        #expect(heard + suppressor.finish() == Self.filtered(samples, .near))
    }

    @Test("What is known of the noise outlives the end of a stream")
    func nextStream() {
        var suppressor = NoiseSuppressor(.far)
        let noise = Self.noise(1_000, seconds: 2)
        _ = suppressor.process(noise)
        _ = suppressor.finish()
        let next =
            suppressor.process(Self.noise(1_000, seconds: 0.3, seed: 2)) + suppressor.finish()
        #expect(Level.rms(of: next[1_000...]) < 0.3 * Level.rms(of: noise))
    }

    @Test("Noise that sets in later is found")
    func lateNoise() {
        let quiet = Self.noise(20, seconds: 1)
        let noise = Self.noise(2_000, seconds: 4)
        let heard = Self.filtered(quiet + noise, .far)
        #expect(Level.rms(of: heard.suffix(24_000)) < 0.3 * Level.rms(of: noise))
    }

    @Test("Any samples are taken", arguments: 1...20)
    func anything(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var suppressor = NoiseSuppressor(seed % 2 == 0 ? .near : .far)
        var (given, heard) = (0, 0)
        for _ in 0..<20 {
            let level = [Int16(0), 1, 3_000, .max].randomElement(using: &random) ?? 0
            let samples = (0..<Int(random.next() % 900)).map { _ in
                random.next() % 2 == 0 ? level : ~level
            }
            given += samples.count
            heard += suppressor.process(samples).count
            if random.next() % 5 == 0 { suppressor.microphone = .far }
        }
        #expect(heard + suppressor.finish().count == given)
    }
}
