internal import CSilero
internal import ParleyEngine

/// The ear of one stream: 1,280 bytes of memory beside the shared model.
package final class SileroDetector: VoiceActivityDetector {
    private let model: SileroModel
    private let memory: UnsafeMutablePointer<silero_state>

    /// Makes an ear that has heard nothing.
    package init(_ model: SileroModel) {
        self.model = model
        memory = .allocate(capacity: 1)
        memory.initialize(to: silero_state())
    }

    deinit {
        memory.deallocate()
    }

    /// Rate of the samples it takes, in Hz.
    package var sampleRate: Int { 16_000 }
    /// Samples in one frame: 32 ms.
    package var frameLength: Int { Int(SILERO_FRAME_LENGTH) }

    /// Judges the next frame.
    ///
    /// - Parameter frame: Exactly ``frameLength`` samples, ±1.0.
    /// - Returns: The probability of speech; 0 for a frame of another length, which is not heard.
    package func probability(of frame: UnsafeBufferPointer<Float>) -> Float {
        guard frame.count == frameLength, let samples = frame.baseAddress else {
            assertionFailure("found a frame of \(frame.count) samples, expected \(frameLength)")
            return 0
        }
        return silero_step(model.pointer, memory, samples)
    }

    /// Judges the next frame of each of several streams together, which is nearly twice as fast.
    ///
    /// - Parameter frames: Of detectors of one model, each of them once.
    /// - Returns: What ``probability(of:)`` would for each; nil when they are not such frames.
    static func probabilities(of frames: [VoiceActivityFrame]) -> [Float]? {
        guard let model = (frames.first?.detector as? SileroDetector)?.model else { return nil }
        var memories: [UnsafeMutablePointer<silero_state>?] = []
        var samples: [UnsafePointer<Float>?] = []
        memories.reserveCapacity(frames.count)
        samples.reserveCapacity(frames.count)
        for frame in frames {
            guard let detector = frame.detector as? SileroDetector, detector.model === model,
                frame.samples.count == detector.frameLength
            else { return nil }
            memories.append(detector.memory)
            samples.append(frame.samples.baseAddress)
        }
        return [Float](unsafeUninitializedCapacity: frames.count) { probabilities, count in
            silero_step_many(
                model.pointer,
                memories,
                samples,
                frames.count,
                probabilities.baseAddress
            )
            count = frames.count
        }
    }

    /// Forgets what it heard.
    package func reset() {
        memory.pointee = silero_state()
    }
}
