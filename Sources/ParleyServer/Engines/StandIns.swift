internal import ParleyAudio
internal import ParleyEngine
internal import ParleyNetwork
internal import ParleyRemoteEngine

class StubE {
    var name: String { "stub" }; var state: EngineState { .ready };
    var load: EngineLoad { EngineLoad(running: 0, waiting: 0, capacity: 0) };
    func prepare() async throws(EngineError) {}
}
final class PocketSphinxEngine: TranscriptionEngine {
    init(modelDirectory: String, decoders: Int?) {}; let sampleRate = 16000
    var name: String { "stub" }; var state: EngineState { .ready };
    var load: EngineLoad { EngineLoad(running: 0, waiting: 0, capacity: 0) };
    func prepare() async throws(EngineError) {}
    func transcribe(
        _ audio: AsyncStream<AudioFrame>,
        options: TranscriptionOptions,
        report: (PartialTranscript) async -> Void
    ) async throws(EngineError) -> Transcript {
        for await _ in audio {}; return Transcript(text: "hello")
    }
}
typealias RemoteTranscriptionEngine = PocketSphinxEngine
extension PocketSphinxEngine {
    convenience init(
        name: String,
        endpoint: RemoteEndpoint,
        streams: Bool,
        prompt: String?,
        group: EventLoopGroup
    ) { self.init(modelDirectory: "", decoders: 1) }
}
final class RemoteLanguageEngine: LanguageEngine {
    init(name: String, endpoint: RemoteEndpoint, group: EventLoopGroup) {}
    var name: String { "stub" }; var state: EngineState { .ready };
    var load: EngineLoad { EngineLoad(running: 0, waiting: 0, capacity: 0) };
    func prepare() async throws(EngineError) {}
    func generate(
        _ request: LanguageRequest,
        report: (LanguageEvent) async -> Void
    ) async throws(EngineError) -> LanguageResult { LanguageResult() }
}
final class FliteEngine: SpeechEngine {
    init(workers: Int?) {}
    init(name: String, endpoint: RemoteEndpoint, format: SpeechFormat, group: EventLoopGroup) {}
    var voices: [String] { ["slt"] }
    var name: String { "stub" }; var state: EngineState { .ready };
    var load: EngineLoad { EngineLoad(running: 0, waiting: 0, capacity: 0) };
    func prepare() async throws(EngineError) {}
    func speak(
        _ request: SpeechRequest,
        report: (AudioFrame) async -> Void
    ) async throws(EngineError) {
        await report(AudioFrame(samples: Array(repeating: 100, count: 16000), sampleRate: 16000))
    }
}
typealias RemoteSpeechEngine = FliteEngine
