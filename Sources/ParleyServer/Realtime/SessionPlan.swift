internal import ParleyEngine
internal import ParleyJSON
internal import ParleyRealtime
internal import ParleyRuntime
internal import ParleySession

/// What a session begins with: its engines, its configuration and its dialect, all checked.
struct SessionPlan: Sendable {
    var pipeline: Pipeline
    var configuration: SessionConfiguration
    /// What its client may name.
    var names: SessionNames
    var dialect: Dialect
    /// What its client may name as its prompt.
    var prompts: PromptCatalog
}

/// A session that somebody asks for in JSON, before it exists.
struct SessionRequest: Sendable {
    /// The object as a client has written it.
    var session: JSON
    /// What the session is for; nil where the object's `type` says it.
    var kind: SessionKind?
    /// How the object is written.
    var dialect = Dialect.ga
    /// Where the object stands, for errors; empty where it stands alone.
    var path = "session"
}

/// Turns what is asked for before a session exists into a plan, by the rules of `session.update`.
struct SessionPlanner: Sendable {
    let library: PipelineLibrary
    /// Unknown members are errors.
    let isStrict: Bool
    /// Which MCP servers clients may name.
    var toolServers = ToolServerRules()
    /// What clients may name as their prompt.
    var prompts = PromptShelf()
    /// Those of the sessions.
    var limits = Limits()

    /// Plans a session.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - model: The pipeline of whoever asks, where the request names none.
    /// - Returns: What the session begins with.
    /// - Throws: ``ProtocolError`` with the path of the first member that can't be had.
    func plan(_ request: SessionRequest, model: String) throws(ProtocolError) -> SessionPlan {
        let decoder = SessionDecoder(dialect: request.dialect, refusesUnknownMembers: isStrict)
        var update = try decoder.decode(
            request.session,
            path: request.path,
            of: request.kind
        )
        let kind = request.kind ?? update.kind ?? .realtime
        let library = library.preferring(model)
        do {
            let name = Self.name(update, kind, standard: model)
            let pipeline = try library.serving(name, as: kind, param: "session.model")
            let names = library.names(of: pipeline)
            let prompts = prompts.catalog
            var defaults = pipeline.defaults(for: kind)
            if kind == .translation {
                // It may be the name of a model that could not converse.
                defaults.model = name
                update.model = .keep
            }
            return SessionPlan(
                pipeline: pipeline,
                configuration: try Session.Birth.configuration(
                    defaults,
                    taking: update,
                    names: names,
                    toolServers: toolServers,
                    prompts: prompts,
                    limits: limits
                ),
                names: names,
                dialect: request.dialect,
                prompts: prompts
            )
        } catch {
            throw request.path.isEmpty ? error.alone(in: request.dialect) : error
        }
    }

    /// Plans the session of a client secret, as it was planned when the secret was made.
    ///
    /// - Returns: What the session begins with.
    /// - Throws: ``ProtocolError`` where this server can't serve it any more.
    func plan(_ secret: SecretRecord) throws(ProtocolError) -> SessionPlan {
        guard let session = try? JSON.parse(secret.session) else {
            throw ProtocolError(.server, "The session of this secret can't be read.", kind: .server)
        }
        let request = SessionRequest(session: session, kind: secret.kind, dialect: secret.dialect)
        return try plan(request, model: secret.model)
    }

    /// What the session is to be served by: in one that transcribes, `model` would be the name of a
    /// recogniser, whose place is elsewhere.
    private static func name(
        _ update: SessionUpdate,
        _ kind: SessionKind,
        standard: String
    ) -> String {
        if case .set(let model) = update.model, kind != .transcription { model } else { standard }
    }
}

extension Pipeline {
    /// What a session of this kind begins with where nobody asks for anything.
    func defaults(for kind: SessionKind) -> SessionConfiguration {
        switch kind {
        case .realtime: defaults
        case .transcription: defaults.transcribing(with: transcription.name)
        case .translation: defaults.translating()
        }
    }
}

extension ProtocolError {
    /// The error of an object that stands alone: no `session` is around its members.
    fileprivate func alone(in dialect: Dialect) -> ProtocolError {
        var error = named(in: dialect)
        if let param = error.param, param.hasPrefix("session.") {
            error.param = String(param.dropFirst("session.".count))
        }
        return error
    }
}
