internal import ParleyAudio
internal import ParleyRealtime

/// Follows each recogniser from its start to its one end, and holds back what clients may not see
/// yet.
///
/// A recogniser begins when speech does, before its item exists. Events about an item come after
/// `conversation.item.added`; so partial text gathers until ``finish(_:audio:isShown:at:to:)``,
/// except where the client may have it as it comes.
struct TranscriptionTracker: Sendable {
    /// How a transcription ended.
    enum Outcome: Sendable, Equatable {
        case text(String, Session.TranscriptionDetails)
        case failed(Session.EngineFailure)
    }

    /// What was understood of which item.
    struct Resolution: Sendable, Equatable {
        var itemID: ItemID
        var outcome: Outcome
        /// Clients hear of it.
        var isShown: Bool
    }

    private enum Phase: Sendable {
        /// Audio still comes, the item does not exist yet.
        ///
        /// Next: ``paused(at:_:)``, ``ended(_:)`` or ``finishing(deadline:)``.
        case listening
        /// The speaker paused at this position, and this is all that was said if nothing follows;
        /// nil while the recogniser works on it.
        ///
        /// Next: ``listening`` when more follows, ``ended(_:)``, ``finishing(deadline:)``, or
        /// resolved on finish.
        case paused(at: Int, Outcome?)
        /// The recogniser ended before its audio did; the item does not exist yet.
        ///
        /// Next: resolved on finish.
        case ended(Outcome)
        /// All audio was given; the final text is due.
        ///
        /// Next: resolved by the report or the deadline.
        case finishing(deadline: Instant)
    }

    private struct Entry: Sendable {
        let itemID: ItemID
        let request: Session.TranscriptionRequest
        var phase = Phase.listening
        var isShown = false
        var audio = Duration.zero
        var contentIndex = 0
        /// Text that will not change any more.
        var stable = ""
        /// The part of it that the client has.
        var sent = ""

        var takesAudio: Bool {
            switch phase {
            case .listening, .paused: true
            case .ended, .finishing: false
            }
        }

        func isOverdue(at now: Instant) -> Bool {
            switch phase {
            case .finishing(let deadline): deadline <= now
            case .listening, .paused, .ended: false
            }
        }
    }

    private var entries: [Entry] = []
    let limits: Limits

    init(limits: Limits) {
        self.limits = limits
    }

    /// When a final text is overdue; nil when none is awaited.
    var deadline: Instant? {
        var earliest: Instant?
        for case .finishing(let deadline) in entries.lazy.map(\.phase) {
            earliest = min(earliest ?? deadline, deadline)
        }
        return earliest
    }

    /// Audio whose text is due.
    var awaitedAudio: Duration {
        entries.reduce(.zero) { $0 + $1.audio }
    }

    /// Whether the text of an item is still to come.
    func isOpen(_ itemID: ItemID) -> Bool {
        entries.contains { $0.itemID == itemID }
    }

    /// Recognisers that may be opened now.
    var room: Int { max(0, limits.openTranscriptionCount - entries.count) }

    /// Opens a recogniser for an item that is to come.
    ///
    /// Deltas go on from `shownText`: what an earlier recogniser of the item had the client told.
    mutating func start(
        _ itemID: ItemID,
        _ request: Session.TranscriptionRequest,
        shownText: String = "",
        to outbox: inout Outbox
    ) {
        var entry = Entry(itemID: itemID, request: request, sent: shownText)
        let limit = limits.openTranscriptionCount
        if entries.count >= limit {
            entry.phase = .ended(
                .failed(
                    Session.EngineFailure(
                        code: "too_many_transcriptions",
                        message: "More than \(limit) turns wait for their text."
                    )
                )
            )
        } else {
            outbox.perform(.startTranscription(itemID, request))
        }
        entries.append(entry)
    }

    /// Lets the client have the text before its item exists; speech has announced the item's id.
    mutating func showEarly(_ itemID: ItemID) {
        guard let index = index(of: itemID) else { return }
        entries[index].isShown = true
    }

    /// Gives the recogniser more audio, if it still listens.
    ///
    /// After a pause this says that the speaker went on.
    mutating func feed(
        _ itemID: ItemID,
        _ samples: @autoclosure () -> [Int16],
        at sampleRate: Int = AudioFormat.sessionSampleRate,
        to outbox: inout Outbox
    ) {
        guard let index = index(of: itemID), entries[index].takesAudio else { return }
        let samples = samples()
        guard !samples.isEmpty else { return }
        entries[index].phase = .listening
        let frame = AudioFrame(samples: samples, sampleRate: sampleRate)
        outbox.perform(.feedTranscription(itemID, frame))
    }

    /// Asks the recogniser what was said if nothing follows; it has all audio up to a position.
    mutating func pause(_ itemID: ItemID, at position: Int, to outbox: inout Outbox) {
        guard let index = index(of: itemID), case .listening = entries[index].phase else { return }
        entries[index].phase = .paused(at: position, nil)
        outbox.perform(.pauseTranscription(itemID, position: position))
    }

    /// Whether nothing was fed since the last pause.
    func isPaused(_ itemID: ItemID) -> Bool {
        guard let index = index(of: itemID), case .paused = entries[index].phase else {
            return false
        }
        return true
    }

    /// What will not change any more of a text that is still to come.
    func stableText(of itemID: ItemID) -> String {
        index(of: itemID).map { entries[$0].stable } ?? ""
    }

    private func index(of itemID: ItemID) -> Int? {
        entries.firstIndex { $0.itemID == itemID }
    }

    /// Ends the audio of an item that is now in the conversation.
    ///
    /// - Returns: The end, if the recogniser had ended already, or knew the text from the pause.
    mutating func finish(
        _ itemID: ItemID,
        audio: Duration,
        contentIndex: Int = 0,
        isShown: Bool,
        at now: Instant,
        to outbox: inout Outbox
    ) -> Resolution? {
        guard let index = index(of: itemID) else {
            outbox.poison("A transcription was finished that never started")
            return nil
        }
        entries[index].isShown = isShown
        entries[index].audio = audio
        entries[index].contentIndex = contentIndex
        switch entries[index].phase {
        case .paused(_, let outcome?):
            outbox.perform(.cancelTranscription(itemID))
            return resolve(index, outcome, to: &outbox)
        case .listening, .paused:
            outbox.perform(.finishTranscription(itemID))
            entries[index].phase = .finishing(deadline: now + limits.transcriptionWait)
            sendDelta(of: index, to: &outbox)
            return nil
        case .ended(let outcome):
            return resolve(index, outcome, to: &outbox)
        case .finishing:
            outbox.poison("A transcription was finished twice")
            return nil
        }
    }

    /// Accepts a recogniser's report.
    ///
    /// - Returns: The end, if this was it and the item exists. Reports about unknown items are
    ///   stale.
    mutating func accept(
        _ report: Session.Transcription,
        of itemID: ItemID,
        to outbox: inout Outbox
    ) -> Resolution? {
        guard let index = index(of: itemID) else { return nil }
        switch report {
        case .partial(let text, let count):
            acceptPartial(text.beginning(byteCount: count), of: index, to: &outbox)
            return nil
        case .provisional(let text, let details, let position):
            acceptProvisional(.text(text, details), position: position, of: index)
            return nil
        case .final(let text, let details):
            return end(index, .text(text, details), to: &outbox)
        case .failed(let failure): return end(index, .failed(failure), to: &outbox)
        }
    }

    /// Drops a recogniser whose audio is void, or heard anew.
    ///
    /// - Returns: What the client was told of the text.
    @discardableResult
    mutating func cancel(_ itemID: ItemID, to outbox: inout Outbox) -> String {
        guard let index = index(of: itemID) else { return "" }
        stop(entries[index], to: &outbox)
        return entries.remove(at: index).sent
    }

    /// Drops all recognisers.
    mutating func cancelAll(to outbox: inout Outbox) {
        for entry in entries { stop(entry, to: &outbox) }
        entries = []
    }

    /// Says nothing more about an item to the client; its text is still awaited.
    mutating func hide(_ itemID: ItemID) {
        guard let index = index(of: itemID) else { return }
        entries[index].isShown = false
    }

    /// Gives up on texts that are overdue.
    mutating func expire(at now: Instant, to outbox: inout Outbox) -> [Resolution] {
        let failure = Session.EngineFailure.overdue("The speech recogniser")
        var resolutions: [Resolution] = []
        while let index = entries.firstIndex(where: { $0.isOverdue(at: now) }) {
            stop(entries[index], to: &outbox)
            resolutions.append(resolve(index, .failed(failure), to: &outbox))
        }
        return resolutions
    }
}

extension TranscriptionTracker {
    private mutating func acceptPartial(
        _ stable: String,
        of index: Int,
        to outbox: inout Outbox
    ) {
        // Recognisers may take back what they called stable; what the client has can't be taken
        // back.
        guard stable.utf8.starts(with: entries[index].sent.utf8) else { return }
        entries[index].stable = stable
        sendDelta(of: index, to: &outbox)
    }

    /// Keeps what was said if nothing follows.
    ///
    /// About an earlier pause it is stale; after the end of the audio the final text is as near.
    private mutating func acceptProvisional(_ outcome: Outcome, position: Int, of index: Int) {
        guard case .paused(position, nil) = entries[index].phase else { return }
        entries[index].phase = .paused(at: position, outcome)
    }

    private mutating func sendDelta(of index: Int, to outbox: inout Outbox) {
        let entry = entries[index]
        guard entry.isShown, let delta = entry.stable.remainder(after: entry.sent), !delta.isEmpty
        else { return }
        entries[index].sent = entry.stable
        outbox.send(
            .conversationItemInputAudioTranscriptionDelta(
                itemID: entry.itemID,
                contentIndex: entry.contentIndex,
                delta: delta,
                logprobs: nil
            )
        )
    }

    private mutating func end(
        _ index: Int,
        _ outcome: Outcome,
        to outbox: inout Outbox
    ) -> Resolution? {
        switch entries[index].phase {
        case .listening, .paused:
            entries[index].phase = .ended(outcome)
            return nil
        case .finishing: return resolve(index, outcome, to: &outbox)
        case .ended:
            outbox.poison("A recogniser ended twice")
            return nil
        }
    }

    private mutating func resolve(
        _ index: Int,
        _ outcome: Outcome,
        to outbox: inout Outbox
    ) -> Resolution {
        if case .text(let text, _) = outcome, text.utf8.starts(with: entries[index].sent.utf8) {
            // The deltas then add up to the transcript.
            entries[index].stable = text
            sendDelta(of: index, to: &outbox)
        }
        let entry = entries.remove(at: index)
        if entry.isShown { announce(outcome, of: entry, to: &outbox) }
        return Resolution(itemID: entry.itemID, outcome: outcome, isShown: entry.isShown)
    }

    private func announce(_ outcome: Outcome, of entry: Entry, to outbox: inout Outbox) {
        switch outcome {
        case .text(let text, let details):
            if entry.request.wantsSegments {
                announce(details.segments, of: entry, to: &outbox)
            }
            outbox.send(
                .conversationItemInputAudioTranscriptionCompleted(
                    itemID: entry.itemID,
                    contentIndex: entry.contentIndex,
                    transcript: text,
                    usage: .duration(entry.audio),
                    logprobs: entry.request.wantsLogprobs ? details.logprobs : nil
                )
            )
        case .failed(let failure):
            // agents-js wants strings in every member.
            let error = failure.error(failure.message, param: "")
            outbox.send(
                .conversationItemInputAudioTranscriptionFailed(
                    itemID: entry.itemID,
                    contentIndex: entry.contentIndex,
                    error: error
                )
            )
        }
    }

    private func announce(
        _ segments: [TranscriptionSegment],
        of entry: Entry,
        to outbox: inout Outbox
    ) {
        for var segment in segments {
            segment.contentIndex = entry.contentIndex
            outbox.send(
                .conversationItemInputAudioTranscriptionSegment(itemID: entry.itemID, segment)
            )
        }
    }

    private func stop(_ entry: Entry, to outbox: inout Outbox) {
        switch entry.phase {
        case .listening, .paused, .finishing:
            outbox.perform(.cancelTranscription(entry.itemID))
        case .ended: break
        }
    }
}
