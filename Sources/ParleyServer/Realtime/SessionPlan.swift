internal import ParleyEngine
internal import ParleyJSON
internal import ParleyRealtime
internal import ParleyRuntime
internal import ParleySession

/// What a session begins with: its engines, its configuration and its dialect, all checked.
struct SessionPlan: Sendable {
    var pipeline: Pipeline
    var configuration: SessionConfiguration
    var dialect: Dialect
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

    /// Plans a session.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - model: The pipeline where the request names none.
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
        do {
            let pipeline = try pipeline(update, kind, model: model)
            update.model = .keep
            return SessionPlan(
                pipeline: pipeline,
                configuration: try Session.Birth.configuration(
                    pipeline.defaults(for: kind),
                    taking: update,
                    voices: pipeline.speech.voices,
                    toolServers: toolServers
                ),
                dialect: request.dialect
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

    private func pipeline(
        _ update: SessionUpdate,
        _ kind: SessionKind,
        model: String
    ) throws(ProtocolError) -> Pipeline {
        var name = model
        // In a transcription session the name would be a recogniser's; its place is elsewhere.
        if case .set(let model) = update.model, kind == .realtime { name = model }
        guard let pipeline = library.serving(name) else {
            throw Self.unknownModel(name, known: library.models, param: "session.model")
        }
        return pipeline
    }

    /// What is said of a name that stands for nothing.
    static func unknownModel(
        _ name: String,
        known: [String],
        param: String? = nil
    ) -> ProtocolError {
        ProtocolError(
            .invalidModel,
            "Found model \"\(name.prefix(128))\", expected one of: "
                + "\(known.joined(separator: ", ")).",
            param: param
        )
    }
}

extension Pipeline {
    /// What a session of this kind begins with where nobody asks for anything.
    func defaults(for kind: SessionKind) -> SessionConfiguration {
        switch kind {
        case .realtime: defaults
        case .transcription: defaults.transcribing(with: transcription.name)
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
