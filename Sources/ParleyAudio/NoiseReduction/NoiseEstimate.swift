/// How strong the noise is in one bin of a spectrum, learnt while somebody may be speaking.
///
/// Each frame counts as noise as far as it is unlikely to hold speech. What looks like speech
/// without end is learnt, too, within two seconds or so: noise that sets in all at once.
///
/// - Units: Power as squares of samples; frames of 11 ms.
/// - Source: Gerkmann, Hendriks: Unbiased MMSE-based noise power estimation with low complexity and
///   low tracking delay (2012).
struct NoiseEstimate: Sendable {
    /// Power that no frame of whole numbers falls below but silence made of zeros.
    private static let leastPower: Float = 1

    /// What the speech of a bin is taken to have over the noise where there is speech: 15 dB.
    private static let speechRatio: Float = 31.6
    /// How much of the estimate stays from frame to frame.
    private static let persistence: Float = 0.8
    /// The same of the likelihood of speech; one that stays near certain is taken to be wrong.
    private static let likelihoodPersistence: Float = 0.9
    private static let mostLikelihood: Float = 0.99

    /// Power of the noise.
    private(set) var power: Float
    private var likelihood: Float = 0.5

    /// Takes a first guess.
    init(power: Float) {
        self.power = max(power, Self.leastPower)
    }

    /// Learns from the power of a frame.
    @inline(__always)
    mutating func learn(_ frame: Float) {
        var speech = Self.likelihood(of: frame / power)
        likelihood =
            likelihood * Self.likelihoodPersistence + speech * (1 - Self.likelihoodPersistence)
        if likelihood > Self.mostLikelihood { speech = min(speech, Self.mostLikelihood) }
        let seen = speech * power + (1 - speech) * frame
        power = max(power * Self.persistence + seen * (1 - Self.persistence), Self.leastPower)
    }

    /// How likely a bin holds speech whose power is this many times the noise.
    @inline(__always)
    private static func likelihood(of ratio: Float) -> Float {
        let exponent = min(ratio * (speechRatio / (1 + speechRatio)), 64)
        return 1 / (1 + (1 + speechRatio) * decay(exponent))
    }

    /// About exp(-x): (1 + x/64)^-64, which needs no library.
    @inline(__always)
    private static func decay(_ x: Float) -> Float {
        var value = 1 / (1 + x / 64)
        for _ in 0..<6 { value *= value }
        return value
    }
}
