internal import ParleyAudio
internal import ParleyRealtime

// From audio to text: stretches of speech, and what the recogniser makes of them.

extension TranslationSession {
    /// Accepts the VAD's verdict on a frame.
    mutating func accept(_ activity: Session.SpeechActivity, at now: Instant) {
        guard activity.position <= input.buffer.end else {
            outbox.poison("A verdict on audio that was never appended")
            return
        }
        guard life == .open, let turn = input.turn, activity.position > input.detector.judged
        else { return }
        let settings = SpeechSegmentation(limits).settings(turn.detector, at: segmentLength)
        switch input.detector.observe(activity, settings: settings) {
        case .unchanged: listen(upTo: activity.position)
        case .paused: pause(at: activity.position)
        case .resumed: feed(upTo: activity.position)
        case .started(let onset), .continued(let onset): beginSegment(at: onset)
        case .stopped(let end), .cut(let end): endSegment(at: end, at: now)
        case .ceased: break
        }
    }

    /// Samples of speech since the current stretch began.
    private var segmentLength: Int {
        input.segment.map { input.detector.judged - $0.start } ?? 0
    }

    private mutating func listen(upTo position: Int) {
        guard let segment = input.segment else { return input.forgetQuiet() }
        // What comes after a pause is silence until it is known to be speech.
        if !transcriptions.isPaused(segment.itemID) { feed(upTo: position) }
    }

    private mutating func pause(at position: Int) {
        feed(upTo: position)
        guard let segment = input.segment, birth.speculation != .none else { return }
        transcriptions.pause(segment.itemID, at: position, to: &outbox)
    }

    private mutating func feed(upTo position: Int) {
        guard let segment = input.segment else { return }
        input.feed(segment.itemID, upTo: position, to: &transcriptions, &outbox)
        if let index = index(of: segment.itemID) { heard[index].end = position }
    }

    private mutating func beginSegment(at onset: Int) {
        guard heard.count < limits.translationBacklogCount else {
            return outbox.fail(.backlogFull(from: onset, limits), for: nil)
        }
        let itemID: ItemID = outbox.ids.next()
        let start = input.beginSegment(itemID, at: onset, isContinued: false)
        let isShown = configuration.input.transcription != nil
        heard.append(HeardSegment(itemID: itemID, start: start, isShown: isShown))
        let request = Session.TranscriptionRequest(configuration, turn: input.turn)
        transcriptions.start(itemID, request, to: &outbox)
        feed(upTo: input.detector.judged)
    }

    /// Ends the current stretch, if there is one.
    mutating func endSegment(at end: Int, at now: Instant) {
        defer { input.buffer.forget(before: end) }
        guard let segment = input.segment else { return }
        let itemID = segment.itemID
        if !transcriptions.isPaused(itemID) { feed(upTo: end) }
        input.segment = nil
        guard end - segment.start >= limits.minimumCommit.sampleCount else {
            transcriptions.cancel(itemID, to: &outbox)
            heard.removeAll { $0.itemID == itemID }
            return
        }
        let resolution = transcriptions.finish(
            itemID,
            audio: Duration(samples: end - segment.start),
            isShown: false,
            at: now,
            to: &outbox
        )
        if let resolution { resolve(resolution) }
    }

    /// Accepts a recogniser's report; one about a stretch that is gone is stale.
    mutating func accept(_ report: Session.Transcription, of id: ItemID) {
        let resolution = transcriptions.accept(report, of: id, to: &outbox)
        if let resolution { resolve(resolution) } else { showTranscripts() }
    }

    /// Takes the text of a stretch; in one without words there is nothing to translate.
    mutating func resolve(_ resolution: TranscriptionTracker.Resolution) {
        guard let index = index(of: resolution.itemID) else { return }
        switch resolution.outcome {
        case .text(let text, _):
            heard[index].text = text
            showTranscripts()
            if text.allSatisfy(\.isWhitespace) { heard.remove(at: index) }
        case .failed(let failure):
            let segment = heard.remove(at: index)
            outbox.fail(failure.error(about: segment), for: nil)
            showTranscripts()
        }
    }

    /// Shows what was understood by now, one stretch after the other: the text can only be
    /// appended to.
    private mutating func showTranscripts() {
        for index in heard.indices {
            let itemID = heard[index].itemID
            let text = heard[index].text ?? transcriptions.stableText(of: itemID)
            if let delta = heard[index].takeDelta(of: text, in: &inputText) {
                let elapsed = heard[index].elapsed
                outbox.send(.sessionInputTranscriptDelta(delta: delta, elapsed: elapsed))
            }
            guard heard[index].text != nil else { return }
        }
    }

    private func index(of itemID: ItemID) -> Int? {
        heard.firstIndex { $0.itemID == itemID }
    }
}

extension ProtocolError {
    fileprivate static func backlogFull(from onset: Int, _ limits: Limits) -> Self {
        Self(
            Code(rawValue: "translation_backlog_full"),
            "Speech from \(Duration(samples: onset).inSeconds) on is not translated: "
                + "\(limits.translationBacklogCount) stretches of speech before it still wait.",
            kind: .server
        )
    }
}
