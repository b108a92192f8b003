internal import ParleyNames
package import ParleyScriptedEngine
package import ParleySession
package import ParleyYAML

/// Everything an operator decides: the server, its pipelines and their scripts.
package struct Configuration: Sendable, Equatable {
    package var server: ServerConfiguration
    package var pipelines: PipelineCatalog
    /// Scripts by the path that a pipeline names.
    package var scripts: [String: Script]
    /// What clients may name as their prompt.
    package var prompts = PromptCatalog()

    /// The file that is read when none is named, if it is there.
    package static let defaultFile = "parley.yaml"
    /// The models folder when none is named, if it is there.
    package static let defaultModelsDirectory = "models"

    /// Reads all configuration from disk, environment and flags.
    ///
    /// - Parameters:
    ///   - path: `parley.yaml` by another name; it then must exist.
    ///   - environment: All variables of the process.
    ///   - flags: Flags with their dashes, `--config` not among them.
    /// - Returns: The configuration, complete and checked.
    /// - Throws: `YAMLProblems` with everything that is wrong.
    package static func load(
        path: String? = nil,
        environment: [String: String],
        flags: [(name: String, value: String?)]
    ) throws(YAMLProblems) -> Configuration {
        var sources = ServerConfiguration.Sources()
        sources.environment = environment
        sources.flags = flags
        let path = path ?? environment["PARLEY_CONFIG"]
        if let path = path ?? (ConfigurationFolder.exists(defaultFile) ? defaultFile : nil) {
            sources.file = try one { () throws(YAMLProblem) in
                try ConfigurationFolder.file(at: path)
            }
        }
        let server = try ServerConfiguration.read(sources)
        let folder = server.modelsDirectory ?? defaultModelsDirectory
        let pipelines = try catalog(of: server, folder: folder, environment: environment)
        guard pipelines[server.defaultPipeline] != nil else {
            let path = sources.name(of: "default_pipeline")
            throw unknown(server.defaultPipeline, among: pipelines.names, path: path)
        }
        for (index, key) in server.apiKeys.enumerated() {
            guard let name = key.pipeline, pipelines[name] == nil else { continue }
            throw unknown(name, among: pipelines.names, path: "api_keys[\(index)].pipeline")
        }
        let dangling = server.modelAliases.compactMap { alias in
            pipelines.fault(of: alias).map { fault in
                YAMLProblem(fault, path: sources.name(of: "model_aliases", at: alias.pattern))
            }
        }
        guard dangling.isEmpty else { throw YAMLProblems(dangling) }
        let scripts = try scripts(of: pipelines, folder: folder)
        let prompts = try prompts(of: server)
        return Configuration(
            server: server,
            pipelines: pipelines,
            scripts: scripts,
            prompts: prompts
        )
    }

    private static func catalog(
        of server: ServerConfiguration,
        folder: String,
        environment: [String: String]
    ) throws(YAMLProblems) -> PipelineCatalog {
        let isNamed = server.modelsDirectory != nil
        guard isNamed || ConfigurationFolder.exists(folder) else { return .builtIn }
        let files = try one { () throws(YAMLProblem) in
            try ConfigurationFolder.yamlFiles(in: folder)
        }
        return try PipelineCatalog.read(files, environment: environment)
    }

    private static func prompts(
        of server: ServerConfiguration
    ) throws(YAMLProblems) -> PromptCatalog {
        guard let folder = server.promptsDirectory else { return PromptCatalog() }
        let files = try one { () throws(YAMLProblem) in
            try ConfigurationFolder.yamlFiles(in: folder)
        }
        return PromptCatalog(try StoredPrompt.read(files))
    }

    private static func scripts(
        of catalog: PipelineCatalog,
        folder: String
    ) throws(YAMLProblems) -> [String: Script] {
        var scripts: [String: Script] = [:]
        let writers = catalog.pipelines.compactMap { $0.compaction?.language }
        for stage in catalog.pipelines.map(\.language) + writers {
            guard case .scripted(let name?) = stage.options else { continue }
            let file = try one { () throws(YAMLProblem) in
                try ConfigurationFolder.file(at: ConfigurationFolder.path(name, in: folder))
            }
            let text = String(decoding: file.text, as: UTF8.self)
            scripts[name] = try Script.read(text: text, file: file.name)
        }
        return scripts
    }

    private static func unknown(_ name: String, among names: [String], path: String) -> YAMLProblems
    {
        let there = NearMatch.alternatives(names)
        let hint = NearMatch.hint(for: name, among: names)
        let message = "no pipeline has the name \"\(name)\", expected \(there)\(hint)"
        return YAMLProblems([YAMLProblem(message, path: path)])
    }

    private static func one<Value>(
        _ body: () throws(YAMLProblem) -> Value
    ) throws(YAMLProblems) -> Value {
        do throws(YAMLProblem) {
            return try body()
        } catch {
            throw YAMLProblems([error])
        }
    }
}
