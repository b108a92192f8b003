extension ServerEvent.Body {
    /// The event's `type` in a dialect; nil where the dialect has no such event.
    ///
    /// - Source: Realtime protocol, "GA and beta mapping", "Events".
    public func type(in dialect: Dialect) -> StaticString? {
        switch dialect {
        case .ga: type
        case .beta: betaType
        case .speaches: isAboutSession ? type : betaType
        }
    }

    private var isAboutSession: Bool {
        if case .sessionCreated = self { return true }
        if case .sessionUpdated = self { return true }
        return false
    }

    /// The event's `type` in the GA dialect.
    public var type: StaticString {
        switch self {
        case .sessionCreated: "session.created"
        case .sessionUpdated: "session.updated"
        case .error: "error"
        case .inputAudioBufferSpeechStarted: "input_audio_buffer.speech_started"
        case .inputAudioBufferSpeechStopped: "input_audio_buffer.speech_stopped"
        case .inputAudioBufferCommitted: "input_audio_buffer.committed"
        case .inputAudioBufferCleared: "input_audio_buffer.cleared"
        case .inputAudioBufferTimeoutTriggered: "input_audio_buffer.timeout_triggered"
        case .inputAudioBufferDTMFEventReceived: "input_audio_buffer.dtmf_event_received"
        case .conversationCreated: "conversation.created"
        case .conversationItemAdded: "conversation.item.added"
        case .conversationItemDone: "conversation.item.done"
        case .conversationItemRetrieved: "conversation.item.retrieved"
        case .conversationItemDeleted: "conversation.item.deleted"
        case .conversationItemTruncated: "conversation.item.truncated"
        case .conversationItemInputAudioTranscriptionDelta:
            "conversation.item.input_audio_transcription.delta"
        case .conversationItemInputAudioTranscriptionCompleted:
            "conversation.item.input_audio_transcription.completed"
        case .conversationItemInputAudioTranscriptionSegment:
            "conversation.item.input_audio_transcription.segment"
        case .conversationItemInputAudioTranscriptionFailed:
            "conversation.item.input_audio_transcription.failed"
        case .responseCreated: "response.created"
        case .responseDone: "response.done"
        case .responseOutputItemAdded: "response.output_item.added"
        case .responseOutputItemDone: "response.output_item.done"
        case .responseContentPartAdded: "response.content_part.added"
        case .responseContentPartDone: "response.content_part.done"
        case .responseOutputTextDelta: "response.output_text.delta"
        case .responseOutputTextDone: "response.output_text.done"
        case .responseOutputAudioTranscriptDelta: "response.output_audio_transcript.delta"
        case .responseOutputAudioTranscriptDone: "response.output_audio_transcript.done"
        case .responseOutputAudioDelta: "response.output_audio.delta"
        case .responseOutputAudioDone: "response.output_audio.done"
        case .responseFunctionCallArgumentsDelta: "response.function_call_arguments.delta"
        case .responseFunctionCallArgumentsDone: "response.function_call_arguments.done"
        case .mcpListToolsInProgress: "mcp_list_tools.in_progress"
        case .mcpListToolsCompleted: "mcp_list_tools.completed"
        case .mcpListToolsFailed: "mcp_list_tools.failed"
        case .responseMCPCallArgumentsDelta: "response.mcp_call_arguments.delta"
        case .responseMCPCallArgumentsDone: "response.mcp_call_arguments.done"
        case .responseMCPCallInProgress: "response.mcp_call.in_progress"
        case .responseMCPCallCompleted: "response.mcp_call.completed"
        case .responseMCPCallFailed: "response.mcp_call.failed"
        case .outputAudioBufferStarted: "output_audio_buffer.started"
        case .outputAudioBufferStopped: "output_audio_buffer.stopped"
        case .outputAudioBufferCleared: "output_audio_buffer.cleared"
        case .rateLimitsUpdated: "rate_limits.updated"
        case .sessionInputTranscriptDelta: "session.input_transcript.delta"
        case .sessionOutputTranscriptDelta: "session.output_transcript.delta"
        case .sessionOutputAudioDelta: "session.output_audio.delta"
        case .sessionClosed: "session.closed"
        }
    }
}
