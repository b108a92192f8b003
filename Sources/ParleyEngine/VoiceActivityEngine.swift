/// Tells speech from everything else.
///
/// Cheap enough to run on the caller's thread.
public protocol VoiceActivityEngine: Engine {
    /// Begins to listen to one stream of audio.
    ///
    /// - Throws: ``EngineError`` when the engine is not ready.
    func makeDetector() throws(EngineError) -> any VoiceActivityDetector
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
