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

    /// What files come to, and everything that is wrong with them.
    struct Reading {
        var catalog: PipelineCatalog
        var problems: [YAMLProblem] = []
        /// Names of what is there, but wrong otherwise.
        var doubtful: Set<String> = []
        /// Every file is YAML; otherwise nobody knows what is missing.
        var isWhole = true
    }

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
        var surroundings = PipelineReader.Surroundings()
        surroundings.environment = environment
        let reading = gather(files, in: surroundings)
        guard reading.problems.isEmpty else { throw YAMLProblems(reading.problems) }
        return reading.catalog
    }

    /// Reads as much of the files as can be read.
    static func gather(
        _ files: [ConfigurationFile],
        in surroundings: PipelineReader.Surroundings
    ) -> Reading {
        let sorted = SortedFiles(files)
        var reading = Reading(catalog: PipelineCatalog(pipelines: []))
        reading.problems = sorted.problems
        reading.isWhole = sorted.isWhole
        reading.take(sorted, in: surroundings)
        if reading.catalog[PipelineConfiguration.builtIn.name] == nil {
            reading.catalog.pipelines.insert(.builtIn, at: 0)
        }
        reading.catalog.aliases = sorted.aliases.map(\.alias)
        for entry in sorted.aliases {
            guard let fault = reading.fault(of: entry.alias, beside: []) else { continue }
            reading.problems.append(
                YAMLProblem(fault, path: "alias", at: entry.position, file: entry.file)
            )
        }
        return reading
    }
}

extension PipelineCatalog.Reading {
    fileprivate mutating func take(
        _ files: SortedFiles,
        in surroundings: PipelineReader.Surroundings
    ) {
        let reader = PipelineReader(stageFiles: files.stages, surroundings: surroundings)
        var used: Set<String> = []
        for entry in files.pipelines {
            let outcome = reader.read(entry.tree, file: entry.file, defaultName: entry.name)
            problems += outcome.problems
            used.formUnion(outcome.used)
            if let pipeline = outcome.pipeline {
                catalog.pipelines.append(pipeline)
            } else {
                doubtful.formUnion(outcome.names)
            }
        }
        for stage in files.stages.values where !used.contains(stage.name) {
            problems += reader.check(stage)
        }
        problems = problems.withoutRepeats
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

extension [YAMLProblem] {
    /// A stage that two pipelines name is read twice, and its problems are told once.
    fileprivate var withoutRepeats: [YAMLProblem] {
        var kept: Set<YAMLProblem> = []
        return filter { kept.insert($0).inserted }
    }
}
