internal import ParleyEngine
internal import ParleyRealtime
internal import ParleyRuntime

/// The pipelines of this server by name.
struct PipelineLibrary: Sendable {
    private let pipelines: [String: Pipeline]
    /// The names in the order in which the configuration gave them, the default first.
    let names: [String]

    /// Takes pipelines; the first is the default.
    init(_ pipelines: [Pipeline]) {
        self.pipelines = Dictionary(pipelines.map { ($0.name, $0) }) { first, _ in first }
        names = pipelines.map(\.name)
    }

    /// The pipeline for sessions that may choose.
    var `default`: Pipeline? { names.first.flatMap { pipelines[$0] } }

    /// A pipeline by its name.
    subscript(name: String) -> Pipeline? { pipelines[name] }

    /// The pipeline for a session's `model`: the one of that name, else the first whose language
    /// model has it.
    func serving(_ model: String) -> Pipeline? {
        self[model] ?? all.first { $0.languageModel == model }
    }

    /// What a session's `model` may be: pipelines, then language models.
    var models: [String] {
        var models = names
        for model in all.compactMap(\.languageModel) where !models.contains(model) {
            models.append(model)
        }
        return models
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
    func prepare(for kind: SessionKind = .realtime) async throws(PipelineError) {
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
        switch (self, role) {
        case (.realtime, _), (.transcription, .voiceActivity), (.transcription, .transcription):
            true
        case (.transcription, .language), (.transcription, .speech), (.transcription, .tools): false
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
