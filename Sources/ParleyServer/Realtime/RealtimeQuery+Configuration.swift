internal import ParleyEngine
internal import ParleyNames
internal import ParleyRealtime
internal import ParleyRuntime

extension RealtimeQuery {
    /// What a session with a pipeline begins with.
    ///
    /// - Parameters:
    ///   - pipeline: What the session uses.
    ///   - dialect: What the connection speaks.
    /// - Returns: The configuration, with the names that the client used.
    /// - Throws: ``ProtocolError`` for a recogniser that a strict server doesn't have.
    /// - Source: Realtime protocol, "Transcription session, GA"; "URL" and "Speaches" for what
    ///   parameters mean.
    func configuration(
        with pipeline: Pipeline,
        in dialect: Dialect
    ) throws(ProtocolError) -> SessionConfiguration {
        var configuration = pipeline.defaults
        if let transcription = try transcription(with: pipeline, in: dialect) {
            configuration.input.transcription = transcription
        }
        switch kind {
        case .realtime:
            // A client is shown the name that it asked for.
            configuration.model = model ?? configuration.model
            return configuration
        case .transcription:
            return configuration.transcribing(with: pipeline.transcription.name)
        case .translation:
            configuration = configuration.translating()
            configuration.model = model ?? configuration.model
            return configuration
        }
    }

    /// The recogniser that the URL names, and the parameter that does; nil where it names none.
    var recogniser: (name: String, param: String)? {
        if let transcriptionModel { return (transcriptionModel, "transcription_model") }
        switch kind {
        case .realtime, .translation: return nil
        case .transcription: return model.map { ($0, "model") }
        }
    }

    /// What the URL says of the recogniser; nil where it says nothing.
    private func transcription(
        with pipeline: Pipeline,
        in dialect: Dialect
    ) throws(ProtocolError) -> InputTranscription? {
        if let recogniser { try pipeline.check(recogniser) }
        // A session of Speaches is transcribed without being asked to.
        let isAlways = dialect == .speaches
        guard recogniser != nil || language != nil || isAlways else { return nil }
        var transcription = pipeline.defaults.input.transcription ?? InputTranscription()
        transcription.model =
            recogniser?.name ?? transcription.model ?? pipeline.transcription.name
        transcription.language = language ?? transcription.language
        return transcription
    }
}

extension Pipeline {
    /// - Throws: ``ProtocolError`` for a recogniser that isn't there, which a strict server knows.
    fileprivate func check(
        _ recogniser: (name: String, param: String)
    ) throws(ProtocolError) {
        guard recogniserNames.resolve(recogniser.name) == nil else { return }
        let advice = recogniserNames.advice(for: recogniser.name)
        throw ProtocolError(
            .invalidModel,
            "Found recogniser \"\(recogniser.name.prefix(128))\"\(advice)",
            param: recogniser.param
        )
    }
}
