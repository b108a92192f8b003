public import ParleyAudio

/// Speaks text.
public protocol SpeechEngine: Engine {
    /// The voices it has, the default first; empty when the engine can't tell.
    var voices: [String] { get }
    /// The languages that its voices speak, as BCP 47 tags; empty when the engine can't tell.
    var languages: [String] { get }
    /// Speaks one clause.
    ///
    /// Returns when all of it was reported. Cancelling the task ends the work within 50 ms. While
    /// `report` waits, the engine waits or buffers within a bound.
    ///
    /// - Parameters:
    ///   - request: What to say, and how.
    ///   - report: Gets the audio piece by piece, at the engine's own rate, as early as it exists.
    /// - Throws: ``EngineError``; what was reported by then stands.
    func speak(
        _ request: SpeechRequest,
        report: (AudioFrame) async -> Void
    ) async throws(EngineError)
}

extension SpeechEngine {
    /// Nobody knows.
    public var languages: [String] { [] }
}

/// One clause to speak.
public struct SpeechRequest: Sendable, Equatable {
    /// What to say: at least a word, at most a clause.
    public var text: String
    /// A name of ``SpeechEngine/voices``; nil for the pipeline's own.
    public var voice: String?
    /// 1.0 is the voice's natural pace.
    public var speed: Double
    /// Nothing was said before it, so that quiet at its beginning is delay and no pause.
    public var beginsSpeech: Bool

    /// Makes a request.
    public init(
        text: String,
        voice: String? = nil,
        speed: Double = 1,
        beginsSpeech: Bool = true
    ) {
        self.text = text
        self.voice = voice
        self.speed = speed
        self.beginsSpeech = beginsSpeech
    }
}
