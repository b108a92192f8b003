/// What a session is for: its `type`, fixed when the connection opens.
public enum SessionKind: String, Sendable, CaseIterable {
    /// A conversation: responses answer what was said.
    case realtime
    /// What was said comes back as text, and nothing is answered.
    case transcription
    /// What was said is spoken in another language, while the speaker goes on.
    case translation
}

extension SessionKind {
    /// The turn detection that a session of this kind begins with, and whose members `null` goes
    /// back to.
    ///
    /// - Source: Realtime protocol, "turn_detection", "Transcription session, GA": silence of
    ///   200 ms is what the reference server has where nothing is answered.
    public var standardDetection: ServerVAD {
        var detection = ServerVAD()
        switch self {
        case .realtime: return detection
        case .transcription: detection.silenceDuration = .milliseconds(200)
        case .translation: detection.silenceDuration = Self.translationPause
        }
        detection.createsResponse = false
        detection.interruptsResponse = false
        return detection
    }

    /// Silence that ends a stretch of speech that is translated by itself.
    ///
    /// Chosen: speakers pause for as long between sentences, and seldom within a clause.
    private static let translationPause = Duration.milliseconds(400)
}

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
