extension ServerEvent.Body {
    /// The event's `type` in the beta dialect; nil where beta has no such event.
    ///
    /// - Source: Realtime protocol, "GA and beta mapping", "Events".
    var betaType: StaticString? {
        switch self {
        case .sessionCreated(let session):
            session.configuration.kind == .transcription ? "transcription_session.created" : type
        case .sessionUpdated(let session):
            session.configuration.kind == .transcription ? "transcription_session.updated" : type
        // Beta only tells where an item begins.
        case .conversationItemAdded: "conversation.item.created"
        case .conversationItemDone: nil
        case .responseOutputTextDelta: "response.text.delta"
        case .responseOutputTextDone: "response.text.done"
        case .responseOutputAudioTranscriptDelta: "response.audio_transcript.delta"
        case .responseOutputAudioTranscriptDone: "response.audio_transcript.done"
        case .responseOutputAudioDelta: "response.audio.delta"
        case .responseOutputAudioDone: "response.audio.done"
        case .inputAudioBufferTimeoutTriggered, .inputAudioBufferDTMFEventReceived: nil
        case .error, .inputAudioBufferSpeechStarted, .inputAudioBufferSpeechStopped,
            .inputAudioBufferCommitted, .inputAudioBufferCleared, .conversationCreated,
            .conversationItemRetrieved, .conversationItemDeleted, .conversationItemTruncated,
            .conversationItemInputAudioTranscriptionDelta,
            .conversationItemInputAudioTranscriptionCompleted,
            .conversationItemInputAudioTranscriptionSegment,
            .conversationItemInputAudioTranscriptionFailed, .responseCreated, .responseDone,
            .responseOutputItemAdded, .responseOutputItemDone, .responseContentPartAdded,
            .responseContentPartDone, .responseFunctionCallArgumentsDelta,
            .responseFunctionCallArgumentsDone, .mcpListToolsInProgress, .mcpListToolsCompleted,
            .mcpListToolsFailed, .responseMCPCallArgumentsDelta, .responseMCPCallArgumentsDone,
            .responseMCPCallInProgress, .responseMCPCallCompleted, .responseMCPCallFailed,
            .outputAudioBufferStarted, .outputAudioBufferStopped, .outputAudioBufferCleared,
            .rateLimitsUpdated, .sessionInputTranscriptDelta, .sessionOutputTranscriptDelta,
            .sessionOutputAudioDelta, .sessionClosed:
            type
        }
    }
}

extension ProtocolError {
    /// Where members of GA stand in the flat objects of beta.
    private static let betaParams = [
        "session.type": "type",
        "session.output_modalities": "session.modalities",
        "session.max_output_tokens": "session.max_response_output_tokens",
        "session.audio.input.format": "session.input_audio_format",
        "session.audio.input.transcription": "session.input_audio_transcription",
        "session.audio.input.noise_reduction": "session.input_audio_noise_reduction",
        "session.audio.input.turn_detection": "session.turn_detection",
        "session.audio.output.format": "session.output_audio_format",
        "session.audio.output.voice": "session.voice",
        "session.audio.output.speed": "session.speed",
        "response.audio.output.format": "response.output_audio_format",
        "response.audio.output.voice": "response.voice",
    ]

    /// The error with its member named as a dialect has it; the session itself speaks GA.
    public func named(in dialect: Dialect) -> Self {
        guard dialect.isBeta, let param else { return self }
        var error = self
        error.param = Self.betaParam(param)
        return error
    }

    /// What stands inside a member that has another place goes with it.
    private static func betaParam(_ param: String) -> String {
        var place = param[...]
        while true {
            if let betaPlace = betaParams[String(place)] {
                return betaPlace + param[place.endIndex...]
            }
            guard let end = place.lastIndex(where: { $0 == "." || $0 == "[" }) else { return param }
            place = place[..<end]
        }
    }
}
