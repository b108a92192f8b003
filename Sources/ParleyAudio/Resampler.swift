/// Changes the rate of a stream of samples.
///
/// A polyphase FIR filter. Output is aligned with input: sample `n` sounds at `n / outputRate`, and
/// a whole stream of `n` samples gives `n * outputRate / inputRate` of them, rounded up, once it
/// was finished. What is held back until then is ``ResamplingFilter/lookAhead``, less than 2 ms.
///
/// A value: copies go their own ways, and the same samples in give the same samples out on every
/// machine, however they were cut into calls. A call allocates nothing but its result.
///
/// - Units: Rates of 8,000 to 48,000 Hz, ``supportedRates``; others are clamped into that range.
/// - Source: Measured in release on one x86-64 core with SSE2, 20 ms a call: 50 to 180 µs for one
///   second of audio.
public struct Resampler: Sendable {
    /// Rates that can be converted from and to, in Hz.
    public static let supportedRates = 8_000...48_000

    /// Samples a second that come in, in Hz.
    public let inputRate: Int
    /// Samples a second that go out, in Hz.
    public let outputRate: Int

    /// Nil when there is nothing to change.
    private let filter: ResamplingFilter?
    /// Outputs lie on a grid of `upsampling` points between two inputs...
    private let upsampling: Int
    /// ...and each is this many points after the one before.
    private let downsampling: Int

    /// Where the next output lies between two input samples, in grid points.
    private var phase = 0
    /// Where the next output's row begins in ``window``.
    private var position = 0
    /// Samples from the past that rows still reach, then the newest.
    private var window: [Float] = []
    private var inputCount = 0
    private var outputCount = 0

    /// Input samples taken into the window at once; bounds the memory that a long call leaves
    /// behind.
    private static let blockLength = 1_024

    /// Makes a resampler at the start of a stream.
    public init(from inputRate: Int, to outputRate: Int) {
        self.inputRate = Self.clamped(inputRate)
        self.outputRate = Self.clamped(outputRate)
        let divisor = greatestCommonDivisor(self.inputRate, self.outputRate)
        upsampling = self.outputRate / divisor
        downsampling = self.inputRate / divisor
        filter =
            self.inputRate == self.outputRate
            ? nil
            : ResamplingFilter(
                inputRate: self.inputRate,
                outputRate: self.outputRate,
                phaseCount: upsampling
            )
        reset()
    }

    /// How much of the newest input does not sound in the output yet.
    public var delay: Duration {
        .nanoseconds(Int64(filter?.lookAhead ?? 0) * 1_000_000_000 / Int64(inputRate))
    }

    /// Converts the next samples.
    ///
    /// - Parameter samples: Any number, at ``inputRate``.
    /// - Returns: What can be said by now, at ``outputRate``.
    public mutating func process(_ samples: some Sequence<Int16>) -> [Int16] {
        var output: [Int16] = []
        process(samples, into: &output)
        return output
    }

    /// Converts the next samples and appends them.
    ///
    /// - Parameters:
    ///   - samples: Any number, at ``inputRate``.
    ///   - output: Gets what can be said by now, at ``outputRate``.
    public mutating func process(_ samples: some Sequence<Int16>, into output: inout [Int16]) {
        withContiguous(samples) { samples in
            output.reserveCapacity(output.count + expectedCount(after: samples.count))
            guard let filter else {
                output.append(contentsOf: samples)
                return
            }
            var rest = samples[...]
            while !rest.isEmpty {
                let block = rest.prefix(Self.blockLength)
                rest = rest.dropFirst(block.count)
                inputCount += block.count
                window.append(contentsOf: block.lazy.map { Float($0) })
                drain(filter, into: &output)
            }
        }
    }

    /// Ends the stream: what was held back comes out, and the resampler is at the start of a new
    /// one.
    ///
    /// - Returns: The last samples, at ``outputRate``.
    public mutating func finish() -> [Int16] {
        var output: [Int16] = []
        if let filter {
            let remaining = total(for: inputCount) - outputCount
            window.append(contentsOf: repeatElement(0, count: filter.lookAhead + 1))
            drain(filter, into: &output)
            output.removeLast(max(0, output.count - remaining))
        }
        reset()
        return output
    }

    /// Forgets the stream so far.
    public mutating func reset() {
        phase = 0
        position = 0
        inputCount = 0
        outputCount = 0
        guard let filter else { return }
        window.removeAll(keepingCapacity: true)
        window.reserveCapacity(filter.rowLength + Self.blockLength)
        // Silence before the first sample, so that the first output's row is whole.
        window.append(
            contentsOf: repeatElement(0, count: filter.rowLength - filter.lookAhead - 1)
        )
    }

    private static func clamped(_ rate: Int) -> Int {
        min(max(rate, supportedRates.lowerBound), supportedRates.upperBound)
    }

    /// Samples that a stream of this length gives in all, rounded up.
    private func total(for inputCount: Int) -> Int {
        (inputCount * upsampling + downsampling - 1) / downsampling
    }

    private func expectedCount(after inputCount: Int) -> Int {
        inputCount * upsampling / downsampling + 1
    }
}

// MARK: - The loop

extension Resampler {
    private mutating func drain(_ filter: ResamplingFilter, into output: inout [Int16]) {
        let before = output.count
        var (position, phase) = (position, phase)
        window.withUnsafeBytes { window in
            filter.coefficients.withUnsafeBytes { rows in
                let lastPosition = window.count / MemoryLayout<Float>.stride - filter.rowLength
                while position <= lastPosition {
                    let start = position * MemoryLayout<Float>.stride
                    output.append(saturated(interpolate(filter, window, start, rows, phase)))
                    phase += downsampling
                    position += phase / upsampling
                    phase %= upsampling
                }
            }
        }
        outputCount += output.count - before
        // A position beyond the window is kept: those samples are still to come and will be
        // skipped.
        let used = min(position, window.count)
        window.removeSubrange(..<used)
        self.position = position - used
        self.phase = phase
    }

    @inline(__always)
    private func interpolate(
        _ filter: ResamplingFilter,
        _ window: UnsafeRawBufferPointer,
        _ start: Int,
        _ rows: UnsafeRawBufferPointer,
        _ phase: Int
    ) -> Float {
        let rowBytes = filter.rowLength * MemoryLayout<Float>.stride
        guard filter.isMixed else {
            return dot(window, start, rows, phase * rowBytes, rowBytes)
        }
        let exact = Float(phase) * Float(filter.rowCount - 1) / Float(upsampling)
        let row = min(Int(exact), filter.rowCount - 2)
        let lower = dot(window, start, rows, row * rowBytes, rowBytes)
        let upper = dot(window, start, rows, (row + 1) * rowBytes, rowBytes)
        return lower + (upper - lower) * (exact - Float(row))
    }
}

/// The scalar product of `byteCount` bytes of floats.
///
/// Multiply and add stay two operations: `addingProduct` is a library call for each lane where the
/// target has no fused one.
@inline(__always)
private func dot(
    _ left: UnsafeRawBufferPointer,
    _ leftOffset: Int,
    _ right: UnsafeRawBufferPointer,
    _ rightOffset: Int,
    _ byteCount: Int
) -> Float {
    var sum = SIMD8<Float>.zero
    var offset = 0
    while offset < byteCount {
        sum +=
            left.loadUnaligned(fromByteOffset: leftOffset + offset, as: SIMD8<Float>.self)
            * right.loadUnaligned(fromByteOffset: rightOffset + offset, as: SIMD8<Float>.self)
        offset += MemoryLayout<SIMD8<Float>>.stride
    }
    return sum.sum()
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
}
