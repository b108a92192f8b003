internal import ParleyFliteEngine
package import ParleyNames
package import ParleyRealtime
package import ParleyRemoteEngine
package import ParleySession

/// A pipeline: one engine for each role, and what its sessions start with.
package struct PipelineConfiguration: Sendable, Equatable {
    /// What clients name as their model.
    package var name: String
    package var summary: String?
    package var voiceActivity: Stage<VoiceActivityOptions>
    package var transcription: Stage<TranscriptionOptions>
    package var language: Stage<LanguageOptions>
    package var speech: Stage<SpeechOptions>
    package var session = SessionDefaults()
    package var voices = VoiceNames()
    /// A reasoning model is told not to think, whatever a session asks for.
    package var disablesThinking = false
    /// Newest items of a conversation that the model is handed; nil for as many as it takes.
    package var historyItemCount: Int?

    /// Tokens that the model reads and writes at once; nil where nobody said.
    package var contextSize: Int?
    /// How long conversations are summarised; nil where they aren't.
    package var compaction: Compaction?

    /// How older turns are summarised.
    package struct Compaction: Sendable, Equatable {
        package var rules: Session.CompactionRules
        /// Who writes; nil for the pipeline's own model.
        package var language: Stage<LanguageOptions>?
    }

    /// Voices as the configuration knows them.
    package struct VoiceNames: Sendable, Equatable {
        /// The engine's, where it can't tell them itself; empty where nobody said.
        package var listed: [String] = []
        /// What clients may call them, the first that fits.
        package var aliases: [NameTable.Alias] = []

        /// The names over the voices of an engine; where nobody knows those, each stands for
        /// itself.
        func table(of speech: SpeechOptions, isStrict: Bool) -> NameTable {
            let names = speech.voices ?? listed
            let others = isStrict ? [] : aliases + VendorNames.aliases(over: names)
            return NameTable(
                names,
                aliases: others,
                strangers: names.isEmpty ? .trusted : .refused
            )
        }
    }

    /// An engine of one role under the name that `/health` and logs show.
    package struct Stage<Options: Sendable & Equatable>: Sendable, Equatable {
        package var name: String
        package var options: Options
    }

    /// Who tells speech from noise.
    package enum VoiceActivityOptions: Sendable, Equatable {
        /// `model`: the ONNX file; nil for the one among the assets.
        case silero(model: String?)
    }

    /// Who understands speech.
    package enum TranscriptionOptions: Sendable, Equatable {
        /// `model`: a folder; nil for the one among the assets. `decoders`: at once; nil for one a
        /// core.
        case pocketSphinx(model: String?, decoders: Int?)
        case remote(RemoteEndpoint, RemoteTranscriptionEngine.Options)
    }

    /// Who answers.
    package enum LanguageOptions: Sendable, Equatable {
        /// `script`: a file; nil for the one built in.
        case scripted(script: String?)
        case remote(RemoteEndpoint)
    }

    /// Who speaks.
    package enum SpeechOptions: Sendable, Equatable {
        /// `workers`: clauses spoken at once; nil for one a core.
        case flite(workers: Int?)
        case remote(RemoteEndpoint, format: SpeechFormat)

        /// The voices it has, the default first; nil where only the operator may know.
        var voices: [String]? {
            switch self {
            case .flite: FliteEngine.voices
            case .remote: nil
            }
        }
    }

    /// What a session has until its client says otherwise; nil leaves the documented default.
    package struct SessionDefaults: Sendable, Equatable {
        package var instructions: String?
        package var voice: String?
        package var speed: Double?
        /// ISO 639-1 code of what is spoken to us.
        package var inputLanguage: String?
        /// BCP 47 tag of what translations are spoken in.
        package var outputLanguage: String?
        package var temperature: Double?
        package var maximumOutputTokens: OutputTokenLimit?
        package var reasoningEffort: ReasoningEffort?
        package var outputModality: OutputModality?
        package var turnDetection = TurnDetectionDefault.standard
        /// The language model sees images; no unless it is said.
        package var seesImages: Bool?
        /// Whether engines may begin before a turn is sure to be over, where they can.
        package var isSpeculative: Bool?
    }

    /// How turns end until the client says otherwise.
    package enum TurnDetectionDefault: Sendable, Equatable {
        /// The documented defaults.
        case standard
        /// The client commits by itself.
        case off
        case configured(TurnDetection)
    }

    /// The pipeline that is there without any file: everything on this machine, nothing downloaded.
    package static let builtIn = PipelineConfiguration(
        name: "parley",
        summary: "Silero, PocketSphinx, a script and flite: works offline, speaks English.",
        voiceActivity: Stage(name: "silero", options: .silero(model: nil)),
        transcription: Stage(
            name: "pocketsphinx",
            options: .pocketSphinx(model: nil, decoders: nil)
        ),
        language: Stage(name: "scripted", options: .scripted(script: nil)),
        speech: Stage(name: "flite", options: .flite(workers: nil))
    )
}
