package import ParleyNames
internal import ParleyRemoteEngine
package import ParleyYAML

/// All pipelines of a server: the built-in one and those of the models folder.
package struct PipelineCatalog: Sendable, Equatable {
    /// By name, the built-in one first unless a file has taken its name.
    package private(set) var pipelines: [PipelineConfiguration]
    /// What files call them otherwise.
    package private(set) var aliases: [NameTable.Alias] = []

    /// The pipeline of that name.
    package subscript(name: String) -> PipelineConfiguration? {
        pipelines.first { $0.name == name }
    }

    /// The names, in order.
    package var names: [String] { pipelines.map(\.name) }

    /// The catalog without any file.
    package static let builtIn = PipelineCatalog(pipelines: [.builtIn])

    /// Reads the files of a models folder.
    ///
    /// A file with a `pipeline` mapping is a pipeline, one with an `engine` a stage that pipelines
    /// can name, one with an `alias` another name for something. None needs a `name`: without one
    /// it is the file's.
    ///
    /// - Parameters:
    ///   - files: The folder's YAML files; names with or without folders before them.
    ///   - environment: Variables that keys may be read from.
    /// - Returns: The pipelines, and the built-in one.
    /// - Throws: `YAMLProblems` with everything that is wrong in all files.
    package static func read(
        _ files: [ConfigurationFile],
        environment: [String: String] = [:]
    ) throws(YAMLProblems) -> PipelineCatalog {
        var sorted = SortedFiles()
        for file in files.sorted(by: { $0.name < $1.name }) { sorted.take(file) }
        let reader = PipelineReader(stageFiles: sorted.stages, environment: environment)
        var problems = sorted.problems
        var pipelines: [PipelineConfiguration] = []
        var used: Set<String> = []
        for entry in sorted.pipelines {
            let outcome = reader.read(entry.tree, file: entry.file, defaultName: entry.name)
            problems += outcome.problems
            used.formUnion(outcome.used)
            guard let pipeline = outcome.pipeline else { continue }
            if pipelines.contains(where: { $0.name == pipeline.name }) {
                let message = "another file has a pipeline of the name \"\(pipeline.name)\""
                let place = entry.tree["name"]?.position
                problems.append(YAMLProblem(message, path: "name", at: place, file: entry.file))
            }
            pipelines.append(pipeline)
        }
        for stage in sorted.stages.values where !used.contains(stage.name) {
            problems += reader.check(stage)
        }
        guard problems.isEmpty else { throw YAMLProblems(problems.withoutRepeats) }
        if !pipelines.contains(where: { $0.name == PipelineConfiguration.builtIn.name }) {
            pipelines.insert(.builtIn, at: 0)
        }
        let catalog = PipelineCatalog(pipelines: pipelines, aliases: sorted.aliases.map(\.alias))
        for entry in sorted.aliases {
            guard let fault = catalog.fault(of: entry.alias) else { continue }
            problems.append(
                YAMLProblem(fault, path: "alias", at: entry.position, file: entry.file)
            )
        }
        guard problems.isEmpty else { throw YAMLProblems(problems) }
        return catalog
    }

    /// What is wrong with an alias that stands for nothing that there is; nil for nothing.
    func fault(of alias: NameTable.Alias) -> String? {
        let targets = targets
        guard let target = alias.target, !targets.contains(target) else { return nil }
        let there = NearMatch.alternatives(targets)
        let hint = NearMatch.hint(for: target, among: targets)
        return "no pipeline, language model or recogniser has the name \"\(target)\", expected "
            + "\(there)\(hint)"
    }

    /// What an alias may stand for: pipelines, language models by the names that they have where
    /// they run, recognisers.
    private var targets: [String] {
        var targets = names
        for pipeline in pipelines {
            let more = [pipeline.language.model, pipeline.transcription.name].compactMap(\.self)
            targets += more.filter { !targets.contains($0) }
        }
        return targets
    }
}

extension PipelineConfiguration.Stage<PipelineConfiguration.LanguageOptions> {
    /// The model's name where it runs; nil where it has none.
    var model: String? {
        switch options {
        case .scripted: nil
        case .remote(let endpoint): endpoint.model
        }
    }
}

/// The files of a folder, told apart by what they hold.
private struct SortedFiles {
    var pipelines: [PipelineReader.StageFile] = []
    var stages: [String: PipelineReader.StageFile] = [:]
    var aliases: [(alias: NameTable.Alias, file: String, position: YAMLPosition?)] = []
    var problems: [YAMLProblem] = []

    mutating func take(_ file: ConfigurationFile) {
        let tree: YAMLNode
        do {
            tree = try file.tree()
        } catch {
            problems += error.problems
            return
        }
        var entry = PipelineReader.StageFile(name: file.stem, file: file.name, tree: tree)
        if tree["pipeline"] != nil {
            pipelines.append(entry)
        } else if tree["engine"] != nil {
            if case .scalar(let name)? = tree["name"]?.content { entry.name = name.text }
            if let other = stages.updateValue(entry, forKey: entry.name) {
                let message = "\(other.file) has a stage of the name \"\(entry.name)\" too"
                problems.append(YAMLProblem(message, at: tree.position, file: file.name))
            }
        } else if tree["alias"] != nil {
            takeAlias(tree, file: file)
        } else {
            problems.append(Self.unknown(tree, file: file.name))
        }
    }

    /// LocalAI's file that is only another name.
    private mutating func takeAlias(_ tree: YAMLNode, file: ConfigurationFile) {
        do throws(YAMLProblems) {
            let alias = try YAMLReader.read(tree, file: file.name) { root -> NameTable.Alias? in
                for key in ["description", "usage"] { _ = root.string(key) }
                let name = root.string("name") ?? file.stem
                guard let target = root.string("alias") else { return nil }
                return NamePattern(name).map { NameTable.Alias($0, for: target) }
            }
            if let alias { aliases.append((alias, file.name, tree["alias"]?.position)) }
        } catch {
            problems += error.problems
        }
    }

    private static func unknown(_ tree: YAMLNode, file: String) -> YAMLProblem {
        guard let backend = tree["backend"] else {
            let message = "expected \"pipeline\" (a pipeline) or \"engine\" (a stage)"
            return YAMLProblem(message, at: tree.position, file: file)
        }
        let reason = "not supported: \(LocalAIOptions.reason(forBackend: backend))"
        return YAMLProblem(reason, path: "backend", at: backend.position, file: file)
    }
}

extension ConfigurationFile {
    /// The file's name without folders and ending.
    var stem: String {
        let last = name.split(separator: "/").last ?? ""
        guard let dot = last.lastIndex(of: "."), dot > last.startIndex else { return String(last) }
        return String(last[..<dot])
    }
}

extension [YAMLProblem] {
    /// A stage that two pipelines name is read twice, and its problems are told once.
    fileprivate var withoutRepeats: [YAMLProblem] {
        var kept: [YAMLProblem] = []
        for problem in self where !kept.contains(problem) { kept.append(problem) }
        return kept
    }
}
