/// Rounds to the nearest sample and clips at the ends of the scale.
@inline(__always)
func saturated(_ value: Float) -> Int16 {
    // Not-a-number compares false with everything and becomes the lower end; `Int16` would trap on
    // it.
    let clipped = value >= 32_767 ? 32_767 : value > -32_768 ? value : -32_768
    // Conversion truncates, so adding a half rounds; `rounded()` is a library call before SSE 4.1.
    return Int16(clipped + (clipped < 0 ? -0.5 : 0.5))
}

/// How loud samples are.
public enum Level {
    /// The value of full scale.
    public static let fullScale: Float = 32_768

    /// The root of the mean of the squares.
    ///
    /// - Units: 0 to 1, where 1 is full scale.
    /// - Returns: 0 for no samples.
    public static func rms(of samples: some Sequence<Int16>) -> Float {
        withContiguous(samples) { samples in
            guard !samples.isEmpty else { return 0 }
            // Whole numbers: the order of addition can't matter, and 2^33 full-scale samples fit.
            let energy = samples.reduce(into: Int64(0)) { $0 &+= Int64($1) * Int64($1) }
            return Float((Double(energy) / Double(samples.count)).squareRoot()) / fullScale
        }
    }

    /// The largest magnitude.
    ///
    /// - Units: 0 to 1, where 1 is full scale.
    /// - Returns: 0 for no samples.
    public static func peak(of samples: some Sequence<Int16>) -> Float {
        withContiguous(samples) { samples in
            let largest = samples.reduce(into: UInt16(0)) { $0 = max($0, $1.magnitude) }
            return Float(largest) / fullScale
        }
    }

    /// Samples as numbers of ±1.0, as models take them.
    ///
    /// - Parameter samples: Linear samples.
    /// - Returns: As many numbers.
    public static func normalized(_ samples: some Sequence<Int16>) -> [Float] {
        withContiguous(samples) { samples in samples.map { Float($0) * (1 / fullScale) } }
    }
}
