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
        if case .inputAudioBufferCommitted = event { return .turnCommitted }
        if let response = event.outputResponseID { return output(of: response, at: now) }
        if case .inputAudioBufferSpeechStarted = event { state = .idle }
        if case .inputAudioBufferSpeechStopped = event { state = .stopped(now) }
        if case .responseCreated(let response) = event { begin(response) }
        if case .responseDone(let response) = event { end(response.id) }
        return nil
    }

    /// One beside the conversation answers no turn.
    private mutating func begin(_ response: Response) {
        guard case .stopped(let time) = state, response.conversationID != nil else { return }
        state = .answering(response.id, since: time)
    }

    private mutating func end(_ response: ResponseID) {
        if case .answering(response, _) = state { state = .idle }
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

extension ServerEvent.Body {
    /// The response of which the event brings something to hear or to read; nil for other events.
    fileprivate var outputResponseID: ResponseID? {
        if case .responseOutputAudioDelta(let part, _) = self { return part.responseID }
        if case .responseOutputTextDelta(let part, _) = self { return part.responseID }
        return nil
    }
}
