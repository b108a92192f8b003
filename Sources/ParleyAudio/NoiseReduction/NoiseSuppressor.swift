/// Takes the noise that stays the same out of speech: fans, streets, hum.
///
/// Each bin of a short spectrum is turned down by how much of it is noise. Output is aligned with
/// input, sample by sample; what is held back is less than a frame.
///
/// A value: the same samples in give the same samples out on every machine, however they were cut
/// into calls.
///
/// - Units: Frames of 512 samples, 21 ms at 24 kHz, half of each in the next.
public struct NoiseSuppressor: Sendable {
    /// Where the microphone is.
    public enum Microphone: Sendable, Hashable {
        /// Before the mouth: noise is turned down gently, so that the voice stays as it is.
        case near
        /// Somewhere in the room: noise is turned down further.
        case far
    }

    private static let frameLength = RealTransform.length
    private static let step = frameLength / 2

    /// Rises and falls so that frames which overlap add up to what came in.
    private static let shape: [Float] = (0..<frameLength).map { index in
        Float(sine(halfTurns: Double(index) / Double(frameLength)))
    }

    /// Where the microphone is; may change at any time.
    public var microphone: Microphone {
        didSet { (gain.floor, gain.weight) = (floor, microphone.weight) }
    }
    /// How much of what can be taken away is, from 0 to 1; may change at any time.
    public var strength: Float {
        didSet { gain.floor = floor }
    }
    private var gain: SpectralGain
    /// The newest input: half a frame that was in a frame already, then what came after it.
    private var input = [Float](repeating: 0, count: frameLength)
    private var inputCount = step
    /// What the last frame adds to the next.
    private var overlap = [Float](repeating: 0, count: step)
    /// Output of the next frame that belongs to the time before the first sample.
    private var skippedCount = step

    /// Listens to a stream from its beginning.
    public init(_ microphone: Microphone, strength: Float = 1) {
        self.microphone = microphone
        self.strength = strength
        gain = SpectralGain(floor: 1, weight: microphone.weight)
        gain.floor = floor
    }

    /// What is left of noise in any case.
    private var floor: Float { 1 - strength * (1 - microphone.floor) }

    /// Samples that came in and did not come out yet.
    public var heldBackCount: Int { inputCount - skippedCount }

    /// Filters the next samples.
    ///
    /// - Parameter samples: Any number.
    /// - Returns: What can be said by now.
    public mutating func process(_ samples: some Sequence<Int16>) -> [Int16] {
        withContiguous(samples) { samples in
            var output: [Int16] = []
            output.reserveCapacity(samples.count + Self.step)
            var rest = samples[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Self.frameLength - inputCount)
                rest = rest.dropFirst(piece.count)
                for sample in piece {
                    input[inputCount] = Float(sample)
                    inputCount += 1
                }
                if inputCount == Self.frameLength { filterFrame(into: &output) }
            }
            return output
        }
    }

    /// Ends the stream; what is known of the noise stays for the next one.
    ///
    /// - Returns: The samples that were held back.
    public mutating func finish() -> [Int16] {
        let count = heldBackCount
        let silence = repeatElement(Int16(0), count: Self.frameLength)
        let output = Array(process(silence).prefix(count))
        reset()
        return output
    }

    /// Forgets what was held back; what is known of the noise stays.
    public mutating func reset() {
        for index in input.indices { input[index] = 0 }
        for index in overlap.indices { overlap[index] = 0 }
        gain.forgetSpeech()
        inputCount = Self.step
        skippedCount = Self.step
    }

    private mutating func filterFrame(into output: inout [Int16]) {
        withUnsafeTemporaryAllocation(
            of: Float.self,
            capacity: RealTransform.scratchCount + Self.frameLength
        ) { room in
            guard let scratch = room.baseAddress else { return }
            room.initialize(repeating: 0)
            let frame = scratch + RealTransform.scratchCount
            let shape = Self.shape
            for index in 0..<Self.frameLength { frame[index] = input[index] * shape[index] }
            RealTransform.shared.forward(frame, scratch)
            gain.apply(to: RealTransform.spectrum(in: scratch))
            RealTransform.shared.inverse(frame, scratch)
            for index in 0..<Self.frameLength { frame[index] *= shape[index] }
            add(frame, to: &output)
        }
        for index in 0..<Self.step { input[index] = input[index + Self.step] }
        inputCount = Self.step
    }

    private mutating func add(_ frame: UnsafeMutablePointer<Float>, to output: inout [Int16]) {
        for index in 0..<Self.step {
            if skippedCount == 0 { output.append(saturated(overlap[index] + frame[index])) }
            overlap[index] = frame[index + Self.step]
        }
        skippedCount = 0
    }
}

extension NoiseSuppressor.Microphone {
    /// By 12 and by 18 dB.
    ///
    /// Chosen: what is further down is missed by nobody, and recognisers lose words with it.
    fileprivate var floor: Float {
        switch self {
        case .near: 0.25
        case .far: 0.125
        }
    }

    fileprivate var weight: Float {
        switch self {
        case .near: 1
        case .far: 1.3
        }
    }
}
