import ParleyRealtime
import ParleySession
import ParleyYAML
import Testing

@testable import ParleyServer

@Suite("Files of LocalAI")
struct LocalAIOptionTests {
    private static let stages =
        "vad: silero, transcription: pocketsphinx, llm: scripted, tts: flite"

    private func read(_ text: String) throws(YAMLProblems) -> PipelineCatalog {
        try PipelineCatalog.read([ConfigurationFile(name: "x.yaml", text: text)])
    }

    private func problems(_ text: String) -> [String] {
        do throws(YAMLProblems) {
            _ = try read(text)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("What LocalAI calls otherwise or puts elsewhere is honoured")
    func honoured() throws {
        let text = """
            name: gpt-realtime
            description: For the kitchen.
            usage: Ask it anything.
            system_prompt: Be brief.
            reasoning_effort: low
            tts: {voice: kal16}
            parameters: {temperature: 0.4, max_tokens: 200, language: de}
            pipeline:
              vad: silero-vad-ggml
              transcription: pocketsphinx
              llm: scripted
              tts: flite
              disable_thinking: true
              max_history_items: 6
              disable_warmup: false
              compaction: {enabled: false, trigger_items: 12}
              streaming: {llm: true, tts: true, transcription: true, clause_chunking: true}
              turn_detection: {type: semantic_vad, eagerness: high, retranscribe: false}
            """
        let pipeline = try #require(read(text)["gpt-realtime"])
        #expect(pipeline.summary == "For the kitchen.")
        #expect(pipeline.session.instructions == "Be brief.")
        #expect(pipeline.session.voice == "kal16")
        #expect(pipeline.session.temperature == 0.4)
        #expect(pipeline.session.maximumOutputTokens == .tokens(200))
        #expect(pipeline.session.inputLanguage == "de")
        #expect(pipeline.session.reasoningEffort == .low)
        #expect(pipeline.voiceActivity == PipelineConfiguration.builtIn.voiceActivity)
        #expect(pipeline.disablesThinking)
        #expect(pipeline.historyItemCount == 6)
        #expect(pipeline.compaction == nil)
        var detection = SemanticVAD()
        detection.eagerness = .high
        #expect(pipeline.session.turnDetection == .configured(.semanticVAD(detection)))
    }

    @Test("History is summarised from as many items as LocalAI's option says")
    func compaction() throws {
        let options = "max_history_items: 4, compaction: {enabled: true, trigger_items: 12}"
        let pipeline = try #require(read("pipeline: {\(Self.stages), \(options)}")["x"])
        #expect(pipeline.compaction?.rules.limit == .init(itemCount: 12))
        #expect(pipeline.compaction?.rules.kept == .init(itemCount: 4))
        #expect(pipeline.compaction?.language == nil)
    }

    @Test("How many items stay may be said, but not without from how many on")
    func keptItems() throws {
        let both = "compaction: {trigger_items: 12, keep_items: 2}"
        let pipeline = try #require(read("pipeline: {\(Self.stages), \(both)}")["x"])
        #expect(pipeline.compaction?.rules.kept == .init(itemCount: 2))
        #expect(throws: YAMLProblems.self) {
            try read("pipeline: {\(Self.stages), compaction: {keep_items: 2}}")
        }
    }

    @Test("The size of the model's context is LocalAI's option")
    func contextSize() throws {
        let pipeline = try #require(
            read("context_size: 8192\npipeline: {\(Self.stages)}")["x"]
        )
        #expect(pipeline.contextSize == 8_192)
    }

    @Test("A model of its own may write the summaries")
    func compactionModel() throws {
        let options = "compaction: {above_tokens: 900, llm: {engine: scripted}}"
        let pipeline = try #require(read("pipeline: {\(Self.stages), \(options)}")["x"])
        #expect(pipeline.compaction?.rules.limit == .init(tokenCount: 900))
        #expect(pipeline.compaction?.rules.kept == .init(tokenCount: 300))
        #expect(pipeline.compaction?.language?.options == .scripted(script: nil))
    }

    @Test("No reasoning is no thinking, and no limit of history none")
    func off() throws {
        let text = "pipeline: {\(Self.stages), reasoning_effort: none, max_history_items: 0}"
        let pipeline = try #require(read(text)["x"])
        #expect(pipeline.disablesThinking)
        #expect(pipeline.session.reasoningEffort == nil)
        #expect(pipeline.historyItemCount == nil)
    }

    @Test(
        "What can't be honoured is refused by name, with what to write instead",
        arguments: [
            ("sound_detection: ced", "sound_detection", "leave it out"),
            ("voice_recognition: {model: m}", "voice_recognition", "diarise: true"),
            ("classifier: {enabled: true}", "classifier", "engine: scripted"),
            ("disable_warmup: true", "disable_warmup", "leave it out"),
            ("streaming: {tts: false}", "streaming.tts", "leave it out"),
            ("turn_detection: {retranscribe: true}", "turn_detection.retranscribe", "once"),
            ("turn_detection: {vad_window_sec: 6}", "turn_detection.vad_window_sec", "frame"),
        ]
    )
    func refusedInPipeline(option: String, path: String, instead: String) {
        let found = problems("pipeline: {\(Self.stages), \(option)}")
        #expect(found.count == 1)
        #expect(found[0].contains(": pipeline.\(path): not supported: "))
        #expect(found[0].contains(instead))
    }

    @Test(
        "Options for whoever runs a model are refused in the file",
        arguments: [
            ("backend: llama-cpp", "backend", "engine: openai"),
            ("mmap: false", "mmap", "at the service"),
            ("template: {chat: c}", "template", "at the service"),
            ("parameters: {top_k: 40}", "parameters.top_k", "at the service"),
            ("parameters: {model: m.gguf}", "parameters.model", "stages'"),
            ("download_files: [{filename: f}]", "download_files", "leave it out"),
            ("known_usecases: [chat]", "known_usecases", "leave it out"),
            ("options: ['parallel:2']", "options", "service that runs it"),
            ("alias: other", "alias", "model_aliases"),
            ("tts: {audio_path: a.wav}", "tts.audio_path", "write \"voice\""),
        ]
    )
    func refusedInFile(option: String, path: String, instead: String) {
        let found = problems("\(option)\npipeline: {\(Self.stages)}")
        #expect(found.count == 1, "\(found)")
        #expect(found[0].contains(": \(path): not supported: "))
        #expect(found[0].contains(instead))
    }

    @Test("Every option that can't be honoured is refused by its name, with its reason")
    func everyRefusal() {
        let stages = Self.stages
        let places: [([LocalAIOptions.Refusal], String, (String) -> String)] = [
            (LocalAIOptions.file, "", { "\($0): x\npipeline: {\(stages)}" }),
            (LocalAIOptions.pipeline, "pipeline.", { "pipeline: {\(stages), \($0): x}" }),
            (
                LocalAIOptions.turnDetection, "pipeline.turn_detection.",
                { "pipeline: {\(stages), turn_detection: {\($0): x}}" }
            ),
            (LocalAIOptions.stageFile, "", { "engine: flite\n\($0): x" }),
        ]
        for (refusals, path, text) in places {
            for refusal in refusals {
                for key in refusal.keys {
                    let found = problems(text(key))
                    let told = ": \(path)\(key): not supported: \(refusal.reason)"
                    #expect(found.count == 1 && found[0].hasSuffix(told), "\(found)")
                }
            }
        }
    }

    @Test("What asks for what is done anyway is no mistake")
    func harmless() {
        let text = """
            debug: false
            disabled: false
            known_usecases: []
            pipeline: {\(Self.stages), classifier: {enabled: false}, sound_detection: ''}
            """
        #expect(problems(text).isEmpty)
    }

    @Test(
        "A file of a model is told what a stage looks like",
        arguments: [
            ("name: w\nbackend: whisper\nparameters: {model: m}", "engine: openai"),
            ("name: s\nbackend: silero-vad", "engine: silero"),
        ]
    )
    func modelFile(text: String, instead: String) {
        let found = problems(text)
        #expect(found.count == 1)
        #expect(found[0].contains("backend: not supported: ") && found[0].contains(instead))
    }

    @Test("A model of LocalAI in a pipeline is told how to reach it")
    func modelAsStage() {
        let stages = "vad: silero, transcription: whisper-large-turbo, llm: scripted, tts: flite"
        let found = problems("pipeline: {\(stages)}")
        #expect(found.count == 1)
        #expect(found[0].hasSuffix("base_url: …, model: whisper-large-turbo}"))
    }

    @Test("Other names for voices are a mapping of names")
    func wrongAliases() {
        let found = problems("voice_aliases: {alloy: [slt], echo: }\npipeline: {\(Self.stages)}")
        #expect(
            found.sorted() == [
                "x.yaml:1:24: voice_aliases.alloy: found a list, expected what the name stands for",
                "x.yaml:1:37: voice_aliases.echo: found nothing, expected what the name stands for",
            ]
        )
    }
}
