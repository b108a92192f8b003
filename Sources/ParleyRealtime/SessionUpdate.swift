public import ParleyAudio
public import ParleyJSON

/// What an update does to one member.
public enum Change<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The member was absent.
    case keep
    /// The member was null: off, or back to the default.
    case reset
    case set(Value)
}

/// The members of a `session.update`, checked each for itself; whether they fit the session is
/// judged there.
///
/// Nested objects change member by member, but a list, a union whose `type` differs and the members
/// that the reference names are replaced as a whole.
public struct SessionUpdate: Sendable, Hashable {
    /// The session's `type` as the client gave it; nil when absent.
    public var kind: SessionKind?
    /// `model`.
    public var model: Change<String> = .keep
    /// `output_modalities`.
    public var outputModality: Change<OutputModality> = .keep
    /// `instructions`.
    public var instructions: Change<String> = .keep
    /// `tools`.
    public var tools: Change<[Tool]> = .keep
    /// `tool_choice`.
    public var toolChoice: Change<ToolChoice> = .keep
    /// `parallel_tool_calls`.
    public var allowsParallelToolCalls: Change<Bool> = .keep
    /// `reasoning.effort`.
    public var reasoningEffort: Change<ReasoningEffort> = .keep
    /// `max_output_tokens`.
    public var maximumOutputTokens: Change<OutputTokenLimit> = .keep
    /// `temperature`, 0 to 2.
    public var temperature: Change<Double> = .keep
    /// `truncation`.
    public var truncation: Change<Truncation> = .keep
    /// `prompt`.
    public var prompt: Change<JSONObject> = .keep
    /// `tracing`.
    public var tracing: Change<Tracing> = .keep
    /// `include`.
    public var include: Change<[ExtraField]> = .keep
    /// `audio.input.format`.
    public var inputFormat: Change<AudioFormat> = .keep
    /// `audio.input.transcription`.
    public var transcription: Change<TranscriptionUpdate> = .keep
    /// `audio.input.noise_reduction`.
    public var noiseReduction: Change<NoiseReductionUpdate> = .keep
    /// `audio.input.turn_detection`.
    public var turnDetection: Change<TurnDetectionUpdate> = .keep
    /// `audio.output.format`.
    public var outputFormat: Change<AudioFormat> = .keep
    /// `audio.output.voice`.
    public var voice: Change<Voice> = .keep
    /// `audio.output.speed`, 0.25 to 1.5.
    public var speed: Change<Double> = .keep
    /// `audio.output.language`, of translation sessions.
    public var outputLanguage: Change<String> = .keep

    /// Makes an update that changes nothing.
    public init() {}
}

/// Members of `audio.input.transcription` that an update names.
public struct TranscriptionUpdate: Sendable, Hashable {
    /// `model`.
    public var model: Change<String> = .keep
    /// `language`.
    public var language: Change<String> = .keep
    /// `prompt`.
    public var prompt: Change<String> = .keep
    /// `languages`, `keywords`, `delay` as given; null switches one off.
    public var extras = JSONObject()

    /// Makes an update that changes nothing.
    public init() {}
}

/// Members of `audio.input.noise_reduction` that an update names; nil keeps what is in force.
public struct NoiseReductionUpdate: Sendable, Hashable {
    /// `type`.
    public var kind: NoiseReduction.Kind?
    /// `strength`, 0 to 1.
    public var strength: Double?

    /// An update of what is not nil.
    public init(_ kind: NoiseReduction.Kind? = nil, strength: Double? = nil) {
        self.kind = kind
        self.strength = strength
    }
}

/// Members of `audio.input.turn_detection` that an update names.
public struct TurnDetectionUpdate: Sendable, Hashable {
    /// Which of the two kinds is meant.
    public enum Kind: String, Sendable, CaseIterable {
        case serverVAD = "server_vad"
        case semanticVAD = "semantic_vad"
    }

    /// Nil keeps the kind in force.
    public var kind: Kind?
    /// `threshold`, 0 to 1.
    public var threshold: Change<Double> = .keep
    /// `prefix_padding_ms`.
    public var prefixPadding: Change<Duration> = .keep
    /// `silence_duration_ms`.
    public var silenceDuration: Change<Duration> = .keep
    /// `idle_timeout_ms`, 5 to 30 seconds.
    public var idleTimeout: Change<Duration> = .keep
    /// `eagerness`.
    public var eagerness: Change<SemanticVAD.Eagerness> = .keep
    /// `create_response`.
    public var createsResponse: Change<Bool> = .keep
    /// `interrupt_response`.
    public var interruptsResponse: Change<Bool> = .keep

    /// Makes an update that changes nothing.
    public init() {}
}
