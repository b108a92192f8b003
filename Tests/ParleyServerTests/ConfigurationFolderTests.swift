import Foundation
import ParleyYAML
import Testing

@testable import ParleyServer

@Suite("Configuration is read from the disk")
struct ConfigurationFolderTests {
    /// A folder of its own for each test, gone afterwards.
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "parley-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func write(_ text: String, _ path: String) throws {
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private func problems(
        path: String? = nil,
        flags: [(name: String, value: String?)] = []
    ) -> [String] {
        do throws(YAMLProblems) {
            _ = try Configuration.load(path: path, environment: [:], flags: flags)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("File, pipelines and scripts come together")
    func everything() throws {
        try withFolder { folder in
            try write("models_dir: \(folder)/m\ndefault_pipeline: a\n", "\(folder)/parley.yaml")
            try write("greeting: Hi.\ndefault: Go on.\n", "\(folder)/m/scripts/s.yaml")
            try write("not yaml: [", "\(folder)/m/notes.txt")
            try write("[", "\(folder)/m/.hidden.yaml")
            try write(
                """
                pipeline:
                  vad: silero
                  transcription: pocketsphinx
                  llm: {engine: scripted, script: scripts/s.yaml}
                  tts: flite
                """,
                "\(folder)/m/a.yml"
            )
            let configuration = try Configuration.load(
                path: "\(folder)/parley.yaml",
                environment: [:],
                flags: []
            )
            #expect(configuration.pipelines.names == ["parley", "a"])
            #expect(configuration.scripts.keys.sorted() == ["scripts/s.yaml"])
        }
    }

    @Test("A missing file that was named is a problem")
    func missingFile() {
        let found = problems(path: "/nowhere/parley.yaml")
        #expect(found == ["/nowhere/parley.yaml: can't be opened: No such file or directory"])
    }

    @Test("A folder in place of a file is a problem")
    func folderAsFile() throws {
        try withFolder { folder in
            #expect(problems(path: folder) == ["\(folder): found a folder, expected a file"])
        }
    }

    @Test("A models folder that was named must be there")
    func missingFolder() {
        let found = problems(flags: [("--models-dir", "/nowhere")])
        #expect(found == ["/nowhere: can't be opened: No such file or directory"])
    }

    @Test("A script that is missing is a problem")
    func missingScript() throws {
        try withFolder { folder in
            try write(
                """
                pipeline:
                  vad: silero
                  transcription: pocketsphinx
                  llm: {engine: scripted, script: s.yaml}
                  tts: flite
                """,
                "\(folder)/a.yaml"
            )
            let found = problems(flags: [("--models-dir", folder)])
            #expect(found == ["\(folder)/s.yaml: can't be opened: No such file or directory"])
        }
    }

    @Test("A default pipeline that isn't there is a problem")
    func missingDefault() throws {
        try withFolder { folder in
            let found = problems(flags: [("--models-dir", folder), ("--default-pipeline", "parly")])
            #expect(
                found == [
                    "--default-pipeline: no pipeline has the name \"parly\", "
                        + "expected \"parley\"; did you mean \"parley\"?"
                ]
            )
        }
    }

    @Test("An alias for what isn't there is a problem where it was written")
    func danglingAlias() throws {
        let fault = "no pipeline, language model or recogniser has the name \"parly\", expected "
        try withFolder { folder in
            let path = "\(folder)/parley.yaml"
            let inFolder = [(name: "--models-dir", value: Optional("\(folder)/m"))]
            try write("name: gpt-4\nalias: parley\n", "\(folder)/m/a.yaml")
            try write("model_aliases: {x: parly}\n", path)
            let flag = problems(flags: inFolder + [("--model-alias", "x=parly")])
            let file = problems(path: path, flags: inFolder)
            try write("name: gpt-4\nalias: parly\n", "\(folder)/m/a.yaml")
            let folderFile = problems(flags: inFolder)
            #expect(flag.first?.hasPrefix("--model-alias: \(fault)") == true)
            #expect(file.first?.hasPrefix("model_aliases.x: \(fault)") == true)
            #expect(folderFile.first?.hasPrefix("\(folder)/m/a.yaml:2:8: alias: \(fault)") == true)
        }
    }

    @Test("A file that is too large is refused unread")
    func hugeFile() throws {
        try withFolder { folder in
            try write(String(repeating: "#\n", count: 1 << 20), "\(folder)/parley.yaml")
            let found = problems(path: "\(folder)/parley.yaml")
            #expect(found.count == 1 && found[0].contains("expected at most 1048576"))
        }
    }
}
