import Testing

@testable import ParleyServer

@Suite("Configuration is read from the disk")
struct ConfigurationFolderTests {
    @Test("File, pipelines and scripts come together")
    func everything() throws {
        let files = [
            "parley.yaml": "default_pipeline: a\n",
            "m/scripts/s.yaml": "greeting: Hi.\ndefault: Go on.\n",
            "m/notes.txt": "not yaml: [",
            "m/.hidden.yaml": "[",
            "m/a.yml": """
            pipeline:
              vad: silero
              transcription: pocketsphinx
              llm: {engine: scripted, script: scripts/s.yaml}
              tts: flite
            """,
        ]
        try OperatorFolder.with(files) { folder in
            let configuration = try Configuration.load(
                path: "\(folder.path)/parley.yaml",
                environment: ["PARLEY_MODELS_DIR": "\(folder.path)/m"],
                flags: []
            )
            #expect(configuration.pipelines.names == ["parley", "a"])
            #expect(configuration.scripts.keys.sorted() == ["scripts/s.yaml"])
        }
    }

    @Test("A folder in place of a file is a problem")
    func folderAsFile() throws {
        try OperatorFolder.with(["x/": ""]) { folder in
            let found = folder.problems(config: "x")
            #expect(found == ["--config: found \"x\", which is a folder, expected a file"])
        }
    }

    @Test("An alias for what isn't there is a problem where it was written")
    func danglingAlias() throws {
        let fault = "no pipeline, language model or recogniser has the name \"parly\", expected "
        let files = [
            "parley.yaml": "model_aliases: {x: parly}\n",
            "m/a.yaml": "name: gpt-4\nalias: parley\n", "n/a.yaml": "name: gpt-4\nalias: parly\n",
        ]
        try OperatorFolder.with(files) { folder in
            let flag = folder.problems(
                flags: [("--models-dir", "$DIR/m"), ("--model-alias", "x=parly")]
            )
            let file = folder.problems(config: "parley.yaml", flags: [("--models-dir", "$DIR/m")])
            let folderFile = folder.problems(flags: [("--models-dir", "$DIR/n")])
            #expect(flag.first?.hasPrefix("--model-alias: \(fault)") == true)
            #expect(file.first?.hasPrefix("parley.yaml:1:20: model_aliases.x: \(fault)") == true)
            #expect(folderFile.first?.hasPrefix("n/a.yaml:2:8: alias: \(fault)") == true)
        }
    }

    @Test("A file that is too large is refused unread")
    func hugeFile() throws {
        let text = String(repeating: "#\n", count: 1 << 20)
        try OperatorFolder.with(["parley.yaml": text]) { folder in
            let found = folder.problems(config: "parley.yaml")
            #expect(found.count == 1 && found[0].contains("expected at most 1048576"))
        }
    }
}
