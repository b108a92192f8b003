internal import ParleyEngine
internal import ParleyRealtime
internal import ParleyRuntime

extension RealtimeQuery {
    /// What a session with a pipeline begins with.
    ///
    /// - Source: Realtime protocol, "Transcription session, GA"; "URL" and "Speaches" for what
    ///   parameters mean.
    func configuration(with pipeline: Pipeline) -> SessionConfiguration {
        var configuration = pipeline.defaults
        if let transcription = transcription(over: configuration.input.transcription) {
            configuration.input.transcription = transcription
        }
        switch kind {
        case .realtime:
            // A client that asked for a language model is shown what it asked for.
            configuration.model = model ?? configuration.model
            return configuration
        case .transcription:
            return configuration.transcribing(with: pipeline.transcription.name)
        }
    }

    /// What the URL says of the recogniser; nil where it says nothing.
    private func transcription(over standard: InputTranscription?) -> InputTranscription? {
        let model = transcriptionModel ?? (kind == .transcription ? self.model : nil)
        guard model != nil || language != nil else { return nil }
        var transcription = standard ?? InputTranscription()
        transcription.model = model ?? transcription.model
        transcription.language = language ?? transcription.language
        return transcription
    }
}
