/// The Fourier transform of ``length`` real samples, and back.
///
/// Even and odd samples are the two parts of half as many complex numbers, whose transform sorts
/// itself while it goes to and fro between two buffers (Stockham, radix 2).
struct RealTransform: Sendable {
    /// Samples of a frame.
    static let length = 512
    /// Bins of its spectrum, from 0 Hz to half the sample rate.
    static let binCount = length / 2 + 1
    /// Numbers that ``forward(_:_:)`` and ``inverse(_:_:)`` need room for.
    static let scratchCount = 2 * length + 2 * binCount

    private static let pointCount = length / 2

    /// All streams share the tables.
    static let shared = RealTransform()

    /// cos(2πk / length) and -sin(2πk / length) for half a turn.
    private let cosine: [Float]
    private let negativeSine: [Float]

    private init() {
        let turns = (0..<Self.pointCount).map { 2 * Double($0) / Double(Self.length) }
        cosine = turns.map { Float(sine(halfTurns: $0 + 0.5)) }
        negativeSine = turns.map { Float(-sine(halfTurns: $0)) }
    }

    /// Complex numbers, their two parts apart.
    struct Numbers {
        let real: UnsafeMutablePointer<Float>
        let imaginary: UnsafeMutablePointer<Float>

        init(at start: UnsafeMutablePointer<Float>, count: Int) {
            real = start
            imaginary = start + count
        }
    }

    /// The spectrum's place in a scratch buffer.
    static func spectrum(in scratch: UnsafeMutablePointer<Float>) -> Numbers {
        Numbers(at: scratch + 2 * length, count: binCount)
    }

    /// Transforms a frame; its spectrum is in the scratch buffer then.
    func forward(_ samples: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) {
        let points = Numbers(at: scratch, count: Self.pointCount)
        for index in 0..<Self.pointCount {
            points.real[index] = samples[2 * index]
            points.imaginary[index] = samples[2 * index + 1]
        }
        let other = Numbers(at: scratch + Self.length, count: Self.pointCount)
        split(transform(points, other), into: Self.spectrum(in: scratch))
    }

    /// Transforms the spectrum in the scratch buffer back.
    func inverse(_ samples: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) {
        // With its parts exchanged before and after, the transform goes backwards.
        let points = Numbers(at: scratch, count: Self.pointCount)
        join(Self.spectrum(in: scratch), into: points)
        let other = Numbers(at: scratch + Self.length, count: Self.pointCount)
        let result = transform(points, other)
        let scale = 1 / Float(Self.pointCount)
        for index in 0..<Self.pointCount {
            samples[2 * index] = result.imaginary[index] * scale
            samples[2 * index + 1] = result.real[index] * scale
        }
    }

    // MARK: The complex transform

    private func transform(_ first: Numbers, _ second: Numbers) -> Numbers {
        cosine.withUnsafeBufferPointer { cosine in
            negativeSine.withUnsafeBufferPointer { negativeSine in
                var (from, to) = (first, second)
                var stride = 1
                while stride < Self.pointCount {
                    for turn in 0..<Self.pointCount / stride / 2 {
                        let place = 2 * turn * stride
                        let factor = (cosine[place], negativeSine[place])
                        combine(from, to, turn * stride, stride, factor)
                    }
                    (from, to) = (to, from)
                    stride *= 2
                }
                return from
            }
        }
    }

    /// The butterflies that share one factor: sums, and differences turned by it.
    @inline(__always)
    private func combine(
        _ from: Numbers,
        _ to: Numbers,
        _ start: Int,
        _ stride: Int,
        _ factor: (real: Float, imaginary: Float)
    ) {
        for index in start..<start + stride {
            let other = index + Self.pointCount / 2
            let sum = index + start
            to.real[sum] = from.real[index] + from.real[other]
            to.imaginary[sum] = from.imaginary[index] + from.imaginary[other]
            let x = from.real[index] - from.real[other]
            let y = from.imaginary[index] - from.imaginary[other]
            to.real[sum + stride] = x * factor.real - y * factor.imaginary
            to.imaginary[sum + stride] = x * factor.imaginary + y * factor.real
        }
    }

    // MARK: From complex points to the spectrum of real samples, and back

    private func split(_ points: Numbers, into spectrum: Numbers) {
        let last = Self.pointCount
        spectrum.real[0] = points.real[0] + points.imaginary[0]
        spectrum.imaginary[0] = 0
        spectrum.real[last] = points.real[0] - points.imaginary[0]
        spectrum.imaginary[last] = 0
        for bin in 1..<last {
            let mirror = last - bin
            let even = (points.real[bin] + points.real[mirror]) / 2
            let evenImaginary = (points.imaginary[bin] - points.imaginary[mirror]) / 2
            let odd = (points.imaginary[bin] + points.imaginary[mirror]) / 2
            let oddImaginary = (points.real[mirror] - points.real[bin]) / 2
            let (c, s) = (cosine[bin], negativeSine[bin])
            spectrum.real[bin] = even + odd * c - oddImaginary * s
            spectrum.imaginary[bin] = evenImaginary + odd * s + oddImaginary * c
        }
    }

    /// The parts of the points are exchanged.
    private func join(_ spectrum: Numbers, into points: Numbers) {
        let last = Self.pointCount
        for bin in 0..<last {
            let mirror = last - bin
            let even = (spectrum.real[bin] + spectrum.real[mirror]) / 2
            let evenImaginary = (spectrum.imaginary[bin] - spectrum.imaginary[mirror]) / 2
            let x = (spectrum.real[bin] - spectrum.real[mirror]) / 2
            let y = (spectrum.imaginary[bin] + spectrum.imaginary[mirror]) / 2
            let (c, s) = (cosine[bin], -negativeSine[bin])
            let odd = x * c - y * s
            let oddImaginary = x * s + y * c
            points.imaginary[bin] = even - oddImaginary
            points.real[bin] = evenImaginary + odd
        }
    }
}
