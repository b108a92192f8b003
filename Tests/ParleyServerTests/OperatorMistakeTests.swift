import Testing

@testable import ParleyServer

/// Wrong configurations as people write them, and what they are told.
@Suite("An operator's mistakes")
struct OperatorMistakeTests {
    /// One wrong configuration.
    struct Mistake: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// By name; `parley.yaml` is read where it is there, and so is `models/`.
        var files: [String: String] = [:]
        var environment: [String: String] = [:]
        var told: [String]

        init(
            _ name: String,
            _ files: [String: String] = [:],
            environment: [String: String] = [:],
            _ told: String...
        ) {
            testDescription = name
            self.files = files
            self.environment = environment
            self.told = told
        }
    }

    private static let pipeline =
        "pipeline: {vad: silero, transcription: pocketsphinx, llm: scripted, tts: flite}"
    private static let away = "which can't be opened: No such file or directory"

    private func problems(_ mistake: Mistake) throws -> [String] {
        try OperatorFolder.with(mistake.files) { folder in
            let hasModels = mistake.files.keys.contains { $0.hasPrefix("models/") }
            return folder.problems(
                config: mistake.files["parley.yaml"] == nil ? nil : "parley.yaml",
                environment: mistake.environment,
                flags: hasModels ? [("--models-dir", "$DIR/models")] : []
            )
        }
    }

    @Test("A text that is no YAML", arguments: texts)
    func text(mistake: Mistake) throws {
        #expect(try problems(mistake) == mistake.told)
    }

    private static let texts = [
        Mistake(
            "tab",
            ["parley.yaml": "server:\n\tport: 80\n"],
            "parley.yaml:2:1: found a tab, expected spaces"
        ),
        Mistake(
            "one space too many",
            ["parley.yaml": "server:\n  port: 80\n   host: a\n"],
            "parley.yaml:3:8: found a key where none can stand: keys of one mapping are indented "
                + "alike, and a text with \": \" in it needs quotes"
        ),
        Mistake(
            "one space too few",
            ["parley.yaml": "server:\n  port: 80\n host: a\n"],
            "parley.yaml:3:2: expected a key: keys of one mapping are indented alike; "
                + "this one begins in line 1"
        ),
        Mistake(
            "brace left open",
            ["parley.yaml": "server: {port: 80\n"],
            "parley.yaml:2:1: expected \",\" or \"}\" in the mapping; it begins in line 1"
        ),
        Mistake(
            "quote left open",
            ["parley.yaml": "default_pipeline: \"parley\nserver: {}\n"],
            "parley.yaml:3:1: found the end of the file, expected a closing quote; "
                + "the text begins in line 1"
        ),
        Mistake(
            "no quotes around an at sign",
            ["parley.yaml": "default_pipeline: @home\n"],
            "parley.yaml:1:19: found \"@\", which no plain text begins with; "
                + "expected quotes around it"
        ),
        Mistake(
            "key twice",
            ["parley.yaml": "server:\n  port: 80\n  port: 81\n"],
            "parley.yaml:3:3: server.port: duplicate key, first in line 2"
        ),
        Mistake(
            "no space behind a colon",
            ["parley.yaml": "server:\n  port:80\n"],
            "parley.yaml:2:3: server: found \"port:80\", expected a mapping; "
                + "a space goes behind the \":\" of a key"
        ),
        Mistake(
            "no colon",
            ["parley.yaml": "server:\n  port 80\n  host: a\n"],
            "parley.yaml:3:7: found a key where none can stand: keys of one mapping are indented "
                + "alike, and a text with \": \" in it needs quotes"
        ),
    ]

    @Test("A value that no setting takes", arguments: values)
    func value(mistake: Mistake) throws {
        #expect(try problems(mistake) == mistake.told)
    }

    private static let values = [
        Mistake(
            "typo in a key",
            ["parley.yaml": "server:\n  prot: 80\n"],
            "parley.yaml:2:3: server.prot: unknown key; did you mean \"port\"?"
        ),
        Mistake(
            "wrong types",
            ["parley.yaml": "server:\n  port: many\n  host: [a]\n  insecure: yes\n"],
            "parley.yaml:2:9: server.port: found \"many\", expected a number from 0 to 65535",
            "parley.yaml:3:9: server.host: found a list, expected text",
            "parley.yaml:4:13: server.insecure: found \"yes\", expected true or false"
        ),
        Mistake(
            "key in the wrong place",
            ["parley.yaml": "port: 80\ncertificate: c.pem\n"],
            "parley.yaml:1:1: port: unknown key; did you mean \"server.port\"?",
            "parley.yaml:2:1: certificate: unknown key; did you mean \"server.tls.certificate\"?"
        ),
        Mistake(
            "value in place of a mapping",
            ["parley.yaml": "log: debug\n"],
            "parley.yaml:1:6: log: found \"debug\", expected a mapping"
        ),
        Mistake(
            "variables",
            environment: ["PARLEY_PROT": "80", "PARLEY_PORT": "many", "PARLEY_HOST": "::"],
            "PARLEY_PORT: found \"many\", expected a number from 0 to 65535",
            "PARLEY_PROT: unknown variable; did you mean \"PARLEY_PORT\"?",
            "PARLEY_HOST: found \"::\", which other machines can reach, and no API key; "
                + "set PARLEY_API_KEY, or PARLEY_INSECURE to let everybody in"
        ),
        Mistake(
            "host of a list",
            ["parley.yaml": "mcp:\n  hosts: [nas.lan, \"http://nas.lan\"]\n"],
            "parley.yaml:2:20: mcp.hosts[1]: found \"http://nas.lan\", "
                + "expected hosts such as nas.lan, nas.lan:8000 or *.example.org"
        ),
        Mistake(
            "open to others",
            ["parley.yaml": "server:\n  host: 0.0.0.0\n"],
            "parley.yaml:2:9: server.host: found \"0.0.0.0\", which other machines can reach, "
                + "and no API key; set api_keys, or server.insecure to let everybody in"
        ),
        Mistake(
            "digest in a list of keys",
            ["parley.yaml": "api_keys: [a, \"sha256:abc\"]\n"],
            "parley.yaml:1:15: api_keys[1]: expected 64 hexadecimal digits behind \"sha256:\""
        ),
        Mistake(
            "keys that are no list",
            ["parley.yaml": "api_keys:\n  kitchen: abc\n"],
            "parley.yaml:2:3: api_keys: found a mapping, expected a list of keys, "
                + "or of mappings with \"name\" and \"key\""
        ),
        Mistake(
            "name of two keys",
            ["parley.yaml": "api_keys:\n  - {name: a, key: b}\n  - {name: a, key: c}\n"],
            "parley.yaml:3:5: api_keys[1]: two keys have the same name, \"a\""
        ),
    ]

    @Test("A file that isn't there, or can't be used", arguments: files)
    func file(mistake: Mistake) throws {
        #expect(try problems(mistake) == mistake.told)
    }

    private static let files = [
        Mistake(
            "configuration",
            environment: ["PARLEY_CONFIG": "$DIR/nope.yaml"],
            "PARLEY_CONFIG: found \"nope.yaml\", \(away)"
        ),
        Mistake(
            "folders",
            ["parley.yaml": "models_dir: /nope/m\nprompts_dir: /nope/p\nassets_dir: /nope/a\n"],
            "parley.yaml:1:13: models_dir: found \"/nope/m\", \(away)",
            "parley.yaml:2:14: prompts_dir: found \"/nope/p\", \(away)",
            "parley.yaml:3:13: assets_dir: found \"/nope/a\", \(away)"
        ),
        Mistake(
            "file in place of a folder",
            ["x": ""],
            environment: ["PARLEY_MODELS_DIR": "$DIR/x"],
            "PARLEY_MODELS_DIR: found \"x\", which is a file, expected a folder"
        ),
        Mistake(
            "certificate and key",
            ["parley.yaml": "server:\n  tls: {certificate: /nope/c.pem, key: /nope/k.pem}\n"],
            "parley.yaml:2:22: server.tls.certificate: found \"/nope/c.pem\", \(away)",
            "parley.yaml:2:40: server.tls.key: found \"/nope/k.pem\", \(away)"
        ),
        Mistake(
            "certificate that is none",
            ["c.pem": "x", "k.pem": "y"],
            environment: ["PARLEY_TLS_CERTIFICATE": "$DIR/c.pem", "PARLEY_TLS_KEY": "$DIR/k.pem"],
            "PARLEY_TLS_CERTIFICATE: cannot use the TLS certificate c.pem: "
                + "it holds no PEM of the kind"
        ),
        Mistake(
            "certificate without a key",
            ["parley.yaml": "server:\n  tls:\n    certificate: c.pem\n"],
            "parley.yaml:3:18: server.tls.key: missing, expected a file, "
                + "as \"server.tls.certificate\" is set",
            "parley.yaml:3:18: server.tls.certificate: found \"c.pem\", \(away)"
        ),
        Mistake(
            "script",
            [
                "models/a.yaml": """
                pipeline:
                  vad: silero
                  transcription: pocketsphinx
                  llm: {engine: scripted, script: s.yaml}
                  tts: flite
                """
            ],
            "models/a.yaml:4:35: pipeline.llm.script: found \"models/s.yaml\", \(away)"
        ),
    ]

    @Test("A name that stands for nothing", arguments: names)
    func name(mistake: Mistake) throws {
        #expect(try problems(mistake) == mistake.told)
    }

    private static let names = [
        Mistake(
            "default pipeline",
            ["parley.yaml": "default_pipeline: parly\n"],
            "parley.yaml:1:19: default_pipeline: no pipeline has the name \"parly\", "
                + "expected \"parley\"; did you mean \"parley\"?"
        ),
        Mistake(
            "default pipeline of the environment",
            environment: ["PARLEY_DEFAULT_PIPELINE": "kitchen"],
            "PARLEY_DEFAULT_PIPELINE: no pipeline has the name \"kitchen\", expected \"parley\""
        ),
        Mistake(
            "a key's pipeline",
            ["parley.yaml": "api_keys:\n  - {name: a, key: b, pipeline: parly}\n"],
            "parley.yaml:2:33: api_keys[0].pipeline: no pipeline has the name \"parly\", "
                + "expected \"parley\"; did you mean \"parley\"?"
        ),
        Mistake(
            "alias that points nowhere",
            ["parley.yaml": "model_aliases:\n  gpt-4.1: pocketsfinx\n"],
            "parley.yaml:2:12: model_aliases.gpt-4.1: no pipeline, language model or recogniser "
                + "has the name \"pocketsfinx\", expected \"parley\" or \"pocketsphinx\"; "
                + "did you mean \"pocketsphinx\"?"
        ),
        Mistake(
            "alias of an alias",
            ["parley.yaml": "model_aliases:\n  a: b\n  b: parley\n"],
            "parley.yaml:2:6: model_aliases.a: found \"b\", which is only another name; "
                + "expected what it stands for, \"parley\""
        ),
        Mistake(
            "aliases in a circle",
            ["parley.yaml": "model_aliases:\n  a: b\n  b: a\n"],
            "parley.yaml:2:6: model_aliases.a: found \"b\", which leads in a circle: "
                + "\"b\", \"a\", \"b\"; expected \"parley\" or \"pocketsphinx\"",
            "parley.yaml:3:6: model_aliases.b: found \"a\", which leads in a circle: "
                + "\"a\", \"b\", \"a\"; expected \"parley\" or \"pocketsphinx\""
        ),
        Mistake(
            "files that are aliases in a circle",
            ["models/a.yaml": "alias: b\n", "models/b.yaml": "alias: a\n"],
            "models/a.yaml:1:8: alias: found \"b\", which leads in a circle: "
                + "\"b\", \"a\", \"b\"; expected \"parley\" or \"pocketsphinx\"",
            "models/b.yaml:1:8: alias: found \"a\", which leads in a circle: "
                + "\"a\", \"b\", \"a\"; expected \"parley\" or \"pocketsphinx\""
        ),
        Mistake(
            "voice",
            ["models/a.yaml": "voice: sltt\n\(pipeline)"],
            "models/a.yaml:1:8: voice: found voice \"sltt\", expected \"slt\" or \"kal16\"; "
                + "did you mean \"slt\"?"
        ),
        Mistake(
            "voice of LocalAI's key",
            ["models/a.yaml": "tts: {voice: sltt}\n\(pipeline)"],
            "models/a.yaml:1:14: tts.voice: found voice \"sltt\", expected \"slt\" or \"kal16\"; "
                + "did you mean \"slt\"?"
        ),
        Mistake(
            "voice of a stage",
            ["models/mouth.yaml": "engine: flite\nvoice: sltt\n"],
            "models/mouth.yaml:2:8: voice: found voice \"sltt\", expected \"slt\" or \"kal16\"; "
                + "did you mean \"slt\"?"
        ),
        Mistake(
            "alias of a voice",
            ["models/a.yaml": "voice_aliases: {alloy: af}\n\(pipeline)"],
            "models/a.yaml:1:24: voice_aliases.alloy: found voice \"af\", "
                + "expected \"slt\" or \"kal16\""
        ),
        Mistake(
            "engine",
            ["models/a.yaml": pipeline.replacing("scripted", with: "{engine: opneai}")],
            "models/a.yaml:1:68: pipeline.llm.engine: found \"opneai\", "
                + "expected \"scripted\" or \"openai\"; did you mean \"openai\"?"
        ),
        Mistake(
            "engine, whose options nobody knows then",
            [
                "models/a.yaml": pipeline.replacing(
                    "scripted",
                    with: "{engine: opneai, base_url: http://h/v1, model: m}"
                )
            ],
            "models/a.yaml:1:68: pipeline.llm.engine: found \"opneai\", "
                + "expected \"scripted\" or \"openai\"; did you mean \"openai\"?"
        ),
        Mistake(
            "engine of a stage that no pipeline uses",
            ["models/a.yaml": "engine: whisper\nmodel: m\n"],
            "models/a.yaml:1:9: engine: found \"whisper\", expected \"silero\", "
                + "\"pocketsphinx\", \"scripted\", \"flite\" or \"openai\""
        ),
        Mistake(
            "model that summarises",
            [
                "models/a.yaml": """
                pipeline:
                  vad: silero
                  transcription: pocketsphinx
                  llm: scripted
                  tts: flite
                  compaction: {llm: scritped}
                """
            ],
            "models/a.yaml:6:21: pipeline.compaction.llm: no stage has the name \"scritped\", "
                + "expected \"scripted\"; did you mean \"scripted\"?"
        ),
        Mistake(
            "two files of one name",
            ["models/a.yaml": pipeline, "models/b.yaml": "name: a\n\(pipeline)"],
            "models/b.yaml:1:7: name: models/a.yaml has a pipeline of the name \"a\" too"
        ),
        Mistake(
            "typo in what makes a file a pipeline",
            ["models/a.yaml": pipeline.replacing("pipeline:", with: "pipelin:")],
            "models/a.yaml:1:1: pipelin: unknown key; did you mean \"pipeline\"?"
        ),
        Mistake(
            "files of no kind",
            ["models/a.yaml": "- a\n", "models/b.yaml": "name: x\n", "models/c.yaml": ""],
            "models/a.yaml:1:1: found a list, \(kinds)",
            "models/b.yaml:1:1: found the keys \"name\", \(kinds)",
            "models/c.yaml:1:1: found nothing, \(kinds)"
        ),
    ]

    private static let kinds =
        "expected \"pipeline\" (a pipeline), \"engine\" (a stage) or \"alias\" (another name)"

    @Test("Mistakes of all files are told at once")
    func together() throws {
        let found = try problems(
            Mistake(
                "all",
                [
                    "parley.yaml": """
                    server: {prot: 80, tls: {certificate: /nope/c, key: /nope/k}}
                    default_pipeline: parly
                    prompts_dir: /nope/p
                    """,
                    "models/a.yaml": "voice: sltt\n\(Self.pipeline)",
                    "models/b.yaml": Self.pipeline.replacing(
                        "scripted",
                        with: "{engine: scripted, script: s}"
                    ),
                    "models/s": "default: a\ngreeting: b\nrules: 3\n",
                ]
            )
        )
        let places = found.map { $0.prefix { $0 != " " } }
        #expect(
            places == [
                "models/a.yaml:1:8:", "models/s:3:8:", "parley.yaml:1:10:", "parley.yaml:1:39:",
                "parley.yaml:1:53:", "parley.yaml:2:19:", "parley.yaml:3:14:",
            ]
        )
    }

    @Test("What only follows from another mistake isn't told")
    func followUps() throws {
        let broken = "name: kitchen\nvoice: sltt\n\(Self.pipeline)"
        let mistakes = [
            "default_pipeline: kitchen\n": ["models/a.yaml": broken],
            "model_aliases: {x: kitchen}\n": ["models/a.yaml": broken],
            "api_keys: [{name: a, key: b, pipeline: kitchen}]\n": ["models/a.yaml": "["],
            "default_pipeline: kitchen\nmodels_dir: [a]\n": [:],
            "default_pipeline: [\n": [:],
        ]
        for (text, files) in mistakes {
            let all = files.merging(["parley.yaml": text]) { first, _ in first }
            let found = try problems(Mistake("", all))
            #expect(found.count == 1, "\(found)")
        }
    }

    @Test("However much is wrong, what is told has an end")
    func bounded() throws {
        let keys = (1...200).map { "unknown_\($0): 1\n" }.joined()
        try OperatorFolder.with(["parley.yaml": keys]) { folder in
            let error = #expect(throws: (any Error).self) {
                try Configuration.load(
                    path: "\(folder.path)/parley.yaml",
                    environment: [:],
                    flags: []
                )
            }
            let lines = "\(try #require(error))".split(separator: "\n")
            #expect(lines.count == 51 && lines.last == "and 150 more")
        }
    }

    @Test("A folder of models without any file is no mistake")
    func emptyFolder() throws {
        #expect(try problems(Mistake("empty", ["models/": ""])).isEmpty)
    }
}
