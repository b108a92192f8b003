import Foundation
import ParleyHTTP
import ParleyRealtime
import ParleyRemoteEngine
import ParleyYAML
import Testing

@testable import ParleyServer

@Suite("Pipelines are read")
struct ConfigurationPipelineTests {
    private static let stages =
        "vad: silero, transcription: pocketsphinx, llm: scripted, tts: flite"

    private func read(
        _ files: [String: String],
        environment: [String: String] = [:]
    ) throws(YAMLProblems) -> PipelineCatalog {
        let files = files.map { ConfigurationFile(name: "models/\($0).yaml", text: $1) }
        return try PipelineCatalog.read(files, environment: environment)
    }

    private func problems(_ files: [String: String]) -> [String] {
        do throws(YAMLProblems) {
            _ = try read(files)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("Without files there is one pipeline")
    func builtIn() throws {
        #expect(try read([:]) == .builtIn)
        #expect(PipelineCatalog.builtIn.names == ["parley"])
    }

    @Test("A file names its stages in LocalAI's shape")
    func localAIShape() throws {
        let catalog = try read(["home": "name: gpt-realtime\npipeline: {\(Self.stages)}"])
        #expect(catalog.names == ["parley", "gpt-realtime"])
        #expect(catalog["gpt-realtime"]?.language == PipelineConfiguration.builtIn.language)
    }

    @Test("Without a name the pipeline is called as its file")
    func nameOfFile() throws {
        #expect(try read(["home": "pipeline: {\(Self.stages)}"]).names == ["parley", "home"])
    }

    @Test("A file may take the built-in pipeline's place")
    func replacedBuiltIn() throws {
        let catalog = try read(["parley": "instructions: Hi.\npipeline: {\(Self.stages)}"])
        #expect(catalog.pipelines.map(\.session.instructions) == ["Hi."])
    }

    @Test("Sessions start with what the file says")
    func session() throws {
        let text = """
            instructions: Be brief.
            voice: slt
            speed: 1.2
            language: en
            output_language: pt-BR
            temperature: 0.7
            max_output_tokens: 512
            output_modality: text
            pipeline:
              vad: silero
              transcription: pocketsphinx
              llm: scripted
              tts: flite
              reasoning_effort: low
              streaming: {llm: true, tts: true}
              turn_detection:
                type: server_vad
                threshold: 0.6
                silence_duration_ms: 300
                interrupt_response: false
            """
        let session = try read(["home": text])["home"]?.session
        var vad = ServerVAD()
        vad.threshold = 0.6
        vad.silenceDuration = .milliseconds(300)
        vad.interruptsResponse = false
        var expected = PipelineConfiguration.SessionDefaults()
        expected.instructions = "Be brief."
        expected.voice = "slt"
        expected.speed = 1.2
        expected.inputLanguage = "en"
        expected.outputLanguage = "pt-BR"
        expected.temperature = 0.7
        expected.maximumOutputTokens = .tokens(512)
        expected.outputModality = .text
        expected.reasoningEffort = .low
        expected.turnDetection = .configured(.serverVAD(vad))
        #expect(session == expected)
    }

    @Test(
        "A language that is no tag is a problem",
        arguments: [
            ("output_language: Brazilian Portuguese", "output_language"),
            ("language: de_AT", "language"), ("parameters: {language: de_AT}", "language"),
        ]
    )
    func badLanguage(line: String, key: String) {
        let found = problems(["home": "\(line)\npipeline: {\(Self.stages)}"])
        #expect(found.count == 1)
        #expect(found.first?.contains("\(key): found \"") == true)
    }

    @Test("Turn detection can be off", arguments: ["", "{type: none}", "null"])
    func turnDetectionOff(value: String) throws {
        let text = "pipeline: {\(Self.stages), turn_detection: \(value)}"
        #expect(try read(["home": text])["home"]?.session.turnDetection == .off)
    }

    @Test("A stage may stand in the pipeline, with the options of its engine")
    func inlineStage() throws {
        let text = """
            pipeline:
              vad: {engine: silero, model: /srv/vad.onnx}
              transcription: {engine: pocketsphinx, decoders: 2}
              llm:
                name: ollama
                engine: openai
                base_url: http://localhost:11434/v1
                api_key_env: OLLAMA_KEY
                model: qwen3
                timeouts: {connect_ms: 100, first_byte_ms: 200, idle_ms: 300, total_ms: 400}
                retries: {limit: 1, backoff_ms: 5, longest_wait_ms: 6}
                max_requests: 8
              tts: {engine: flite, voice: kal16, workers: 3}
            """
        let pipeline = try read(["home": text], environment: ["OLLAMA_KEY": "k"])["home"]
        var endpoint = RemoteEndpoint(
            baseURL: try WebURL("http://localhost:11434/v1"),
            key: Secret("k"),
            model: "qwen3"
        )
        endpoint.timeouts.connect = .milliseconds(100)
        endpoint.timeouts.firstByte = .milliseconds(200)
        endpoint.timeouts.idle = .milliseconds(300)
        endpoint.timeouts.total = .milliseconds(400)
        endpoint.retries.limit = 1
        endpoint.retries.backoff = .milliseconds(5)
        endpoint.retries.longestWait = .milliseconds(6)
        endpoint.requestLimit = 8
        #expect(pipeline?.language == .init(name: "ollama", options: .remote(endpoint)))
        #expect(pipeline?.voiceActivity.options == .silero(model: "/srv/vad.onnx"))
        #expect(pipeline?.transcription.options == .pocketSphinx(model: nil, decoders: 2))
        #expect(pipeline?.speech == .init(name: "flite", options: .flite(workers: 3)))
        #expect(pipeline?.session.voice == "kal16")
    }

    @Test("The pipeline's voice wins over its stage's")
    func twoVoices() throws {
        let stages = "vad: silero, transcription: pocketsphinx, llm: scripted"
        let text = "voice: slt\npipeline: {\(stages), tts: {engine: flite, voice: kal16}}"
        #expect(try read(["home": text])["home"]?.session.voice == "slt")
    }

    @Test("Work that may be in vain can be switched off for a whole pipeline")
    func notSpeculative() throws {
        let stages = "vad: silero, transcription: pocketsphinx, llm: scripted, tts: flite"
        let text = "pipeline: {\(stages), speculative: false}"
        #expect(try read(["home": text])["home"]?.session.isSpeculative == false)
    }

    @Test("A stage may have a file of its own")
    func stageFile() throws {
        let service = "engine: openai\nbase_url: http://localhost/v1\nmodel: m\n"
        let catalog = try read([
            "ears": service + "stream: true\nspeculative: true",
            "talker": "name: mouth\n" + service + "format: wav",
            "home": "pipeline: {vad: silero, transcription: ears, llm: scripted, tts: mouth}",
        ])
        let endpoint = RemoteEndpoint(baseURL: try WebURL("http://localhost/v1"), model: "m")
        let ears = RemoteTranscriptionEngine.Options(streams: true, isSpeculative: true)
        let home = catalog["home"]
        #expect(home?.transcription == .init(name: "ears", options: .remote(endpoint, ears)))
        #expect(home?.speech == .init(name: "mouth", options: .remote(endpoint, format: .wav)))
    }

    @Test(
        "What is wrong in a pipeline is named with its place",
        arguments: [
            (
                "pipeline: {vad: silero, transcripton: pocketsphinx, llm: scripted, tts: flite}",
                [
                    "1:11: pipeline.transcription: missing, "
                        + "expected the name of a stage, or a stage",
                    "1:25: pipeline.transcripton: unknown key; "
                        + "did you mean \"transcription\"?",
                ]
            ),
            (
                "pipeline: {vad: silero, transcription: pocketsphinx, llm: scriptd, tts: flite}",
                [
                    "1:59: pipeline.llm: no stage has the name \"scriptd\", "
                        + "expected \"scripted\"; did you mean \"scripted\"?"
                ]
            ),
            (
                "pipeline: {vad: silero, "
                    + "transcription: {engine: flite}, llm: {engine: gguf}, tts: {}}",
                [
                    "1:49: pipeline.transcription.engine: \"flite\" can't be the "
                        + "transcription, expected \"pocketsphinx\" or \"openai\"",
                    "1:71: pipeline.llm.engine: found \"gguf\", "
                        + "expected \"scripted\" or \"openai\"",
                    "1:83: pipeline.tts.engine: missing, expected \"flite\" or \"openai\"",
                ]
            ),
            (
                "pipeline: {\(Self.stages), compaction: {above_tokens: 900, keep_tokens: 900}}",
                [
                    "1:126: pipeline.compaction.keep_tokens: found 900, "
                        + "expected less than the limit of 900"
                ]
            ),
            (
                "pipeline: {\(Self.stages), streaming: {llm: false}}",
                [
                    "1:93: pipeline.streaming.llm: not supported: "
                        + "every stage streams where its engine can; leave it out"
                ]
            ),
            (
                "backend: llama-cpp\nmax_output_tokens: 0\nspeed: 9\npipeline: {\(Self.stages)}",
                [
                    "1:1: backend: not supported: a stage names its engine; "
                        + "write \"engine: openai\" with \"base_url\" and \"model\" of the service "
                        + "that runs it, which may be LocalAI itself",
                    "2:20: max_output_tokens: found \"0\", "
                        + "expected a number from 1 to 4096, or inf",
                    "3:8: speed: found \"9\", expected a number from 0.25 to 1.5",
                ]
            ),
            (
                "pipeline: {\(Self.stages), "
                    + "turn_detection: {type: semantic_vad, retranscribe: true}}",
                [
                    "1:118: pipeline.turn_detection.retranscribe: not supported: "
                        + "a turn is transcribed once; leave it out"
                ]
            ),
            (
                "name: x\n",
                [
                    "1:1: found the keys \"name\", expected \"pipeline\" (a pipeline), "
                        + "\"engine\" (a stage) or \"alias\" (another name)"
                ]
            ),
        ]
    )
    func wrongPipeline(text: String, expected: [String]) {
        let found = problems(["x": text])
        #expect(found == expected.map { "models/x.yaml:\($0)" })
    }

    @Test(
        "What is wrong in a remote stage is named, its key never shown",
        arguments: [
            ("model: m", "base_url: missing"), ("base_url: http://h/v1", "model: missing"),
            ("base_url: localhost:80, model: m", "base_url: The URL has no scheme"),
            ("base_url: 'https://secret@h/v1', model: m", "holds user information"),
            ("base_url: 'wss://h/v1', model: m", "expected a URL such as"),
            ("base_url: http://h, model: m, api_key_env: NONE", "variable NONE is not set"),
            ("base_url: http://h, model: m, api_key: secret, api_key_env: NONE", "stands beside"),
            ("base_url: http://h, model: m, timeouts: {idle: 1}", "did you mean \"idle_ms\""),
            ("base_url: http://h, model: m, timeouts: {idle_ms: 0}", "from 1 to 3600000"),
            ("base_url: http://h, model: m, retries: {limit: 99}", "from 0 to 10"),
            ("base_url: http://h, model: m, script: x", "script: unknown key"),
        ]
    )
    func wrongRemote(options: String, message: String) {
        let stages = "vad: silero, transcription: pocketsphinx, tts: flite"
        let text = "pipeline: {\(stages), llm: {engine: openai, \(options)}}"
        let found = problems(["x": text])
        #expect(found.count == 1 && found[0].contains(message), "\(found)")
        #expect(!found.joined().contains("secret"))
    }

    @Test("A stage file that no pipeline names is checked too")
    func unusedStage() {
        let found = problems(["y": "engine: flite\nvioce: slt\n"])
        #expect(found == ["models/y.yaml:2:1: vioce: unknown key; did you mean \"voice\"?"])
    }

    @Test("A mistake in a stage file is told once, whoever names it")
    func sharedStage() {
        let pipeline =
            "pipeline: {vad: silero, transcription: pocketsphinx, llm: scripted, tts: mouth}"
        let found = problems(["a": pipeline, "b": pipeline, "mouth": "engine: flite\nworkers: 0\n"])
        #expect(
            found == [
                "models/mouth.yaml:2:10: workers: found \"0\", expected a number from 1 to 64"
            ]
        )
    }

    @Test("Two files can't have the same name inside")
    func duplicateNames() {
        let pipeline = "name: home\npipeline: {\(Self.stages)}"
        let found = problems(["a": pipeline, "b": pipeline])
        #expect(
            found == [
                "models/b.yaml:1:7: name: models/a.yaml has a pipeline of the name \"home\" too"
            ]
        )
    }

    @Test("Problems of all files are reported together")
    func allFiles() {
        let found = problems(["a": "pipeline: [", "b": "engine: gguf"])
        #expect(found.count == 2)
        #expect(found[0].hasPrefix("models/a.yaml:") && found[1].hasPrefix("models/b.yaml:"))
    }

    @Test(
        "The files that are shipped read, and parley is the built-in pipeline",
        arguments: [
            "parley.yaml", "examples/openai-compatible.yaml",
        ]
    )
    func shipped(name: String) throws {
        let tree = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let file = tree.appending(path: "models").appending(path: name).standardizedFileURL
        let text = try String(contentsOf: file, encoding: .utf8)
        let catalog = try PipelineCatalog.read([ConfigurationFile(name: name, text: text)])
        let parley = try #require(catalog["parley"])
        #expect(parley.language == PipelineConfiguration.builtIn.language)
        #expect(parley.speech == PipelineConfiguration.builtIn.speech)
    }
}
