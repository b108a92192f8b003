public import ParleyAudio

/// Turns speech into text.
public protocol TranscriptionEngine: Engine {
    /// Rate of the samples it wants, in Hz.
    var sampleRate: Int { get }
    /// Whether it may be asked in a pause for the text, although the speaker may go on.
    ///
    /// True where a text that nobody needs costs little; only then pauses are told.
    var isSpeculative: Bool { get }
    /// Recognises one utterance while it is being spoken.
    ///
    /// Returns when `speech` has ended and the text is final. Cancelling the task ends the work
    /// within 50 ms.
    ///
    /// In a pause an engine may report ``TranscriptionReport/provisional(_:_:)``. If the speech
    /// ends there, this is what it must return, without doing the work again; if it goes on, the
    /// work ends promptly and nothing of it stays: ``SpeechPause/attempt(_:)`` does that. Work that
    /// fails in a pause fails the utterance only if the speech ends there.
    ///
    /// - Parameters:
    ///   - speech: The utterance as it comes, at ``sampleRate``, and where the speaker paused.
    ///   - options: What the session asks for.
    ///   - report: Gets the text so far whenever it changed; the whole text each time, not the
    ///     increment.
    /// - Returns: The final text.
    /// - Throws: ``EngineError``.
    func transcribe(
        _ speech: AsyncStream<SpeechPiece>,
        options: TranscriptionOptions,
        report: (TranscriptionReport) async -> Void
    ) async throws(EngineError) -> Transcript
}

/// What a recogniser is given of an utterance.
public enum SpeechPiece: Sendable {
    /// More audio.
    case audio(AudioFrame)
    /// The speaker paused, maybe for good: either the stream ends next, or he goes on.
    case pause(SpeechPause)
}

/// What a recogniser says while the utterance goes on.
public enum TranscriptionReport: Sendable {
    /// The text so far, which may change.
    case partial(PartialTranscript)
    /// The final text, if the speech ended with this pause.
    case provisional(Transcript, SpeechPause)
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
    /// The session wants to know how probable each token is; engines that can't tell ignore it.
    public var wantsLogprobs: Bool
    /// Whose speech it is, in the server's own terms; nil for nobody's in particular.
    ///
    /// Engines that have a queue let owners take turns.
    public var owner: String?

    /// Makes options.
    public init(
        model: String? = nil,
        language: String? = nil,
        prompt: String? = nil,
        wantsPartials: Bool = true,
        wantsLogprobs: Bool = false
    ) {
        self.model = model
        self.language = language
        self.prompt = prompt
        self.wantsPartials = wantsPartials
        self.wantsLogprobs = wantsLogprobs
    }
}

/// Text of an utterance that is still going on.
public struct PartialTranscript: Sendable, Equatable {
    /// All that was understood so far.
    public var text: String
    /// How many bytes of its UTF-8 will not change any more.
    public var stableByteCount: Int

    /// Makes a partial.
    public init(text: String, stableByteCount: Int) {
        self.text = text
        self.stableByteCount = stableByteCount
    }
}

/// What was understood of an utterance.
public struct Transcript: Sendable, Equatable {
    /// The words; empty where nothing was understood.
    public var text: String
    /// ISO 639-1 code, where the engine tells.
    public var language: String?
    /// How probable each token was; nil where the engine can't tell, or nobody asked.
    public var logprobs: [TokenLogprob]?
    /// Who spoke when; empty where the engine doesn't tell speakers apart.
    public var segments: [SpeakerSegment] = []

    /// Makes a transcript.
    public init(text: String, language: String? = nil) {
        self.text = text
        self.language = language
    }
}

/// A piece of a transcript, and how sure the recogniser was of it.
public struct TokenLogprob: Sendable, Equatable {
    /// The piece as it stands in the text.
    public var token: String
    /// Natural logarithm of its probability.
    public var logprob: Double
    /// Its UTF-8; nil where the engine doesn't tell.
    public var bytes: [UInt8]?

    /// Makes an entry.
    public init(token: String, logprob: Double, bytes: [UInt8]? = nil) {
        self.token = token
        self.logprob = logprob
        self.bytes = bytes
    }
}

/// What one speaker said without another in between.
public struct SpeakerSegment: Sendable, Equatable {
    /// As the engine names it within the transcript.
    public var id: String
    /// As the engine tells voices apart.
    public var speaker: String
    /// Where it lies in the utterance.
    public var span: Range<Duration>
    /// What was said.
    public var text: String

    /// Makes a segment.
    public init(id: String, speaker: String, span: Range<Duration>, text: String) {
        self.id = id
        self.speaker = speaker
        self.span = span
        self.text = text
    }
}
