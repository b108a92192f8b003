public import ParleyAudio

/// Turns speech into text.
public protocol TranscriptionEngine: Engine {
    /// Rate of the samples it wants, in Hz.
    var sampleRate: Int { get }
    /// Recognises one utterance while it is being spoken.
    ///
    /// Returns when `audio` has ended and the text is final. Cancelling the task ends the work
    /// within 50 ms.
    ///
    /// - Parameters:
    ///   - audio: The utterance as it comes, at ``sampleRate``.
    ///   - options: What the session asks for.
    ///   - report: Gets the text so far whenever it changed; the whole text each time, not the
    ///     increment.
    /// - Returns: The final text.
    /// - Throws: ``EngineError``.
    func transcribe(
        _ audio: AsyncStream<AudioFrame>,
        options: TranscriptionOptions,
        report: (PartialTranscript) async -> Void
    ) async throws(EngineError) -> Transcript
}

/// What a session asks of the recogniser.
public struct TranscriptionOptions: Sendable, Equatable {
    /// The model's name as the session has it; nil for the pipeline's own.
    public var model: String?
    /// ISO 639-1 code; nil to let the engine decide.
    public var language: String?
    /// Words that may come up, in the engine's own sense.
    public var prompt: String?
    /// The session shows partial text; an engine may skip that work otherwise.
    public var wantsPartials: Bool

    /// Makes options.
    public init(
        model: String? = nil,
        language: String? = nil,
        prompt: String? = nil,
        wantsPartials: Bool = true
    ) {
        self.model = model
        self.language = language
        self.prompt = prompt
        self.wantsPartials = wantsPartials
    }
}

/// Text of an utterance that is still going on.
public struct PartialTranscript: Sendable, Equatable {
    /// All that was understood so far.
    public var text: String
    /// How many of its characters will not change any more.
    public var stableCount: Int

    /// Makes a partial.
    public init(text: String, stableCount: Int) {
        self.text = text
        self.stableCount = stableCount
    }
}

/// What was understood of an utterance.
public struct Transcript: Sendable, Equatable {
    /// The words; empty where nothing was understood.
    public var text: String
    /// ISO 639-1 code, where the engine tells.
    public var language: String?

    /// Makes a transcript.
    public init(text: String, language: String? = nil) {
        self.text = text
        self.language = language
    }
}
