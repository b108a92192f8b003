internal import ParleyNames
internal import ParleyRealtime
internal import ParleySession

extension SessionPlanner {
    /// Plans the session that a URL asks for.
    ///
    /// - Parameters:
    ///   - query: The URL and the headers.
    ///   - dialect: What the connection speaks.
    ///   - pipeline: The caller's own, where the URL names none; nil where it has none either.
    /// - Returns: What the session begins with.
    /// - Throws: ``ProtocolError`` for a name that stands for nothing.
    func plan(
        _ query: RealtimeQuery,
        in dialect: Dialect,
        pipeline: String?
    ) throws(ProtocolError) -> SessionPlan {
        let library = library.preferring(pipeline)
        let pipeline = try library.pipeline(for: query, default: pipeline)
        return SessionPlan(
            pipeline: pipeline,
            configuration: try query.configuration(with: pipeline, in: dialect),
            names: library.names(of: pipeline),
            dialect: dialect,
            prompts: prompts.catalog
        )
    }

    /// Plans the session of a client secret that a URL carries.
    ///
    /// The secret says all. A `model` in the URL of a session that converses is ignored, since SDKs
    /// won't connect without one; one that transcribes takes none that means another recogniser.
    ///
    /// - Returns: What the session begins with.
    /// - Throws: ``ProtocolError`` where the URL asks for something else.
    /// - Source: Realtime protocol, "Dialect": a mark, then the secret; "POST
    ///   /realtime/client_secrets".
    func plan(
        _ secret: SecretRecord,
        at query: RealtimeQuery
    ) throws(ProtocolError) -> SessionPlan {
        if query.kind != .realtime, secret.kind != query.kind {
            throw ProtocolError(
                .invalidValue,
                "The URL asks for a \(query.kind.rawValue) session, but the secret is for a "
                    + "\(secret.kind.rawValue) session.",
                param: query.kind == .transcription ? "intent" : nil
            )
        }
        var plan = try plan(secret)
        var meant = query
        meant.kind = secret.kind
        try plan.check(meant.recogniser)
        if secret.kind != .translation { plan.dialect = query.dialect ?? plan.dialect }
        return plan
    }
}

extension SessionPlan {
    /// Checks a recogniser that the URL names beside the secret.
    fileprivate func check(_ asked: (name: String, param: String)?) throws(ProtocolError) {
        guard let asked, configuration.kind == .transcription,
            let own = configuration.input.transcription?.model
        else { return }
        let recognisers = names.recognisers
        guard recognisers.resolve(asked.name) != recognisers.resolve(own) else { return }
        throw ProtocolError(
            .invalidValue,
            "Found recogniser \"\(asked.name.prefix(128))\", but the secret is for \"\(own)\".",
            param: asked.param
        )
    }
}
