extension SessionConfiguration {
    /// The configuration of a transcription session with the same engines.
    ///
    /// - Parameter model: What the session shows as its recogniser until a client names one.
    /// - Returns: The documented defaults of its kind.
    public func transcribing(with model: String) -> Self {
        var transcribing = self
        transcribing.kind = .transcription
        transcribing.input.turnDetection = .serverVAD(SessionKind.transcription.standardDetection)
        var transcription = input.transcription ?? InputTranscription()
        transcription.model = transcription.model ?? model
        transcribing.input.transcription = transcription
        return transcribing
    }

    /// The configuration of a translation session with the same engines: audio in one format, and
    /// nothing that says how to answer.
    ///
    /// - Source: Realtime protocol, "Translation session".
    public func translating() -> Self {
        var translating = SessionConfiguration(model: model, voice: output.voice)
        translating.kind = .translation
        translating.temperature = temperature
        translating.reasoningEffort = reasoningEffort
        translating.input.turnDetection = .serverVAD(SessionKind.translation.standardDetection)
        translating.output.speed = output.speed
        translating.output.language = output.language
        return translating
    }

    /// The configuration as its kind allows it: a transcription session answers nothing, whatever
    /// its client asks for.
    public var settled: Self {
        guard kind == .transcription else { return self }
        var settled = self
        switch input.turnDetection {
        case .serverVAD(var vad):
            (vad.createsResponse, vad.interruptsResponse) = (false, false)
            vad.idleTimeout = nil
            settled.input.turnDetection = .serverVAD(vad)
        case .semanticVAD(var vad):
            (vad.createsResponse, vad.interruptsResponse) = (false, false)
            settled.input.turnDetection = .semanticVAD(vad)
        case nil: break
        }
        return settled
    }
}
