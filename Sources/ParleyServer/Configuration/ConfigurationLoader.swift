internal import ParleyNames
internal import ParleyNetwork
internal import ParleyScriptedEngine
internal import ParleySession
internal import ParleyYAML

/// Puts the configuration together from all of its files.
///
/// What is wrong in one keeps no other from being read, so that everything is told at once; what
/// follows from another mistake only is not told.
struct ConfigurationLoader {
    private var sources = ServerConfiguration.Sources()
    private var reading: ServerConfiguration.Reading

    private var server: ServerConfiguration { reading.configuration }

    /// Reads what is not in folders: file, environment and flags.
    init(
        path: String?,
        environment: [String: String],
        flags: [(name: String, value: String?)]
    ) {
        sources.environment = environment
        sources.flags = flags
        var fault: YAMLProblem?
        do throws(YAMLProblem) {
            sources.file = try Self.file(path, environment)
        } catch {
            fault = error
        }
        reading = ServerConfiguration.gather(sources)
        guard let fault else { return }
        reading.problems.append(fault)
        reading.knowsFile = false
    }

    /// `parley.yaml`, or the file that is named in its place; nil where there is none.
    private static func file(
        _ path: String?,
        _ environment: [String: String]
    ) throws(YAMLProblem) -> ConfigurationFile? {
        if let named = path ?? environment["PARLEY_CONFIG"] {
            if let fault = ConfigurationFolder.fault(ofFile: named) {
                throw YAMLProblem(fault, path: path == nil ? "PARLEY_CONFIG" : "--config")
            }
            return try ConfigurationFolder.file(at: named)
        }
        let standard = Configuration.defaultFile
        guard ConfigurationFolder.exists(standard) else { return nil }
        return try ConfigurationFolder.file(at: standard)
    }

    /// Reads the folders, and holds what each file says against the others.
    ///
    /// - Throws: `YAMLProblems` with everything that is wrong in all files.
    mutating func load() throws(YAMLProblems) -> Configuration {
        checkPaths()
        checkCertificate()
        let scripts = ScriptShelf(in: modelsFolder)
        let models = readModels(scripts)
        if let models { checkNames(in: models) }
        let prompts = readPrompts()
        guard reading.problems.isEmpty, let models else { throw YAMLProblems(reading.problems) }
        return Configuration(
            server: server,
            pipelines: models.catalog,
            scripts: scripts.scripts,
            prompts: PromptCatalog(prompts)
        )
    }

    private var modelsFolder: String {
        server.modelsDirectory ?? Configuration.defaultModelsDirectory
    }

    // MARK: Files that settings name

    private mutating func checkPaths() {
        for setting in Settings.all where reading.trusts(setting.path) {
            guard let fault = setting.pathFault(in: server) else { continue }
            reading.problems.append(sources.problem(fault, with: setting.path))
        }
    }

    private mutating func checkCertificate() {
        let (certificate, key) = ("server.tls.certificate", "server.tls.key")
        guard reading.trusts(certificate, key), let chain = server.tls.certificate,
            let secret = server.tls.key
        else { return }
        do throws(TLSError) {
            _ = try TLSConfiguration(certificateFile: chain, keyFile: secret)
        } catch {
            let path = error.file == secret ? key : certificate
            reading.problems.append(sources.problem("\(error)", with: path))
        }
    }

    // MARK: Folders

    private mutating func readModels(_ scripts: ScriptShelf) -> PipelineCatalog.Reading? {
        guard reading.trusts("models_dir") else { return nil }
        let isNamed = server.modelsDirectory != nil
        guard isNamed || ConfigurationFolder.exists(modelsFolder) else {
            return PipelineCatalog.Reading(catalog: .builtIn)
        }
        let (files, unread) = ConfigurationFolder.yamlFiles(in: modelsFolder)
        var surroundings = PipelineReader.Surroundings()
        surroundings.environment = sources.environment
        surroundings.hasStrictNames = server.hasStrictNames
        surroundings.scriptFault = { scripts.fault(of: $0) }
        var models = PipelineCatalog.gather(files, in: surroundings)
        models.isWhole = models.isWhole && unread.isEmpty
        reading.problems += unread + models.problems + scripts.problems
        return models
    }

    private mutating func readPrompts() -> [StoredPrompt] {
        guard reading.trusts("prompts_dir"), let folder = server.promptsDirectory else { return [] }
        let (files, unread) = ConfigurationFolder.yamlFiles(in: folder)
        reading.problems += unread
        do throws(YAMLProblems) {
            return try StoredPrompt.read(files)
        } catch {
            reading.problems += error.problems
            return []
        }
    }

    // MARK: Names

    private mutating func checkNames(in models: PipelineCatalog.Reading) {
        if reading.trusts("default_pipeline"), let fault = models.fault(of: server.defaultPipeline)
        {
            reading.problems.append(sources.problem(fault, with: "default_pipeline"))
        }
        if reading.trusts("api_keys") {
            for (index, key) in server.apiKeys.enumerated() {
                guard let fault = key.pipeline.flatMap({ models.fault(of: $0) }) else { continue }
                let steps = [YAMLStep.index(index), .key("pipeline")]
                reading.problems.append(sources.problem(fault, with: "api_keys", at: steps))
            }
        }
        guard reading.trusts("model_aliases") else { return }
        for alias in server.modelAliases {
            guard let fault = models.fault(of: alias, beside: server.modelAliases) else { continue }
            let steps = [YAMLStep.key(alias.pattern.description)]
            reading.problems.append(sources.problem(fault, with: "model_aliases", at: steps))
        }
    }
}

extension Setting {
    /// Why what a path leads to can't be used; nil where it can, or where the setting is no path.
    fileprivate func pathFault(in server: ServerConfiguration) -> String? {
        switch kind {
        case .file(let member):
            server[keyPath: member].flatMap { ConfigurationFolder.fault(ofFile: $0) }
        case .folder(let member):
            server[keyPath: member].flatMap { ConfigurationFolder.fault(ofFolder: $0) }
        case .text, .integer, .optionalInteger, .duration, .bool, .list, .hosts, .choice, .keys,
            .aliases:
            nil
        }
    }
}
