internal import Glibc

/// A logarithmic axis that begins and ends at powers of ten.
struct LogAxis: Sendable, Equatable {
    /// The exponents of the first and of the last tick.
    let decades: ClosedRange<Int>
    /// Where the axis lies, in pixels.
    let pixels: ClosedRange<Double>

    /// Takes the decades around values: one at least, nine at most.
    init(covering values: ClosedRange<Double>, pixels: ClosedRange<Double>) {
        // Below a nanosecond and beyond a day, in milliseconds, nothing is worth a picture.
        let low = min(max(values.lowerBound, 1e-6), 1e8)
        let high = min(max(values.upperBound, low), 1e8)
        let first = Int(log10(low).rounded(.down))
        let last = max(Int(log10(high).rounded(.up)), first + 1)
        decades = max(first, last - 9)...last
        self.pixels = pixels
    }

    /// The labelled ticks: powers of ten.
    var majorTicks: [Double] { decades.map { pow(10, Double($0)) } }

    /// The unlabelled lines between them: 2, 3, … 9 times a power of ten.
    var minorTicks: [Double] {
        majorTicks.dropLast().flatMap { tick in (2...9).map { Double($0) * tick } }
    }

    /// Where a value lies; what is outside is put on the edge.
    func pixel(of value: Double) -> Double {
        let low = Double(decades.lowerBound)
        let exponent = value > 0 ? log10(value) : low
        let share = (exponent - low) / (Double(decades.upperBound) - low)
        return pixels.lowerBound
            + min(max(share, 0), 1) * (pixels.upperBound - pixels.lowerBound)
    }
}
