internal import ParleyRealtime

/// Reads from the events that a session sends how long its turns took.
struct TurnTimer {
    /// A figure that became known.
    enum Reading: Equatable {
        case turnCommitted
        case turnLatency(Duration)
    }

    private enum State {
        /// Nobody waits for an answer. Next: ``stopped(_:)`` when speech ends.
        case idle
        /// Speech has ended, nothing answers it yet. Next: ``answering(_:since:)`` with the
        /// conversation's next response, ``idle`` when speech goes on.
        case stopped(ContinuousClock.Instant)
        /// A response answers the turn. Next: ``idle`` with its first output, or its end.
        case answering(ResponseID, since: ContinuousClock.Instant)
    }

    private var state = State.idle

    /// Notes an event that leaves now.
    mutating func observe(
        _ event: ServerEvent.Body,
        at now: ContinuousClock.Instant
    ) -> Reading? {
        switch event {
        case .inputAudioBufferSpeechStarted:
            state = .idle
        case .inputAudioBufferSpeechStopped:
            state = .stopped(now)
        case .inputAudioBufferCommitted:
            return .turnCommitted
        case .responseCreated(let response):
            begin(response)
        case .responseOutputAudioDelta(let part, _), .responseOutputTextDelta(let part, _):
            return output(of: part.responseID, at: now)
        case .responseDone(let response):
            if case .answering(response.id, _) = state { state = .idle }
        case .sessionCreated, .sessionUpdated, .error, .inputAudioBufferCleared,
            .inputAudioBufferTimeoutTriggered, .inputAudioBufferDTMFEventReceived,
            .conversationCreated, .conversationItemAdded, .conversationItemDone,
            .conversationItemRetrieved, .conversationItemDeleted, .conversationItemTruncated,
            .conversationItemInputAudioTranscriptionDelta,
            .conversationItemInputAudioTranscriptionCompleted,
            .conversationItemInputAudioTranscriptionSegment,
            .conversationItemInputAudioTranscriptionFailed, .responseOutputItemAdded,
            .responseOutputItemDone, .responseContentPartAdded, .responseContentPartDone,
            .responseOutputTextDone, .responseOutputAudioTranscriptDelta,
            .responseOutputAudioTranscriptDone, .responseOutputAudioDone,
            .responseFunctionCallArgumentsDelta, .responseFunctionCallArgumentsDone,
            .mcpListToolsInProgress, .mcpListToolsCompleted, .mcpListToolsFailed,
            .responseMCPCallArgumentsDelta, .responseMCPCallArgumentsDone,
            .responseMCPCallInProgress, .responseMCPCallCompleted, .responseMCPCallFailed,
            .outputAudioBufferStarted, .outputAudioBufferStopped, .outputAudioBufferCleared,
            .rateLimitsUpdated, .sessionInputTranscriptDelta, .sessionOutputTranscriptDelta,
            .sessionOutputAudioDelta, .sessionClosed:
            break
        }
        return nil
    }

    /// One beside the conversation answers no turn.
    private mutating func begin(_ response: Response) {
        guard case .stopped(let time) = state, response.conversationID != nil else { return }
        state = .answering(response.id, since: time)
    }

    private mutating func output(
        of response: ResponseID,
        at now: ContinuousClock.Instant
    ) -> Reading? {
        guard case .answering(response, let stopped) = state else { return nil }
        state = .idle
        return .turnLatency(now - stopped)
    }
}
