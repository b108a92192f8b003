internal import ParleyRealtime
internal import ParleySession

/// Reads from what a translation session sends and wants how long its translations took: from the
/// end of a stretch of speech to the first of its translation, with all that it waited for.
struct TranslationTimer {
    /// Stretches that have ended and whose translation has not begun, the oldest first.
    private var ended: [(id: ItemID, at: ContinuousClock.Instant)] = []
    /// When the stretch had ended of whose translation nothing was heard yet.
    private var awaited: ContinuousClock.Instant?

    /// Most that are kept: in those without words nothing is ever translated.
    ///
    /// Chosen: twice as many as may wait.
    private let stretchCount: Int

    /// Makes the timer of a session in which so many stretches may wait.
    init(backlog: Int) {
        stretchCount = 2 * backlog
    }

    /// Notes an output that is carried out now.
    ///
    /// - Returns: How long a translation took, once that is known.
    mutating func observe(
        _ output: Session.Output,
        at now: ContinuousClock.Instant
    ) -> Duration? {
        switch output {
        // Where a pause has given the text, nothing is left to finish.
        case .perform(.finishTranscription(let id)), .perform(.cancelTranscription(let id)):
            end(id, at: now)
        case .perform(.startGeneration(_, let request)):
            if case .translate(let id, _) = request.task { begin(id, at: now) }
        case .send(let event):
            if event.body.isOfTranslation, let since = awaited {
                awaited = nil
                return now - since
            }
        case .perform: break
        }
        return nil
    }

    private mutating func end(_ id: ItemID, at now: ContinuousClock.Instant) {
        guard !ended.contains(where: { $0.id == id }) else { return }
        ended = ended.suffix(stretchCount - 1) + [(id, now)]
    }

    private mutating func begin(_ id: ItemID, at now: ContinuousClock.Instant) {
        awaited = ended.first { $0.id == id }?.at ?? now
        ended.removeAll { $0.id == id }
    }
}

extension ServerEvent.Body {
    fileprivate var isOfTranslation: Bool {
        if case .sessionOutputTranscriptDelta = self { return true }
        if case .sessionOutputAudioDelta = self { return true }
        return false
    }
}
