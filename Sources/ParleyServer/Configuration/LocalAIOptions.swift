internal import ParleyYAML

/// Options of LocalAI's files that Parley knows and can't honour: each is refused with the reason.
///
/// - Source: LocalAI, `core/config/model_config.go`, types `ModelConfig` and `Pipeline`.
enum LocalAIOptions {
    /// Of the `pipeline` mapping.
    static let pipeline: [(key: String, reason: String)] = [
        ("sound_detection", "sounds are not classified"),
        ("sound_detection_window_ms", "sounds are not classified"),
        ("sound_detection_hop_ms", "sounds are not classified"),
        ("voice_recognition", "speakers are not recognised"),
        ("classifier", "answers are not chosen by scores; rules of a script can stand in for it"),
        (
            "compaction",
            "history is not summarised; the session's \"truncation\" decides what is cut"
        ),
        ("max_history_items", "the session's \"truncation\" decides what is cut"),
        ("disable_warmup", "engines load before the first session, so that what fails fails early"),
        ("disable_thinking", "set \"reasoning_effort\", or switch it off at the service"),
    ]

    /// Of the file itself.
    static let file: [(key: String, reason: String)] = [
        ("backend", "a stage names its engine with \"engine\""),
        ("parameters", "options of an engine stand beside \"engine\""),
        ("options", "options of an engine stand beside \"engine\""),
        ("alias", "name the pipeline itself"),
        ("failover", "a stage has one engine"),
        ("template", "prompts are built by the service behind the engine"),
        ("function", "tools are formatted by the service behind the engine"),
        ("context_size", "set it at the service behind the engine"),
        ("threads", "set it at the service behind the engine"),
        ("gpu_layers", "set it at the service behind the engine"),
        ("f16", "set it at the service behind the engine"),
        ("mmap", "set it at the service behind the engine"),
        ("stopwords", "set them at the service behind the engine"),
        ("tts", "the voice is set with \"voice\""),
        ("mcp", "sessions name MCP servers among their tools"),
        ("agent", "there are no agents"),
        ("download_files", "models are not downloaded by this file"),
        ("artifacts", "models are not downloaded by this file"),
        ("known_usecases", "a file is a pipeline or a stage by what it holds"),
        ("pii", "texts are not filtered"),
        ("router", "a stage has one engine"),
        ("proxy", "a service is reached with \"engine: openai\""),
        ("env", "engines run in this process"),
    ]

    static func refuse(_ options: [(key: String, reason: String)], in section: YAMLSection) {
        for option in options { section.refuse(option.key, because: option.reason) }
    }

    /// `streaming`: every stage streams, so `true` says nothing new and `false` can't be had.
    static func readStreaming(_ pipeline: YAMLSection) {
        guard let streaming = pipeline.section("streaming") else { return }
        for key in ["llm", "tts", "transcription", "clause_chunking"]
        where streaming.bool(key) == false {
            streaming.refuse(key, because: "every stage streams where its engine can")
        }
    }
}
