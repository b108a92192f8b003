internal import CResampler

/// The coefficients of a ``Resampler``: one short low-pass filter for each position between two
/// input samples.
///
/// A Kaiser-windowed sinc, with as many lobes on each side as ``ResamplingQuality`` says. For
/// listening it looks ahead less than 2 ms even at 8 kHz, and a 1 kHz tone comes through with a
/// residual below -85 dB for every pair of usual rates.
struct ResamplingFilter: Sendable {
    /// Of the lower Nyquist frequency.
    ///
    /// Chosen: speech keeps all but the top; the stop-band begins just above.
    static let cutoff = 0.94
    /// Rows kept at most.
    ///
    /// Odd pairs of rates, such as 47,999 and 48,000, have as many positions as hertz; beyond this
    /// bound the two nearest rows are mixed, which costs less than -100 dB of accuracy.
    static let maximumRowCount = 512
    /// Coefficients in one step of the kernel; rows are padded to a multiple of it.
    static let stride = Int(RESAMPLER_LANES)

    /// Input samples after the output's own position that it depends on.
    let lookAhead: Int
    /// Coefficients in one row, a multiple of ``stride``; the first ones are zero where the row was
    /// padded.
    let rowLength: Int
    /// Positions between two input samples, including both ends where rows are mixed.
    let rowCount: Int
    /// Whether an output lies between two rows.
    let isMixed: Bool
    /// All rows, one after the other.
    let coefficients: [Float]

    /// Designs the filter.
    ///
    /// - Parameters:
    ///   - inputRate: Samples a second that come in, in Hz; positive.
    ///   - outputRate: Samples a second that go out, in Hz; positive.
    ///   - phaseCount: Positions between two input samples that occur.
    ///   - quality: How steep and how deep.
    init(inputRate: Int, outputRate: Int, phaseCount: Int, quality: ResamplingQuality) {
        // Above the output's Nyquist frequency everything must go, so the sinc widens when the rate
        // falls.
        let widening = max(1, Double(inputRate) / Double(outputRate))
        lookAhead = Int((Double(quality.zeroCrossings) * widening).rounded(.down))
        let tapCount = 2 * lookAhead
        rowLength = (tapCount + Self.stride - 1) / Self.stride * Self.stride
        isMixed = phaseCount > Self.maximumRowCount
        let positions = isMixed ? Self.maximumRowCount : phaseCount
        rowCount = isMixed ? positions + 1 : positions
        let sinc = KaiserSinc(
            halfWidth: Double(lookAhead),
            cutoff: Self.cutoff / widening,
            beta: quality.kaiserBeta
        )
        var coefficients: [Float] = []
        coefficients.reserveCapacity(rowCount * rowLength)
        for row in 0..<rowCount {
            let offset = Double(row) / Double(positions) + Double(lookAhead) - 1
            let taps = (0..<tapCount).map { sinc.value(at: offset - Double($0)) }
            // Each row on its own passes a constant unchanged; otherwise the rows' small
            // differences would be heard as a tone.
            let sum = taps.reduce(0, +)
            coefficients += repeatElement(0, count: rowLength - tapCount)
            coefficients += taps.map { Float($0 / sum) }
        }
        self.coefficients = coefficients
    }
}

/// A low-pass filter's impulse response, as a function of time in input samples.
private struct KaiserSinc {
    let halfWidth: Double
    let cutoff: Double
    let beta: Double
    private let scale: Double

    init(halfWidth: Double, cutoff: Double, beta: Double) {
        self.halfWidth = halfWidth
        self.cutoff = cutoff
        self.beta = beta
        scale = 1 / besselI0(beta)
    }

    func value(at time: Double) -> Double {
        let relative = time / halfWidth
        guard relative.magnitude < 1 else { return 0 }
        let window = besselI0(beta * (1 - relative * relative).squareRoot()) * scale
        guard time.magnitude > 1e-9 else { return cutoff * window }
        return sine(halfTurns: cutoff * time) / (.pi * time) * window
    }
}

/// The modified Bessel function of the first kind and order zero.
private func besselI0(_ x: Double) -> Double {
    var sum = 1.0
    var term = 1.0
    var order = 1.0
    while term > sum * 1e-17 {
        let factor = x / (2 * order)
        term *= factor * factor
        sum += term
        order += 1
    }
    return sum
}
