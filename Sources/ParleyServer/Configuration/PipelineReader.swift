internal import ParleyNames
internal import ParleyRealtime
internal import ParleyYAML

/// Reads pipeline files; stages named in them are looked up among the stage files and the built-in
/// ones.
struct PipelineReader {
    private typealias Stage = PipelineConfiguration.Stage

    /// What decides, outside of the files, whether what they say can be had.
    struct Surroundings {
        /// Variables that keys may be read from.
        var environment: [String: String] = [:]
        /// Voices have no other names than their own.
        var hasStrictNames = false
        /// Why a script isn't there; nil where it is.
        var scriptFault: (String) -> String? = { _ in nil }
    }

    /// Stage files by name.
    let stageFiles: [String: StageFile]
    let surroundings: Surroundings

    /// A file of the models folder that defines one stage.
    struct StageFile {
        var name: String
        var file: String
        var tree: YAMLNode
    }

    /// What one pipeline file and the stages it names come to.
    struct Outcome {
        /// Nil where something is missing; the problems say what.
        var pipeline: PipelineConfiguration?
        var problems: [YAMLProblem] = []
        /// Names of the stage files that were used.
        var used: Set<String> = []
        /// What others may call it, wrong or not: its name, its language model's, its recogniser's.
        var names: [String] = []
    }

    /// Reads a pipeline file.
    func read(_ tree: YAMLNode, file: String, defaultName: String) -> Outcome {
        var outcome = Outcome()
        var partial = PartialPipeline()
        do throws(YAMLProblems) {
            try YAMLReader.read(tree, file: file) { root in
                partial.read(root, defaultName: defaultName)
                LocalAIOptions.refuse(inFile: root)
                guard let stages = root.section("pipeline") else { return }
                LocalAIOptions.refuse(inPipeline: stages)
                partial.readSession(of: stages)
                readStages(stages, into: &partial, &outcome)
                checkVoices(ofFile: root, in: partial)
                readCompaction(stages, into: &partial, &outcome)
            }
        } catch {
            outcome.problems += error.problems
        }
        if outcome.problems.isEmpty { outcome.pipeline = partial.whole }
        let further = [partial.language?.model, partial.transcription?.name].compactMap(\.self)
        outcome.names = [partial.name.isEmpty ? defaultName : partial.name] + further
        return outcome
    }

    /// Checks a stage file that no pipeline uses, in the first role its engine can fill.
    func check(_ stage: StageFile) -> [YAMLProblem] {
        let engine = stage.tree["engine"]?.scalarText ?? ""
        guard let role = StageRole.allCases.first(where: { $0.engines.contains(engine) }) else {
            return [Self.unknownEngine(of: stage)]
        }
        var partial = PartialPipeline()
        do throws(YAMLProblems) {
            try read(stage) { read(role, of: $0, named: stage.name, into: &partial) }
            return []
        } catch {
            return error.problems
        }
    }

    private static func unknownEngine(of stage: StageFile) -> YAMLProblem {
        let node = stage.tree["engine"]
        let expected = NearMatch.alternatives(StageRole.allEngines)
        let hint = NearMatch.hint(for: node?.scalarText ?? "", among: StageRole.allEngines)
        let found = node?.summary ?? "nothing"
        return YAMLProblem(
            "found \(found), expected \(expected)\(hint)",
            path: "engine",
            at: node?.position,
            file: stage.file
        )
    }

    private func readStages(
        _ section: YAMLSection,
        into partial: inout PartialPipeline,
        _ outcome: inout Outcome
    ) {
        for role in StageRole.allCases {
            guard section.contains(role.rawValue) else {
                section.missing(role.rawValue, expected: "the name of a stage, or a stage") as Void?
                continue
            }
            readStage(role, section, into: &partial, &outcome)
        }
    }

    /// Reads a stage that stands there whole, or by its name.
    private func readStage(
        _ role: StageRole,
        _ section: YAMLSection,
        into partial: inout PartialPipeline,
        _ outcome: inout Outcome
    ) {
        if case .mapping? = section.node(role.rawValue)?.content {
            guard let stage = section.section(role.rawValue) else { return }
            let name = stage.string("name") ?? stage.node("engine")?.scalarText ?? role.rawValue
            read(role, of: stage, named: name, into: &partial)
        } else if let name = section.string(role.rawValue) {
            readNamed(name, role, of: section, into: &partial, &outcome)
        }
    }

    private func readCompaction(
        _ pipeline: YAMLSection,
        into partial: inout PartialPipeline,
        _ outcome: inout Outcome
    ) {
        guard let section = pipeline.section("compaction") else { return }
        var writer = PartialPipeline()
        if section.contains(StageRole.llm.rawValue) {
            readStage(.llm, section, into: &writer, &outcome)
        }
        let isEnabled = section.bool("enabled") ?? true
        let rules = CompactionReader(historyItemCount: partial.historyItemCount).rules(section)
        guard isEnabled, let rules else { return }
        partial.compaction = .init(rules: rules, language: writer.language)
    }

    private func readNamed(
        _ name: String,
        _ role: StageRole,
        of section: YAMLSection,
        into partial: inout PartialPipeline,
        _ outcome: inout Outcome
    ) {
        if let stage = stageFiles[name] {
            outcome.used.insert(name)
            do throws(YAMLProblems) {
                try read(stage) { read(role, of: $0, named: name, into: &partial) }
            } catch {
                outcome.problems += error.problems
            }
            return
        }
        if partial.takeBuiltIn(name, as: role) { return }
        let names = (stageFiles.keys + role.engines.filter { $0 != "openai" }).sorted()
        let there = NearMatch.alternatives(names)
        var hint = NearMatch.hint(for: name, among: names)
        if hint.isEmpty, role.engines.contains("openai") {
            hint = "; for a model of a service write {engine: openai, base_url: …, model: \(name)}"
        }
        section.invalid(
            role.rawValue,
            "no stage has the name \"\(name)\", expected \(there)\(hint)"
        ) as Void?
    }

    private func read(
        _ stage: StageFile,
        _ body: (YAMLSection) -> Void
    ) throws(YAMLProblems) {
        try YAMLReader.read(stage.tree, file: stage.file) { root in
            _ = root.string("name")
            for key in ["description", "usage"] { _ = root.string(key) }
            LocalAIOptions.refuse(inStageFile: root)
            body(root)
        }
    }

    private func read(
        _ role: StageRole,
        of section: YAMLSection,
        named name: String,
        into partial: inout PartialPipeline
    ) {
        let reader = StageReader(surroundings: surroundings)
        switch role {
        case .vad:
            partial.voiceActivity = reader.voiceActivity(section).map {
                Stage(name: name, options: $0)
            }
        case .transcription:
            partial.transcription = reader.transcription(section).map {
                Stage(name: name, options: $0)
            }
        case .llm:
            partial.language = reader.language(section).map { Stage(name: name, options: $0) }
        case .tts:
            // Asked in any case, or it would be an unknown key where the pipeline names a voice.
            let voice = section.string("voice")
            partial.session.voice = partial.session.voice ?? voice
            partial.voices.aliases += section.nameAliases("voice_aliases") ?? []
            if section.node("engine")?.scalarText == "openai" {
                partial.voices.listed = section.strings("voices") ?? []
            }
            partial.speech = reader.speech(section).map { Stage(name: name, options: $0) }
            checkVoices(of: section, in: partial)
        }
    }
}
