internal import ParleyEngine
internal import ParleyNames
internal import ParleyRealtime
internal import ParleyRuntime
internal import ParleySession

/// The pipelines of this server by name.
struct PipelineLibrary: Sendable {
    private let pipelines: [String: Pipeline]
    private let naming: PipelineNames
    /// The names in the order in which the configuration gave them, the default first.
    let names: [String]
    /// What a session's `model` may be: pipelines, then language models, and their other names.
    let models: NameTable
    /// What a session's recogniser may be: stages and pipelines, and their other names.
    let recognisers: NameTable

    /// Takes pipelines; the first is the default.
    ///
    /// - Parameters:
    ///   - pipelines: Pipelines whose names differ.
    ///   - naming: What else they, and what is in them, may be called.
    init(_ pipelines: [Pipeline], naming: PipelineNames) {
        self.naming = naming
        self.pipelines = Dictionary(pipelines.map { ($0.name, $0) }) { first, _ in first }
        names = pipelines.map(\.name)
        var models = names
        for model in pipelines.compactMap(\.languageModel) where !models.contains(model) {
            models.append(model)
        }
        self.models = NameTable(models, aliases: naming.models(default: names.first))
        let own = pipelines.first?.recogniserNames.names ?? []
        recognisers = NameTable(own, aliases: naming.recognisers(of: pipelines))
    }

    /// The library as somebody sees it who has a default of their own.
    ///
    /// - Parameter name: Their pipeline; nil, and one that isn't there, for the server's default.
    /// - Returns: The same pipelines, that one first.
    func preferring(_ name: String?) -> PipelineLibrary {
        guard let name, name != names.first, let own = self[name] else { return self }
        return PipelineLibrary([own] + all.filter { $0.name != name }, naming: naming)
    }

    /// The pipeline for sessions that may choose.
    var `default`: Pipeline? { names.first.flatMap { pipelines[$0] } }

    /// A pipeline by its own name.
    subscript(name: String) -> Pipeline? { pipelines[name] }

    /// The pipeline for a session's `model`: the one of that name, else the first whose language
    /// model has it; of other names, the one that they stand for.
    func serving(_ model: String) -> Pipeline? {
        guard let name = models.resolve(model) else { return nil }
        return self[name] ?? all.first { $0.languageModel == name }
    }

    /// What a session with this pipeline may name.
    func names(of pipeline: Pipeline) -> SessionNames {
        SessionNames(
            voices: pipeline.voices,
            recognisers: pipeline.recogniserNames,
            models: models(of: pipeline)
        )
    }

    /// What the model of a session with this pipeline may be called.
    private func models(of pipeline: Pipeline) -> NameTable {
        let own = [pipeline.name] + models.names.filter { serving($0)?.name == pipeline.name }
        let aliases = models.aliases.map { alias in
            let isOwn = alias.target.map { own.contains($0) } ?? false
            return NameTable.Alias(alias.pattern, for: isOwn ? alias.target : nil)
        }
        return NameTable(own, aliases: aliases)
    }

    /// All of them, the default first.
    var all: [Pipeline] { names.compactMap { pipelines[$0] } }
}

extension Pipeline {
    /// Brings the engines to work that a session needs.
    ///
    /// - Parameter kind: What the session is for: one that only transcribes needs no model to
    ///   answer, and lives though that one fails.
    /// - Throws: ``PipelineError`` for the first that fails, in the order of a turn.
    func prepare(for kind: SessionKind) async throws(PipelineError) {
        for (role, engine) in engines where engine.state != .ready && kind.uses(role) {
            do {
                try await engine.prepare()
            } catch {
                throw PipelineError(pipeline: name, role: role, engine: engine.name, cause: error)
            }
        }
    }
}

extension SessionKind {
    fileprivate func uses(_ role: EngineRole) -> Bool {
        switch self {
        case .realtime, .translation: role.isVital
        case .transcription: role == .voiceActivity || role == .transcription
        }
    }
}

/// Which engine of which pipeline does not work, and why.
struct PipelineError: Error {
    let pipeline: String
    let role: EngineRole
    let engine: String
    let cause: EngineError
}
