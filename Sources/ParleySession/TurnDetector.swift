/// Finds the beginning and the end of speech in the VAD's verdicts, to the sample.
///
/// Speech begins with one frame that is sure of it (halfway between the threshold and certainty) or
/// with two frames in a row above the threshold: a click is no speech, and a clear voice loses no
/// frame. It goes on while frames stay above a lower threshold, and ends with the silence that was
/// asked for, wherever frames happen to end, and however much longer it took to know that.
struct TurnDetector: Sendable {
    /// What speech and silence are.
    struct Settings: Sendable, Equatable {
        /// Probability from which a frame is speech.
        var threshold: Float
        /// Samples of silence that end speech, and belong to it.
        var silence: Int
        /// Samples of silence after which speech may be over.
        var pause: Int
        /// Samples of speech after which it is cut.
        var limit: Int
        /// Samples of silence to wait for where these are more: it sounds as if speech went on.
        var patience = 0

        /// How far below the threshold speech goes on.
        ///
        /// Measured by Silero's authors.
        static let hysteresis: Float = 0.15

        var wait: Int { max(silence, patience) }
        var sureThreshold: Float { (threshold + 1) / 2 }
        var lowerThreshold: Float { max(threshold - Self.hysteresis, 0.01) }
    }

    /// What a frame changed.
    enum Verdict: Sendable, Equatable {
        case unchanged
        /// Speech began at this position.
        case started(Int)
        /// Speech paused, maybe for good; all up to this frame's end was judged.
        case paused
        /// The pause was none: speech goes on.
        case resumed
        /// Speech and the silence after it ended at this position.
        case stopped(Int)
        /// Speech is too long and was cut at this position.
        case cut(Int)
        /// Speech that was cut goes on, as new speech from this position.
        case continued(Int)
        /// Speech that was cut does not go on.
        case ceased
    }

    enum State: Sendable, Equatable {
        /// Nobody speaks. Next: ``rising(start:)`` or ``speaking(start:lastSpeech:)``.
        case quiet
        /// One frame sounds like speech.
        ///
        /// Next: ``speaking(start:lastSpeech:)``, or back to ``quiet``.
        case rising(start: Int)
        /// Somebody speaks, up to `lastSpeech`.
        ///
        /// Next: ``pausing(start:lastSpeech:)``, ``cut(lastSpeech:)``, or ``quiet`` where silence
        /// is as short as a pause.
        case speaking(start: Int, lastSpeech: Int)
        /// Nobody has spoken since `lastSpeech`, which may be the end.
        ///
        /// Next: ``quiet``, ``speaking(start:lastSpeech:)`` or ``cut(lastSpeech:)``.
        case pausing(start: Int, lastSpeech: Int)
        /// Speech was too long for one piece.
        ///
        /// Next: ``speaking(start:lastSpeech:)`` when it goes on, ``quiet`` when it doesn't.
        case cut(lastSpeech: Int)
    }

    private(set) var state = State.quiet
    /// The end of the last frame that was judged.
    private(set) var judged: Int

    /// Makes a detector whose first frame begins at this position.
    init(at position: Int = 0) {
        judged = position
    }

    /// The first sample that may still become speech.
    var earliestOnset: Int {
        switch state {
        case .quiet, .cut: judged
        case .rising(let start), .speaking(let start, _), .pausing(let start, _): start
        }
    }

    /// Takes the verdict on the next frame.
    ///
    /// - Parameters:
    ///   - activity: Its position is beyond ``judged``.
    ///   - settings: In force for this frame.
    /// - Returns: What it changed.
    mutating func observe(
        _ activity: Session.SpeechActivity,
        settings: Settings
    ) -> Verdict {
        let frameStart = judged
        judged = activity.position
        let isOnset = activity.probability >= settings.threshold
        let isSpeech = activity.probability >= settings.lowerThreshold
        switch state {
        case .quiet:
            guard isOnset else { return .unchanged }
            guard activity.probability >= settings.sureThreshold else {
                state = .rising(start: frameStart)
                return .unchanged
            }
            return begin(at: frameStart)
        case .rising(let start):
            guard isOnset else {
                state = .quiet
                return .unchanged
            }
            return begin(at: start)
        case .speaking(let start, let lastSpeech):
            return goOn(from: start, lastSpeech: isSpeech ? judged : lastSpeech, settings)
        case .pausing(let start, let lastSpeech):
            guard isSpeech else {
                return end(of: start, lastSpeech: lastSpeech, settings) ?? .unchanged
            }
            state = .speaking(start: start, lastSpeech: judged)
            return .resumed
        case .cut(let lastSpeech):
            // The speaker never stopped: what goes on need not begin anew.
            guard isSpeech else { return endCut(lastSpeech: lastSpeech, settings) }
            state = .speaking(start: frameStart, lastSpeech: judged)
            return .continued(frameStart)
        }
    }

    /// Looks at the silence so far once more, under other settings.
    ///
    /// - Returns: Where speech ended; nil if it goes on, or there is none.
    mutating func reconsider(_ settings: Settings) -> Int? {
        switch state {
        case .speaking(_, let lastSpeech), .pausing(_, let lastSpeech):
            stop(after: lastSpeech, settings)
        case .quiet, .rising, .cut: nil
        }
    }

    private mutating func begin(at start: Int) -> Verdict {
        state = .speaking(start: start, lastSpeech: judged)
        return .started(start)
    }

    private mutating func goOn(
        from start: Int,
        lastSpeech: Int,
        _ settings: Settings
    ) -> Verdict {
        if let end = end(of: start, lastSpeech: lastSpeech, settings) { return end }
        guard lastSpeech < judged, judged - lastSpeech >= settings.pause else {
            state = .speaking(start: start, lastSpeech: lastSpeech)
            return .unchanged
        }
        state = .pausing(start: start, lastSpeech: lastSpeech)
        return .paused
    }

    /// Ends speech that was followed by enough silence, or was too long; nil if it goes on.
    private mutating func end(
        of start: Int,
        lastSpeech: Int,
        _ settings: Settings
    ) -> Verdict? {
        if let end = stop(after: lastSpeech, settings) { return .stopped(end) }
        guard judged - start >= settings.limit else { return nil }
        state = .cut(lastSpeech: lastSpeech)
        return .cut(judged)
    }

    private mutating func stop(after lastSpeech: Int, _ settings: Settings) -> Int? {
        guard lastSpeech < judged, judged - lastSpeech >= settings.wait else { return nil }
        state = .quiet
        return lastSpeech + settings.silence
    }

    private mutating func endCut(lastSpeech: Int, _ settings: Settings) -> Verdict {
        guard judged - lastSpeech >= settings.wait else { return .unchanged }
        state = .quiet
        return .ceased
    }
}
