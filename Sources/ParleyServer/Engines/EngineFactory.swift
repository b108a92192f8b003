internal import ParleyEngine
internal import ParleyFliteEngine
internal import ParleyNames
internal import ParleyNetwork
internal import ParleyPocketSphinxEngine
internal import ParleyRealtime
internal import ParleyRemoteEngine
internal import ParleyRuntime
internal import ParleyScriptedEngine
internal import ParleySileroEngine

/// Makes the engines that the configuration asks for; stages that are configured alike share one.
struct EngineFactory {
    private let configuration: Configuration
    private let assets: Assets
    private let names: PipelineNames
    private let group: EventLoopGroup
    private var voiceActivity = EngineCache<
        PipelineConfiguration.VoiceActivityOptions, any VoiceActivityEngine
    >()
    private var transcription = EngineCache<
        PipelineConfiguration.TranscriptionOptions, any TranscriptionEngine
    >()
    private var language = EngineCache<
        PipelineConfiguration.LanguageOptions, any LanguageEngine
    >()
    private var speech = EngineCache<PipelineConfiguration.SpeechOptions, any SpeechEngine>()

    /// Prepares to build; nothing is loaded before an engine's `prepare()`.
    init(_ configuration: Configuration, group: EventLoopGroup) {
        self.configuration = configuration
        self.group = group
        names = PipelineNames(configuration)
        assets = Assets(configuration.server.assetsDirectory)
    }

    /// All pipelines, the default first, with the names that clients may use.
    func library() -> PipelineLibrary {
        var factory = self
        let preferred = configuration.server.defaultPipeline
        let ordered =
            configuration.pipelines.pipelines
            .filter { $0.name == preferred }
            + configuration.pipelines.pipelines.filter { $0.name != preferred }
        var pipelines: [Pipeline] = []
        for pipeline in ordered { pipelines.append(factory.pipeline(pipeline)) }
        names.shareRecognisers(among: &pipelines)
        return PipelineLibrary(pipelines, naming: names)
    }

    private mutating func pipeline(
        _ configured: PipelineConfiguration
    ) -> Pipeline {
        let speech = speechEngine(configured.speech)
        let voices = configured.voices.table(
            of: configured.speech.options,
            isStrict: configuration.server.hasStrictNames
        )
        var pipeline = Pipeline(
            name: configured.name,
            voiceActivity: voiceActivityEngine(configured.voiceActivity),
            transcription: transcriptionEngine(configured.transcription),
            language: languageEngine(configured.language),
            speech: speech,
            defaults: configured.session.configuration(
                model: configured.name,
                voice: voices.names.first ?? Self.fallbackVoice,
                speechModel: speech.name
            )
        )
        pipeline.voices = voices
        pipeline.spokenLanguage = configured.session.inputLanguage
        pipeline.languageModel = configured.language.model
        pipeline.disablesThinking = configured.disablesThinking
        pipeline.historyItemCount = configured.historyItemCount
        pipeline.seesImages = configured.session.seesImages ?? false
        pipeline.contextSize = configured.contextSize
        pipeline.compaction = configured.compaction.map {
            Pipeline.Compaction($0.rules, language: $0.language.map { languageEngine($0) })
        }
        pipeline.isSpeculative = configured.session.isSpeculative ?? true
        return pipeline
    }

    /// What the session object shows where an engine doesn't tell its voices.
    private static let fallbackVoice = "alloy"

    // MARK: Stages

    private mutating func voiceActivityEngine(
        _ stage: PipelineConfiguration.Stage<PipelineConfiguration.VoiceActivityOptions>
    ) -> any VoiceActivityEngine {
        voiceActivity.engine(for: stage) {
            switch stage.options {
            case .silero(let model): SileroEngine(path: model ?? assets.voiceActivityModel)
            }
        }
    }

    private mutating func transcriptionEngine(
        _ stage: PipelineConfiguration.Stage<PipelineConfiguration.TranscriptionOptions>
    ) -> any TranscriptionEngine {
        transcription.engine(for: stage) {
            switch stage.options {
            case .pocketSphinx(let model, let decoders):
                PocketSphinxEngine(
                    modelDirectory: model ?? assets.recogniserModel,
                    decoders: decoders
                )
            case .remote(let endpoint, let options):
                RemoteTranscriptionEngine(
                    name: stage.name,
                    endpoint: endpoint,
                    options: options,
                    group: group
                )
            }
        }
    }

    private mutating func languageEngine(
        _ stage: PipelineConfiguration.Stage<PipelineConfiguration.LanguageOptions>
    ) -> any LanguageEngine {
        language.engine(for: stage) {
            switch stage.options {
            case .scripted(let script):
                ScriptedEngine(script: script.flatMap { configuration.scripts[$0] } ?? .builtIn)
            case .remote(let endpoint):
                RemoteLanguageEngine(name: stage.name, endpoint: endpoint, group: group)
            }
        }
    }

    private mutating func speechEngine(
        _ stage: PipelineConfiguration.Stage<PipelineConfiguration.SpeechOptions>
    ) -> any SpeechEngine {
        speech.engine(for: stage) {
            switch stage.options {
            case .flite(let workers):
                FliteEngine(workers: workers)
            case .remote(let endpoint, let format):
                RemoteSpeechEngine(
                    name: stage.name,
                    endpoint: endpoint,
                    format: format,
                    group: group
                )
            }
        }
    }
}
