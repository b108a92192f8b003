internal import CSilero
internal import ParleyEngine

/// The ear of one stream: 1,280 bytes of memory beside the shared model.
package final class SileroDetector: VoiceActivityDetector {
    private let model: SileroModel
    private var memory = silero_state()

    /// Makes an ear that has heard nothing.
    package init(_ model: SileroModel) {
        self.model = model
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
        return silero_step(model.pointer, &memory, samples)
    }

    /// Forgets what it heard.
    package func reset() {
        memory = silero_state()
    }
}
