package import ParleyEngine
internal import ParleyEngineThreads

/// Silero VAD 6: tells speech from everything else.
///
/// About 13 µs for a frame of 32 ms, and 8 µs where several streams are judged together.
///
/// The network's arithmetic is our own (`CSilero`); only its weights come from the silero-vad
/// package. One model serves all streams.
package final class SileroEngine: VoiceActivityEngine {
    /// The most bytes a model file may have.
    ///
    /// Chosen: the published one has 1.3 MB.
    private static let maximumByteCount = 16 << 20

    private let path: String
    private let model = EngineModel<SileroModel>()
    private let threads = EngineThreads("silero", count: 1, capacity: 1)

    /// Makes an engine that has not loaded anything.
    ///
    /// - Parameter path: `silero_vad_16k_op15.onnx` of silero-vad 6.
    package init(path: String) {
        self.path = path
    }

    /// The name in configuration.
    package var name: String { "silero" }
    /// Where it is in its life.
    package var state: EngineState { model.state }
    /// Always idle: detectors run on their callers' threads.
    package var load: EngineLoad { .none }

    /// Reads the model.
    ///
    /// - Throws: ``EngineError/Fault/load``, with the file's name and what is wrong with it.
    package func prepare() async throws(EngineError) {
        try await model.prepare { () async throws(EngineError) in
            let path = path
            return try await threads.run { _ throws(EngineError) in
                let bytes = try FileBytes.read(path, maximumByteCount: Self.maximumByteCount)
                return try SileroModel(onnx: bytes, name: path)
            }
        }
    }

    /// Begins to listen to one stream of audio.
    ///
    /// - Throws: ``EngineError`` when the model isn't there.
    package func makeDetector() throws(EngineError) -> any VoiceActivityDetector {
        SileroDetector(try model.loaded())
    }

    /// Judges the next frame of each of several streams together.
    package func probabilities(of frames: [VoiceActivityFrame]) -> [Float] {
        SileroDetector.probabilities(of: frames)
            ?? frames.map { $0.detector.probability(of: $0.samples) }
    }
}
