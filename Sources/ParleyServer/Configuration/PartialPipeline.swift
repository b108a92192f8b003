internal import ParleyNames
internal import ParleyRealtime
internal import ParleySession
internal import ParleyYAML

/// A pipeline while its file is being read.
struct PartialPipeline {
    var name = ""
    var summary: String?
    var voiceActivity: PipelineConfiguration.Stage<PipelineConfiguration.VoiceActivityOptions>?
    var transcription: PipelineConfiguration.Stage<PipelineConfiguration.TranscriptionOptions>?
    var language: PipelineConfiguration.Stage<PipelineConfiguration.LanguageOptions>?
    var speech: PipelineConfiguration.Stage<PipelineConfiguration.SpeechOptions>?
    var session = PipelineConfiguration.SessionDefaults()
    var voices = PipelineConfiguration.VoiceNames()
    var disablesThinking = false
    var historyItemCount: Int?
    var contextSize: Int?
    var compaction: PipelineConfiguration.Compaction?

    /// The pipeline, when every role is filled.
    var whole: PipelineConfiguration? {
        guard let voiceActivity, let transcription, let language, let speech else { return nil }
        var pipeline = PipelineConfiguration(
            name: name,
            summary: summary,
            voiceActivity: voiceActivity,
            transcription: transcription,
            language: language,
            speech: speech,
            session: session
        )
        pipeline.voices = voices
        pipeline.disablesThinking = disablesThinking
        pipeline.historyItemCount = historyItemCount
        pipeline.contextSize = contextSize
        pipeline.compaction = compaction
        return pipeline
    }

    /// Takes a stage that needs no file.
    mutating func takeBuiltIn(_ name: String, as role: StageRole) -> Bool {
        let builtIn = PipelineConfiguration.builtIn
        switch role {
        // LocalAI's names for the same weights begin like this.
        case .vad where name == builtIn.voiceActivity.name || name.hasPrefix("silero-vad"):
            voiceActivity = builtIn.voiceActivity
        case .transcription where name == builtIn.transcription.name:
            transcription = builtIn.transcription
        case .llm where name == builtIn.language.name: language = builtIn.language
        case .tts where name == builtIn.speech.name: speech = builtIn.speech
        case .vad, .transcription, .llm, .tts: return false
        }
        return true
    }

    /// Reads what stands at the top of the file.
    mutating func read(_ root: YAMLSection, defaultName: String) {
        name = root.string("name") ?? defaultName
        let usage = root.string("usage")
        summary = root.string("description") ?? usage
        session.instructions = root.string("instructions")
        session.voice = root.string("voice")
        voices.aliases = root.nameAliases("voice_aliases") ?? []
        session.speed = root.number("speed", in: 0.25...1.5)
        session.inputLanguage = Self.languageTag("language", of: root)
        session.outputLanguage = Self.languageTag("output_language", of: root)
        session.temperature = root.number("temperature", in: 0...2)
        session.maximumOutputTokens = Self.outputTokens(root)
        contextSize = root.integer("context_size", in: 256...10_000_000)
        session.outputModality = root.choice("output_modality", of: OutputModality.self)
        readLocalAIMembers(of: root)
    }

    /// What LocalAI calls otherwise or puts elsewhere; our own key wins where both stand.
    private mutating func readLocalAIMembers(of root: YAMLSection) {
        let prompt = root.string("system_prompt")
        session.instructions = session.instructions ?? prompt
        if let speech = root.section("tts") {
            let voice = speech.string("voice")
            session.voice = session.voice ?? voice
            let reason = "voices are the engine's; write \"voice\""
            for key in ["audio_path", "voice_cloning"] { speech.refuse(key, because: reason) }
        }
        if let parameters = root.section("parameters") {
            let temperature = parameters.number("temperature", in: 0...2)
            session.temperature = session.temperature ?? temperature
            let limit = parameters.integer("max_tokens", in: 1...4_096)
            session.maximumOutputTokens =
                session.maximumOutputTokens ?? limit.map(OutputTokenLimit.tokens)
            let language = Self.languageTag("language", of: parameters)
            session.inputLanguage = session.inputLanguage ?? language
            LocalAIOptions.refuse(inParameters: parameters)
        }
        readReasoning(of: root)
    }

    /// Reads what LocalAI has beside the stages.
    mutating func readSession(of pipeline: YAMLSection) {
        session.isSpeculative = pipeline.bool("speculative")
        readReasoning(of: pipeline)
        if pipeline.bool("disable_thinking") == true { disablesThinking = true }
        // As there, 0 means all of it.
        historyItemCount = pipeline.integer("max_history_items", in: 0...100_000)
            .flatMap { $0 == 0 ? nil : $0 }
        session.seesImages = pipeline.bool("vision")
        session.turnDetection = Self.turnDetection(pipeline)
    }

    /// How much the model may think; LocalAI's `none` switches thinking off.
    private mutating func readReasoning(of section: YAMLSection) {
        let key = "reasoning_effort"
        if section.node(key)?.scalarText == "none" {
            disablesThinking = true
        } else if let effort = section.choice(key, of: ReasoningEffort.self) {
            session.reasoningEffort = effort
            disablesThinking = false
        }
    }

    private static func outputTokens(_ root: YAMLSection) -> OutputTokenLimit? {
        guard let node = root.node("max_output_tokens") else { return nil }
        if case .scalar(let scalar) = node.content {
            if scalar.text == "inf" { return .infinite }
            if case .integer(let count) = scalar.value, (1...4_096).contains(count) {
                return .tokens(count)
            }
        }
        let expected = "a number from 1 to 4096, or inf"
        return root.invalid("max_output_tokens", "found \(node.summary), expected \(expected)")
    }

    private static func languageTag(_ key: String, of root: YAMLSection) -> String? {
        guard let tag = root.string(key) else { return nil }
        guard !LanguageTag.isWellFormed(tag) else { return tag }
        return root.invalid(key, "found \"\(tag)\", expected \(LanguageTag.description)")
    }

    private static func turnDetection(
        _ pipeline: YAMLSection
    ) -> PipelineConfiguration.TurnDetectionDefault {
        guard let node = pipeline.node("turn_detection") else { return .standard }
        if node.isNull { return .off }
        guard let section = pipeline.section("turn_detection") else { return .standard }
        LocalAIOptions.refuse(inTurnDetection: section)
        switch section.string("type") {
        case "none"?: return .off
        case "semantic_vad"?: return .configured(.semanticVAD(semanticVAD(section)))
        case nil, "server_vad"?: break
        case let other?:
            let expected = NearMatch.alternatives(["server_vad", "semantic_vad", "none"])
            section.invalid("type", "found \"\(other)\", expected \(expected)") as Void?
        }
        return .configured(.serverVAD(serverVAD(section)))
    }

    private static func semanticVAD(_ section: YAMLSection) -> SemanticVAD {
        var vad = SemanticVAD()
        vad.eagerness = section.choice("eagerness", of: SemanticVAD.Eagerness.self) ?? vad.eagerness
        vad.createsResponse = section.bool("create_response") ?? vad.createsResponse
        vad.interruptsResponse = section.bool("interrupt_response") ?? vad.interruptsResponse
        return vad
    }

    private static func serverVAD(_ section: YAMLSection) -> ServerVAD {
        var vad = ServerVAD()
        func milliseconds(_ key: String, in range: ClosedRange<Int>) -> Duration? {
            section.integer(key, in: range).map { .milliseconds($0) }
        }
        let prefixPadding = Int(Limits.prefixPadding / .milliseconds(1))
        vad.threshold = section.number("threshold", in: 0...1) ?? vad.threshold
        vad.prefixPadding =
            milliseconds("prefix_padding_ms", in: 0...prefixPadding) ?? vad.prefixPadding
        vad.silenceDuration =
            milliseconds("silence_duration_ms", in: 0...60_000) ?? vad.silenceDuration
        vad.idleTimeout = milliseconds("idle_timeout_ms", in: 5_000...30_000)
        vad.createsResponse = section.bool("create_response") ?? vad.createsResponse
        vad.interruptsResponse = section.bool("interrupt_response") ?? vad.interruptsResponse
        return vad
    }
}
