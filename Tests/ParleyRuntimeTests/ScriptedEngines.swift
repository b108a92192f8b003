import ParleyAudio
import ParleyEngine
import Synchronization

/// What all engines here have in common: always ready, never busy.
protocol ReadyEngine: Engine {}

extension ReadyEngine {
    var name: String { "scripted" }
    var state: EngineState { .ready }
    var load: EngineLoad { .none }
    func prepare() async throws(EngineError) {}
}

/// Calls everything speech that is louder than a whisper.
final class LoudnessEngine: VoiceActivityEngine, ReadyEngine {
    func makeDetector() throws(EngineError) -> any VoiceActivityDetector { LoudnessDetector() }
}

final class LoudnessDetector: VoiceActivityDetector {
    let sampleRate = 16_000
    let frameLength = 512

    func probability(of frame: UnsafeBufferPointer<Float>) -> Float {
        let loudness = frame.reduce(0) { $0 + abs($1) } / Float(frame.count)
        return loudness > 0.1 ? 1 : 0
    }

    func reset() {}
}

/// Understands the same sentence whatever it hears.
struct FixedRecogniser: TranscriptionEngine, ReadyEngine {
    var text = "hello"
    var failure: EngineError?
    var logprobs: [TokenLogprob]?
    var segments: [SpeakerSegment] = []
    var isSpeculative = false
    /// Gets a word when the session has the text of a pause; then the end never comes by itself.
    var answered: AsyncStream<Void>.Continuation?
    let sampleRate = 16_000

    func transcribe(
        _ speech: AsyncStream<SpeechPiece>,
        options: TranscriptionOptions,
        report: (TranscriptionReport) async -> Void
    ) async throws(EngineError) -> Transcript {
        for await piece in speech {
            guard case .pause(let pause) = piece else { continue }
            await report(.provisional(Transcript(text: text), pause))
            guard let answered else { continue }
            answered.yield()
            try await untilCancelled()
        }
        if let failure { throw failure }
        var transcript = Transcript(text: text)
        transcript.logprobs = logprobs
        transcript.segments = segments
        return transcript
    }
}

/// Says what it is told to say, piece by piece, and then maybe waits to be cancelled.
struct FixedModel: LanguageEngine, ReadyEngine {
    var events: [LanguageEvent] = [.text("Hello there. "), .text("How are you?")]
    var failure: EngineError?
    var staysSilentUntilCancelled = false

    func generate(
        _ request: LanguageRequest,
        report: (LanguageEvent) async -> Void
    ) async throws(EngineError) -> LanguageResult {
        for event in events { await report(event) }
        if let failure { throw failure }
        if staysSilentUntilCancelled { try await untilCancelled() }
        return LanguageResult(outputTokens: 5)
    }
}

/// Makes a tenth of a second of sound for each clause.
struct HummingVoice: SpeechEngine, ReadyEngine {
    var voices = ["hum"]
    var failure: EngineError?
    var hangs = false

    func speak(
        _ request: SpeechRequest,
        report: (AudioFrame) async -> Void
    ) async throws(EngineError) {
        if let failure { throw failure }
        await report(
            AudioFrame(samples: Array(repeating: 1_000, count: 1_600), sampleRate: 16_000)
        )
        if hangs { try await untilCancelled() }
    }
}

/// Returns only by cancellation, as an engine that is busy for long.
private func untilCancelled() async throws(EngineError) {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    await withTaskCancellationHandler {
        for await _ in stream {}
    } onCancel: {
        continuation.finish()
    }
    throw EngineError(.cancelled, "cancelled while waiting")
}
