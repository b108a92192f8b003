/// Tells speech from everything else.
///
/// Cheap enough to run on the caller's thread. An object: streams whose detectors one engine made
/// can be judged together.
public protocol VoiceActivityEngine: Engine, AnyObject {
    /// Begins to listen to one stream of audio.
    ///
    /// - Throws: ``EngineError`` when the engine is not ready.
    func makeDetector() throws(EngineError) -> any VoiceActivityDetector

    /// Judges the next frame of each of several streams.
    ///
    /// For engines to which many frames at once are cheaper than one after the other; a stream gets
    /// the same probabilities either way. Without it, they are judged one after the other.
    ///
    /// - Parameter frames: Of this engine's detectors, each of them once.
    /// - Returns: The probability of speech for each, 0 to 1.
    func probabilities(of frames: [VoiceActivityFrame]) -> [Float]
}

extension VoiceActivityEngine {
    /// Judges the frames one after the other.
    public func probabilities(of frames: [VoiceActivityFrame]) -> [Float] {
        frames.map { $0.detector.probability(of: $0.samples) }
    }
}

/// The ear of one stream: frames in order, a probability for each.
///
/// A detector is confined to its owner: it has state and no lock.
public protocol VoiceActivityDetector: AnyObject {
    /// Rate of the samples it takes, in Hz.
    var sampleRate: Int { get }
    /// Samples in one frame.
    var frameLength: Int { get }
    /// Judges the next frame.
    ///
    /// - Parameter frame: Exactly ``frameLength`` samples, ±1.0.
    /// - Returns: The probability of speech, 0 to 1.
    func probability(of frame: UnsafeBufferPointer<Float>) -> Float
    /// Forgets what it heard.
    func reset()
}

/// The next frame of one stream, and the ear that is to judge it.
public struct VoiceActivityFrame {
    /// The stream's ear.
    public var detector: any VoiceActivityDetector
    /// Exactly as many samples as the detector's frame has, ±1.0; lent for the call.
    public var samples: UnsafeBufferPointer<Float>

    /// Makes a frame.
    public init(detector: any VoiceActivityDetector, samples: UnsafeBufferPointer<Float>) {
        self.detector = detector
        self.samples = samples
    }
}
