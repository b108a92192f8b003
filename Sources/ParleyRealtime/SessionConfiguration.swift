public import ParleyAudio
public import ParleyJSON

/// What a client may set on a session, with a value for every member.
///
/// Of a transcription session only ``input`` and ``include`` have a meaning; of a translation
/// session its clients set only the transcription, the noise reduction and the output's language.
///
/// - Source: Realtime protocol, "Realtime session, GA", "Transcription session, GA", "Translation
///   session".
public struct SessionConfiguration: Sendable, Hashable {
    /// What the session is for; it never changes.
    public var kind = SessionKind.realtime
    /// The pipeline or language model that answers.
    public var model: String
    /// What speaks the answers, by the name that the Speaches dialect shows; nil where nobody
    /// said.
    public var speechModel: String?
    /// What answers are made of.
    public var outputModality = OutputModality.audio
    /// What the model is told before all else.
    public var instructions = Instructions()
    /// What the model may call.
    public var tools: [Tool] = []
    /// Whether and what the model must call.
    public var toolChoice = ToolChoice.auto
    /// Nil when the client never said.
    public var allowsParallelToolCalls: Bool?
    /// How much a reasoning model may think; nil when the client never said.
    public var reasoningEffort: ReasoningEffort?
    /// How long an answer may get.
    public var maximumOutputTokens = OutputTokenLimit.infinite
    /// How freely the model chooses its words, 0 to 2; nil leaves it to the model.
    ///
    /// Beta only: GA neither takes nor shows it.
    public var temperature: Double?
    /// What is dropped when the conversation outgrows the context.
    public var truncation = Truncation.auto
    /// A stored prompt's reference: `id`, `version`, `variables`.
    public var prompt: JSONObject?
    /// What the client wants recorded; nil for nothing.
    public var tracing: Tracing?
    /// Extra fields the client wants; nil when never set.
    public var include: [ExtraField]?
    /// How audio comes in.
    public var input = Input()
    /// How audio goes out.
    public var output: Output

    /// `audio.input`.
    public struct Input: Sendable, Hashable {
        /// How samples are written.
        public var format = AudioFormat.standard
        /// Nil: no transcription events.
        public var transcription: InputTranscription?
        /// What is filtered before detection and recognition; nil for nothing.
        public var noiseReduction: NoiseReduction?
        /// Nil: the client commits by itself.
        public var turnDetection: TurnDetection? = .serverVAD(ServerVAD())

        /// Makes the documented defaults.
        public init() {}
    }

    /// `audio.output`.
    public struct Output: Sendable, Hashable {
        /// How samples are written.
        public var format = AudioFormat.standard
        /// Who speaks.
        public var voice: Voice
        /// 0.25 to 1.5; 1 is the voice's natural pace.
        public var speed = 1.0
        /// What speech is translated into, as a BCP 47 tag; of translation sessions only.
        public var language = "en"

        /// Makes the documented defaults with a voice.
        public init(voice: Voice) {
            self.voice = voice
        }
    }

    /// Makes the documented defaults for a model and a voice.
    public init(model: String, voice: Voice) {
        self.model = model
        self.output = Output(voice: voice)
    }
}

/// An entry of `include`: what events show only where it is asked for.
public enum ExtraField: String, Sendable, CaseIterable {
    /// How certain a recogniser is of each token.
    case transcriptionLogprobs = "item.input_audio_transcription.logprobs"
}

/// What a response is made of.
public enum OutputModality: String, Sendable, CaseIterable {
    case audio, text
}

/// How much a reasoning model may think.
public enum ReasoningEffort: String, Sendable, CaseIterable {
    case minimal, low, medium, high, xhigh
}

/// `max_output_tokens`.
public enum OutputTokenLimit: Sendable, Hashable {
    /// 1 to 4,096.
    case tokens(Int)
    /// `"inf"`.
    case infinite
}

/// What to drop when a conversation outgrows the model's context.
public enum Truncation: Sendable, Hashable {
    case auto
    case disabled
    /// Ratio 0 to 1; tokens counted after the instructions.
    case retentionRatio(Double, postInstructionsTokens: Int?)
}

/// `tracing`: accepted, kept and shown.
public enum Tracing: Sendable, Hashable {
    case auto
    case configured(JSONObject)
}

/// A voice by name, or by the id of a custom voice.
public enum Voice: Sendable, Hashable {
    case named(String)
    case custom(id: String)

    /// The name or id an engine looks up.
    public var name: String {
        switch self {
        case .named(let name), .custom(id: let name): name
        }
    }
}

/// `audio.input.noise_reduction`.
public struct NoiseReduction: Sendable, Hashable {
    /// Where the microphone is.
    public enum Kind: String, Sendable, CaseIterable {
        case nearField = "near_field"
        case farField = "far_field"
    }

    /// `type`.
    public var kind: Kind
    /// 0 (nothing is taken away) to 1; nil until a client says, which is 1.
    public var strength: Double?

    /// Noise of one kind, taken away as far as a client says.
    public init(_ kind: Kind, strength: Double? = nil) {
        self.kind = kind
        self.strength = strength
    }
}

/// `audio.input.transcription`.
public struct InputTranscription: Sendable, Hashable {
    /// As the client named it; the pipeline's own where the name is not known.
    public var model: String?
    /// ISO 639-1.
    public var language: String?
    /// Words to expect, for the recogniser.
    public var prompt: String?
    /// Members that only some models have (`languages`, `keywords`, `delay`): shown again if they
    /// were set.
    public var extras = JSONObject()

    /// Makes an empty configuration: the pipeline's own recogniser, any language.
    public init() {}
}

/// A session as `session.created` and `session.updated` show it.
public struct SessionObject: Sendable, Hashable {
    /// Names the session.
    public var id: SessionID
    /// Unix seconds; 0 in a REST answer, where the session has not begun.
    public var expiresAt: Int
    /// All that the client can set.
    public var configuration: SessionConfiguration

    /// Makes the object.
    public init(id: SessionID, expiresAt: Int, configuration: SessionConfiguration) {
        self.id = id
        self.expiresAt = expiresAt
        self.configuration = configuration
    }
}
