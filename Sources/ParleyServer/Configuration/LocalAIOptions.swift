internal import ParleyYAML

/// Options of LocalAI's files that Parley knows and can't honour: each is refused with the reason
/// and with what to write instead, unless it asks for what Parley does anyway.
///
/// - Source: LocalAI, `core/config/model_config.go`, types `ModelConfig`, `LLMConfig` and
///   `Pipeline`; its documents "Realtime API" and "Model Configuration".
enum LocalAIOptions {
    /// Keys with one reason.
    struct Refusal {
        let keys: [String]
        let reason: String
        /// A value that switches it off is refused, too: the default elsewhere is on.
        var isAbsolute = false
    }

    /// Of the `pipeline` mapping.
    static let pipeline = [
        Refusal(
            keys: ["sound_detection", "sound_detection_window_ms", "sound_detection_hop_ms"],
            reason: "sounds are not classified; leave it out"
        ),
        Refusal(
            keys: ["voice_recognition"],
            reason: "speakers are not recognised; write \"diarise: true\" in a transcription stage "
                + "to learn who spoke when"
        ),
        Refusal(
            keys: ["classifier"],
            reason:
                "answers are not chosen by scores; write \"llm: {engine: scripted, script: …}\" "
                + "with a rule for each"
        ),
        Refusal(
            keys: ["disable_warmup"],
            reason: "engines load before their first session, so that what fails fails early; "
                + "leave it out"
        ),
    ]

    /// Of `turn_detection`.
    static let turnDetection = [
        Refusal(keys: ["retranscribe"], reason: "a turn is transcribed once; leave it out"),
        Refusal(
            keys: ["vad_window_sec"],
            reason: "each frame is judged once, as it comes; leave it out"
        ),
    ]

    /// Of the file itself, whether it holds a pipeline or a stage.
    static let file = [
        Refusal(
            keys: ["options", "overrides", "engine_args", "chat_template_kwargs"],
            reason: "options of an engine stand beside \"engine\", those of a model belong to the "
                + "service that runs it"
        ),
        Refusal(
            keys: ["alias"],
            reason: "another name is a file of its own, or a line of \"model_aliases\" in "
                + "parley.yaml"
        ),
        Refusal(
            keys: ["download_files", "artifacts"],
            reason: "models are not downloaded by this file; leave it out"
        ),
        Refusal(
            keys: [
                "known_usecases", "known_input_modalities", "known_output_modalities", "roles",
                "embeddings", "reranking", "diffusers", "step", "feature_flags",
            ],
            reason: "a file is a pipeline or a stage by what it holds; leave it out"
        ),
        Refusal(
            keys: ["failover", "router"],
            reason: "a stage has one engine; write \"retries\" beside \"engine: openai\""
        ),
        Refusal(
            keys: ["proxy", "mitm", "grpc"],
            reason: "a service is reached with \"engine: openai\" and \"base_url\""
        ),
        Refusal(
            keys: ["limits", "concurrency_groups"],
            reason: "write \"max_requests\" beside \"engine: openai\", or \"limits\" in parley.yaml"
        ),
        Refusal(keys: ["mcp"], reason: "a session names its servers of tools; leave it out"),
        Refusal(keys: ["agent"], reason: "there are no agents; leave it out"),
        Refusal(keys: ["pii", "pii_detection"], reason: "texts are not filtered; leave it out"),
        Refusal(
            keys: ["compression"],
            reason: "history is not summarised; write \"max_history_items\" to bound it"
        ),
        Refusal(keys: ["disabled"], reason: "move the file out of the models folder"),
        Refusal(keys: ["pinned"], reason: "engines that are loaded stay; leave it out"),
        Refusal(keys: ["debug"], reason: "write \"log: {level: debug}\" in parley.yaml"),
        Refusal(keys: ["env"], reason: "engines run in this process; set variables for it"),
        Refusal(
            keys: ofServices,
            reason: "set it at the service behind the engine",
            isAbsolute: true
        ),
    ]

    /// Of a file with a stage.
    static let stageFile = [
        Refusal(
            keys: ["parameters"],
            reason:
                "options of an engine stand beside \"engine\"; the name of a service's model is "
                + "\"model\""
        ),
        Refusal(keys: ["tts"], reason: "write \"voice\" beside \"engine\""),
        Refusal(keys: ["system_prompt"], reason: "write \"instructions\" in the pipeline's file"),
        Refusal(
            keys: ["reasoning_effort", "context_size"],
            reason: "write it in the pipeline's file"
        ),
    ]

    /// What only whoever runs the model can set.
    private static let ofServices = [
        "template", "function", "reasoning", "threads", "f16", "cuda", "gpu_layers", "main_gpu",
        "tensor_split", "mmap", "mmlock", "low_vram", "numa", "quantization", "dtype",
        "load_format", "gpu_memory_utilization", "trust_remote_code", "enforce_eager", "swap_space",
        "max_model_len", "tensor_parallel_size", "disable_log_stats", "limit_mm_per_prompt",
        "mmproj", "flash_attention", "no_kv_offloading", "cache_type_k", "cache_type_v",
        "rope_scaling", "rms_norm_eps", "ngqa", "no_mulmatq", "yarn_ext_factor", "yarn_attn_factor",
        "yarn_beta_fast", "yarn_beta_slow", "cfg_scale", "draft_model", "n_draft", "lora_adapter",
        "lora_base", "lora_adapters", "lora_scales", "lora_scale", "grammar", "stopwords",
        "cutstrings", "extract_regex", "trimspace", "trimsuffix", "mirostat", "mirostat_eta",
        "mirostat_tau", "prompt_cache_path", "prompt_cache_all", "prompt_cache_ro", "type",
    ]

    /// Refuses what a file asks for in vain.
    static func refuse(inFile root: YAMLSection) {
        refuse(file, in: root)
        if root.contains("backend") {
            root.refuse("backend", because: reason(forBackend: root.node("backend")))
        }
    }

    /// Refuses what a file with a stage asks for in vain.
    static func refuse(inStageFile root: YAMLSection) {
        refuse(inFile: root)
        for refusal in stageFile {
            for key in refusal.keys { root.refuse(key, because: refusal.reason) }
        }
    }

    /// Refuses what a pipeline's `parameters` ask for in vain.
    static func refuse(inParameters section: YAMLSection) {
        section.refuse("model", because: "a pipeline's models are its stages'; leave it out")
        let known = ["model", "temperature", "max_tokens", "language"]
        for key in section.keys where !known.contains(key) {
            section.refuse(key, because: "set it at the service behind the engine")
        }
    }

    /// Refuses what a pipeline asks for in vain.
    static func refuse(inPipeline section: YAMLSection) {
        refuse(pipeline, in: section)
        readStreaming(section)
    }

    /// Refuses what a turn detection asks for in vain.
    static func refuse(inTurnDetection section: YAMLSection) {
        refuse(turnDetection, in: section)
    }

    /// What to write in place of `backend`.
    static func reason(forBackend node: YAMLNode?) -> String {
        if let name = node?.scalarText, name.hasPrefix("silero") {
            return "a stage names its engine; write \"engine: silero\""
        }
        return "a stage names its engine; write \"engine: openai\" with \"base_url\" and \"model\" "
            + "of the service that runs it, which may be LocalAI itself"
    }

    private static func refuse(_ refusals: [Refusal], in section: YAMLSection) {
        for refusal in refusals {
            for key in refusal.keys {
                guard let node = section.node(key) else { continue }
                if node.asksForNothing, !refusal.isAbsolute { continue }
                section.refuse(key, because: refusal.reason)
            }
        }
    }

    /// `streaming`: every stage streams, so `true` says nothing new and `false` can't be had.
    private static func readStreaming(_ pipeline: YAMLSection) {
        guard let streaming = pipeline.section("streaming") else { return }
        for key in ["llm", "tts", "transcription", "clause_chunking"]
        where streaming.bool(key) == false {
            streaming.refuse(
                key,
                because: "every stage streams where its engine can; leave it out"
            )
        }
    }
}

extension YAMLNode {
    /// Switched off, which is how things are here: null, `false`, 0, nothing at all, or
    /// `enabled: false`.
    fileprivate var asksForNothing: Bool {
        switch content {
        case .scalar(let scalar):
            switch scalar.value {
            case .null, .bool(false), .integer(0): true
            case .string(let text): text.isEmpty
            case .bool, .integer, .number: false
            }
        case .sequence(let entries): entries.isEmpty
        case .mapping(let pairs):
            pairs.isEmpty || self["enabled"]?.asksForNothing == true
        }
    }
}

extension YAMLNode {
    /// The text of a scalar, as it was written.
    var scalarText: String? {
        if case .scalar(let scalar) = content { return scalar.text }
        return nil
    }
}
