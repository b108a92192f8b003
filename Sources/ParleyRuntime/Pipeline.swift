package import ParleyEngine
package import ParleyNames
package import ParleyRealtime
package import ParleySession

/// One engine for each role, and what a session that uses them starts with.
///
/// Engines are shared: every session of the process that names this pipeline talks to the same
/// ones.
package struct Pipeline: Sendable {
    /// The name under which sessions ask for it: their `model`.
    package var name: String
    package var voiceActivity: any VoiceActivityEngine
    package var transcription: any TranscriptionEngine
    package var language: any LanguageEngine
    package var speech: any SpeechEngine
    /// What a new session is configured with.
    package var defaults: SessionConfiguration
    /// The engine's voices, and what clients may call them.
    package var voices: NameTable
    /// Recognisers that a session may choose by name instead of the pipeline's own.
    package var recognisers: [String: any TranscriptionEngine]
    /// Their names, and what clients may call them; a name that stands for none of them is the
    /// pipeline's own.
    package var recogniserNames: NameTable
    /// The language of the speakers, where the session doesn't say; ISO 639-1.
    package var spokenLanguage: String?
    /// The language model by the name it has where it runs; nil where it has none.
    ///
    /// Sessions may ask for it instead of the pipeline.
    package var languageModel: String?
    /// The language model sees images.
    package var seesImages = false
    /// Tokens that the model reads and writes at once; nil where nobody said.
    package var contextSize: Int?
    /// How long conversations are told in fewer words; nil where they aren't.
    package var compaction: Compaction?
    /// Whether engines may work on what may turn out to be needed, where they can.
    package var isSpeculative = true
    /// The language model is told not to think, whatever a session asks for.
    package var disablesThinking = false
    /// Newest items of a conversation that the model is handed; nil for as many as it takes.
    package var historyItemCount: Int?

    /// Makes a pipeline.
    package init(
        name: String,
        voiceActivity: any VoiceActivityEngine,
        transcription: any TranscriptionEngine,
        language: any LanguageEngine,
        speech: any SpeechEngine,
        defaults: SessionConfiguration
    ) {
        self.name = name
        self.voiceActivity = voiceActivity
        self.transcription = transcription
        self.language = language
        self.speech = speech
        self.defaults = defaults
        self.voices = speech.voices.isEmpty ? .unknown : NameTable(speech.voices)
        self.recognisers = [:]
        self.recogniserNames = .unknown
    }

    /// Tokens that may be read, so that an answer still has room; nil where nobody said.
    ///
    /// - Source: Realtime protocol, "Truncation and context budget": the reference server keeps
    ///   4,096 free, of a far larger context.
    package var readableTokenCount: Int? {
        contextSize.map { $0 - min(4_096, $0 / 4) }
    }

    /// How older turns are summarised.
    package struct Compaction: Sendable {
        /// When, and how far.
        package var rules: Session.CompactionRules
        /// Who writes; nil for the pipeline's own model.
        package var language: (any LanguageEngine)?

        /// Makes a way to summarise.
        package init(_ rules: Session.CompactionRules, language: (any LanguageEngine)? = nil) {
            self.rules = rules
            self.language = language
        }
    }

    /// All engines, in the order in which a turn meets them; last the one that only summarises,
    /// if there is one.
    package var engines: [(role: EngineRole, engine: any Engine)] {
        var engines: [(role: EngineRole, engine: any Engine)] = [
            (.voiceActivity, voiceActivity), (.transcription, transcription),
            (.language, language), (.speech, speech),
        ]
        if let summarizer = compaction?.language { engines.append((.summary, summarizer)) }
        return engines
    }

    /// The recogniser for a name that a client chose.
    ///
    /// A name that nobody knows is the pipeline's own: clients hard-code names.
    package func recogniser(for name: String?) -> any TranscriptionEngine {
        guard let target = name.flatMap({ recogniserNames.resolve($0) }) else {
            return transcription
        }
        // Two pipelines may have stages of one name: here it means this one's.
        return target == transcription.name ? transcription : recognisers[target] ?? transcription
    }

    /// How much a session may have done before it is sure to be needed.
    package var speculation: Session.Speculation {
        guard isSpeculative else { return .none }
        // A session may choose any of them, and those that may not be asked are not.
        let isPossible = ([transcription] + recognisers.values).contains(where: \.isSpeculative)
        return isPossible ? .transcription : .none
    }

    /// The engine's voice for a name that a client chose; nil for the pipeline's own.
    package func engineVoice(for name: String) -> String? { voices.resolve(name) }
}

/// What an engine does for a session; also the label of its metrics.
package enum EngineRole: String, Sendable, CaseIterable {
    case voiceActivity = "vad"
    case transcription = "stt"
    case language = "llm"
    case speech = "tts"
    case summary
    case tools = "mcp"

    /// Without it there is no conversation, or only half of one.
    package var isVital: Bool {
        switch self {
        case .voiceActivity, .transcription, .language, .speech: true
        case .summary, .tools: false
        }
    }
}
