internal import Glibc
internal import ParleyAudio
internal import ParleyClient
internal import ParleyNetwork

/// A voice that says nothing: vowels and hisses in the rhythm of speech, made by source and filter.
///
/// It stands for human speech where no recording is at hand: detectors of speech take it for some,
/// recognisers find no words in it. The same on every machine up to rounding.
///
/// - Units: 24,000 Hz, one channel.
/// - Source: the cascade synthesiser of D. Klatt, "Software for a cascade/parallel formant
///   synthesizer", JASA 67 (1980); formants of American men from Peterson and Barney (1952).
package struct SyntheticVoice: Sendable {
    /// The first three formants of a vowel, in Hz.
    private static let vowels: [[Double]] = [
        [730, 1_090, 2_440], [270, 2_290, 3_010], [570, 840, 2_410], [530, 1_840, 2_480],
        [300, 870, 2_240], [660, 1_720, 2_410], [640, 1_190, 2_390], [390, 1_990, 2_550],
    ]
    private static let bandwidths = [80.0, 100, 140, 200]
    private static let rate = Double(AudioFormat.sessionSampleRate)
    /// Chosen: five syllables a second, as in a lively talk.
    private static let syllableDuration = 0.2
    /// Chosen: a voice near the microphone peaks some 10 dB below full scale.
    private static let peak = 10_000.0

    private var noise = Noise(seed: 20_261)
    private var phase = 0.0
    private var resonators = [Resonator](repeating: Resonator(), count: bandwidths.count)

    /// Makes the voice; every one says the same.
    package init() {}

    /// Says an utterance.
    ///
    /// - Parameter duration: How long it is.
    /// - Returns: The samples, loud from the first syllable to the last.
    package mutating func utterance(_ duration: Duration) -> [Int16] {
        let count = Int(duration.inSeconds * Self.rate)
        var samples: [Double] = []
        samples.reserveCapacity(count)
        for index in 0..<count {
            samples.append(sample(at: Double(index) / Self.rate, of: Double(count) / Self.rate))
        }
        let loudest = samples.reduce(1e-9) { max($0, abs($1)) }
        return samples.map { Int16(($0 / loudest * Self.peak).rounded()) }
    }

    private mutating func sample(at time: Double, of length: Double) -> Double {
        let syllable = Int(time / Self.syllableDuration)
        let within = time / Self.syllableDuration - Double(syllable)
        let formants = Self.vowels[syllable * 5 % Self.vowels.count]
        // The pitch falls over the utterance and swings with each syllable.
        let pitch = 135 - 35 * time / length + 12 * sin(2 * .pi * within)
        phase += pitch / Self.rate
        if phase >= 1 { phase -= 1 }
        // A fifth of each syllable hisses, the rest is voiced. The first one begins with its
        // vowel, so that there is no doubt about when the voice sets in.
        let hiss = syllable == 0 ? 0 : 0.2
        let isHiss = within < hiss
        let envelope = isHiss ? 0.25 : sin(.pi * (within - hiss) / (1 - hiss)).squareRoot()
        let source = isHiss ? noise.next() * 0.3 : glottis + noise.next() * 0.01
        return envelope * filtered(source, formants: isHiss ? [2_500, 4_500, 6_000] : formants)
    }

    /// The flow through the vocal folds, differentiated: it rises slowly and shuts at once.
    private var glottis: Double {
        let open = 0.6
        guard phase < open else { return 0 }
        let share = phase / open
        return 2 * share - 3 * share * share
    }

    private mutating func filtered(_ source: Double, formants: [Double]) -> Double {
        var value = source
        for index in resonators.indices {
            let frequency = index < formants.count ? formants[index] : 3_500
            resonators[index].tune(to: frequency, Self.bandwidths[index], rate: Self.rate)
            value = resonators[index].filter(value)
        }
        return value
    }
}

/// A second-order resonance.
private struct Resonator: Sendable {
    private var frequency = 0.0
    private var first = 0.0
    private var second = 0.0
    private var last = 0.0
    private var beforeLast = 0.0

    mutating func tune(to frequency: Double, _ bandwidth: Double, rate: Double) {
        guard frequency != self.frequency else { return }
        self.frequency = frequency
        let radius = exp(-.pi * bandwidth / rate)
        first = 2 * radius * cos(2 * .pi * frequency / rate)
        second = -radius * radius
    }

    mutating func filter(_ input: Double) -> Double {
        let output = (1 - first - second) * input + first * last + second * beforeLast
        (last, beforeLast) = (output, last)
        return output
    }
}

/// White noise, the same from the same seed.
struct Noise: Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A number of ±1.
    mutating func next() -> Double {
        // Knuth's MMIX generator; its upper bits are good enough to hiss.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(Int64(bitPattern: state) >> 11) / Double(1 << 52)
    }
}
