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

/// The members of a `session.update`, checked each for itself; whether they fit the session is judged there.
///
/// Nested objects change member by member, but a list, a union whose `type` differs and the members that the
/// reference names are replaced as a whole.
public struct SessionUpdate: Sendable, Hashable {
    /// The session's `type` as the client gave it; nil when absent.
    public var type: String?
    public var model: Change<String> = .keep
    public var outputModality: Change<OutputModality> = .keep
    public var instructions: Change<String> = .keep
    public var tools: Change<[Tool]> = .keep
    public var toolChoice: Change<ToolChoice> = .keep
    public var allowsParallelToolCalls: Change<Bool> = .keep
    public var reasoningEffort: Change<ReasoningEffort> = .keep
    public var maximumOutputTokens: Change<OutputTokenLimit> = .keep
    public var truncation: Change<Truncation> = .keep
    public var prompt: Change<JSONObject> = .keep
    public var tracing: Change<Tracing> = .keep
    public var include: Change<[String]> = .keep
    public var inputFormat: Change<AudioFormat> = .keep
    public var transcription: Change<TranscriptionUpdate> = .keep
    public var noiseReduction: Change<NoiseReduction> = .keep
    public var turnDetection: Change<TurnDetectionUpdate> = .keep
    public var outputFormat: Change<AudioFormat> = .keep
    public var voice: Change<Voice> = .keep
    public var speed: Change<Double> = .keep

    /// Makes an update that changes nothing.
    public init() {}
}

/// Members of `audio.input.transcription` that an update names.
public struct TranscriptionUpdate: Sendable, Hashable {
    public var model: Change<String> = .keep
    public var language: Change<String> = .keep
    public var prompt: Change<String> = .keep
    /// `languages`, `keywords`, `delay` as given.
    public var extras = JSONObject()

    /// Makes an update that changes nothing.
    public init() {}
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
    public var threshold: Change<Double> = .keep
    public var prefixPadding: Change<Duration> = .keep
    public var silenceDuration: Change<Duration> = .keep
    public var idleTimeout: Change<Duration> = .keep
    public var eagerness: Change<SemanticVAD.Eagerness> = .keep
    public var createsResponse: Change<Bool> = .keep
    public var interruptsResponse: Change<Bool> = .keep

    /// Makes an update that changes nothing.
    public init() {}
}
