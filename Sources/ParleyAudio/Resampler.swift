internal import CResampler

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
/// - Source: Measured in release on one x86-64 core with SSE2, 20 ms a call: 105 to 310 µs for one
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

    /// Where the next output's row begins in ``window``, and the grid point after that.
    private var place = resampler_place()
    /// Room for the samples from the past that rows still reach, and for a block of new ones.
    private var window: [Float] = []
    /// How many samples are in ``window``.
    private var windowCount = 0
    private var inputCount = 0
    private var outputCount = 0

    /// Input samples taken into the window at once.
    ///
    /// Chosen: a thousand streams take turns on one processor, and what each of them touches should
    /// stay in its cache.
    private static let blockLength = 256

    /// Makes a resampler at the start of a stream.
    public init(
        from inputRate: Int,
        to outputRate: Int,
        quality: ResamplingQuality = .listening
    ) {
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
                phaseCount: upsampling,
                quality: quality
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
        withContiguous(samples) { samples in
            guard let filter else { return Array(samples) }
            let most = outputCount(ofInput: samples.count)
            return [Int16](unsafeUninitializedCapacity: most) { output, length in
                guard let start = output.baseAddress else { return }
                length = run(filter, samples) { filter, window, count, place, written in
                    resampler_run_linear(filter, window, count, &place, start + written)
                }
            }
        }
    }

    /// Converts the next samples to numbers of ±1.0, as models take them.
    ///
    /// - Parameters:
    ///   - samples: Any number, at ``inputRate``.
    ///   - output: Where to write; room for ``outputCount(ofInput:)`` of them.
    /// - Returns: How many were written: what can be said by now, at ``outputRate``.
    public mutating func process(
        _ samples: UnsafeBufferPointer<Int16>,
        into output: UnsafeMutableBufferPointer<Float>
    ) -> Int {
        precondition(
            output.count >= outputCount(ofInput: samples.count),
            "found no room for the output"
        )
        guard let start = output.baseAddress else { return 0 }
        guard let filter else {
            for (index, sample) in samples.enumerated() {
                output.initializeElement(at: index, to: Float(sample) / Level.fullScale)
            }
            return samples.count
        }
        return run(filter, samples) { filter, window, count, place, written in
            resampler_run_normalized(filter, window, count, &place, start + written)
        }
    }

    /// The most samples that one call may return for so many that come in.
    public func outputCount(ofInput count: Int) -> Int {
        count * upsampling / downsampling + 1
    }

    /// Ends the stream: what was held back comes out, and the resampler is at the start of a new
    /// one.
    ///
    /// - Returns: The last samples, at ``outputRate``.
    public mutating func finish() -> [Int16] {
        guard let filter else { return [] }
        let remaining = (inputCount * upsampling + downsampling - 1) / downsampling - outputCount
        // Silence after the last sample, so that the last output's row is whole.
        let silence = [Int16](repeating: 0, count: filter.lookAhead + 1)
        let output = process(silence)
        reset()
        return Array(output.prefix(remaining))
    }

    /// Forgets the stream so far.
    public mutating func reset() {
        place = resampler_place()
        inputCount = 0
        outputCount = 0
        guard let filter else { return }
        if window.isEmpty {
            window = Array(repeating: 0, count: filter.rowLength + Self.blockLength)
        }
        // Silence before the first sample, so that the first output's row is whole.
        windowCount = filter.rowLength - filter.lookAhead - 1
        for index in 0..<windowCount { window[index] = 0 }
    }

    private static func clamped(_ rate: Int) -> Int {
        min(max(rate, supportedRates.lowerBound), supportedRates.upperBound)
    }
}

// MARK: - The loop

extension Resampler {
    /// One run of the kernel: gets filter, window, its length, the place and how much was written;
    /// returns how much it wrote.
    private typealias Run = (
        UnsafePointer<resampler_filter>, UnsafePointer<Float>, Int, inout resampler_place, Int
    ) -> Int

    /// - Returns: How many samples were written.
    @inline(__always)
    private mutating func run(
        _ filter: ResamplingFilter,
        _ samples: UnsafeBufferPointer<Int16>,
        _ kernel: Run
    ) -> Int {
        var written = 0
        var rest = samples[...]
        while !rest.isEmpty {
            let block = UnsafeBufferPointer(rebasing: rest.prefix(window.count - windowCount))
            rest = rest.dropFirst(block.count)
            written += run(filter, block: block, written, kernel)
        }
        inputCount += samples.count
        outputCount += written
        return written
    }

    /// Takes a block, says everything whose row lies within the window, and drops what no row
    /// reaches any more.
    private mutating func run(
        _ filter: ResamplingFilter,
        block: UnsafeBufferPointer<Int16>,
        _ written: Int,
        _ kernel: Run
    ) -> Int {
        var (place, count) = (place, windowCount)
        let more = window.withUnsafeMutableBufferPointer { window in
            filter.withRows(upsampling, downsampling) { filter in
                guard let window = window.baseAddress else { return 0 }
                resampler_load(block.baseAddress, block.count, window + count)
                count += block.count
                let more = kernel(filter, window, count, &place, written)
                // A place beyond the window is kept: those samples are still to come and will be
                // skipped.
                let used = min(place.position, count)
                count -= used
                place.position -= used
                window.update(from: window + used, count: count)
                return more
            }
        }
        self.place = place
        windowCount = count
        return more
    }
}

extension ResamplingFilter {
    /// Lends the filter as the kernel reads it.
    fileprivate func withRows<Result>(
        _ upsampling: Int,
        _ downsampling: Int,
        _ body: (UnsafePointer<resampler_filter>) -> Result
    ) -> Result {
        coefficients.withUnsafeBufferPointer { rows in
            let filter = resampler_filter(
                rows: rows.baseAddress,
                row_length: rowLength,
                row_count: rowCount,
                upsampling: upsampling,
                downsampling: downsampling
            )
            return withUnsafePointer(to: filter, body)
        }
    }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
}
