internal import ParleyRealtime

/// Reads from the events that a session sends how long its turns took.
struct TurnTimer {
    /// A figure that became known.
    enum Reading: Equatable {
        case turnCommitted
        case turnLatency(Duration)
        case clientError
    }

    private var speechStoppedAt: ContinuousClock.Instant?

    /// Notes an event that leaves now.
    mutating func observe(
        _ event: ServerEvent.Body,
        at now: ContinuousClock.Instant
    ) -> Reading? {
        switch event {
        case .inputAudioBufferSpeechStarted:
            speechStoppedAt = nil
        case .inputAudioBufferSpeechStopped:
            speechStoppedAt = now
        case .inputAudioBufferCommitted:
            return .turnCommitted
        case .responseOutputAudioDelta, .responseOutputTextDelta:
            guard let stopped = speechStoppedAt.take() else { return nil }
            return .turnLatency(now - stopped)
        case .error:
            return .clientError
        default:
            break
        }
        return nil
    }
}
