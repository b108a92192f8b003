internal import ParleyAudio
internal import ParleyRealtime

// What the VAD finds in the input audio: turns, pauses that may end them, and silence.

extension Session {
    /// Accepts the VAD's verdict on a frame.
    mutating func accept(_ activity: SpeechActivity, at now: Instant) {
        guard activity.position <= input.buffer.end else {
            outbox.poison("A verdict on audio that was never appended")
            return
        }
        guard let turn = input.turn, activity.position > input.detector.judged else { return }
        switch input.detector.observe(activity, settings: turn.detector) {
        case .unchanged: listen(upTo: activity.position)
        case .paused: pause(at: activity.position)
        case .resumed: resume(at: activity.position)
        case .started(let onset): startSegment(at: onset, isContinued: false, turn, at: now)
        case .stopped(let end): endTurn(at: end, at: now)
        // The user is still speaking; the answer waits for the end.
        case .cut(let end): endSegment(at: end, at: now)
        case .continued(let onset): startSegment(at: onset, isContinued: true, turn, at: now)
        case .ceased: answerTurn(at: now)
        }
    }

    /// Nothing new began or ended.
    private mutating func listen(upTo position: Int) {
        guard let segment = input.segment else { return input.forgetQuiet() }
        // What comes after a pause is silence until it is known to be speech.
        guard !transcriptions.isPaused(segment.itemID) else { return }
        feedRecogniser(segment.itemID, upTo: position)
    }

    /// The turn may be over: what can be known by now needn't be waited for then.
    private mutating func pause(at position: Int) {
        guard let segment = input.segment else { return }
        feedRecogniser(segment.itemID, upTo: position)
        guard birth.speculation != .none else { return }
        transcriptions.pause(segment.itemID, at: position, to: &outbox)
    }

    /// The turn was not over.
    private mutating func resume(at position: Int) {
        guard let segment = input.segment else { return }
        feedRecogniser(segment.itemID, upTo: position)
    }

    private mutating func startSegment(
        at onset: Int,
        isContinued: Bool,
        _ turn: TurnSettings,
        at now: Instant
    ) {
        idle.stop()
        continuation = Continuation()
        let item = nextSpeech()
        let start = input.beginSegment(item.itemID, at: onset, isContinued: isContinued)
        input.hear("")
        outbox.send(
            .inputAudioBufferSpeechStarted(
                audioStart: Duration(samples: start),
                itemID: item.itemID
            )
        )
        if turn.interruptsResponse, let id = responses.inConversation {
            end(id, .cancelled(.turnDetected), at: now)
        }
        if wantsText { openRecogniser(for: item) }
        feedRecogniser(item.itemID, upTo: input.detector.judged)
    }

    /// Hears the words so far, which may say that the turn is over.
    mutating func hear(_ words: String, at now: Instant) {
        input.hear(words)
        guard let turn = input.turn, let end = input.detector.reconsider(turn.detector) else {
            return
        }
        endTurn(at: end, at: now)
    }

    private mutating func endTurn(at end: Int, at now: Instant) {
        let isContinued = input.segment?.isContinued ?? false
        let isCommitted = endSegment(at: end, at: now)
        // The beginning of the turn was committed when it was cut.
        if isCommitted || isContinued { answerTurn(at: now) }
    }

    /// Ends speech.
    ///
    /// - Returns: Whether it became an item.
    @discardableResult
    private mutating func endSegment(at end: Int, at now: Instant) -> Bool {
        guard let segment = input.segment else {
            outbox.poison("Speech ended that never began")
            return false
        }
        if !transcriptions.isPaused(segment.itemID) { feedRecogniser(segment.itemID, upTo: end) }
        input.segment = nil
        outbox.send(
            .inputAudioBufferSpeechStopped(
                audioEnd: Duration(samples: end),
                itemID: segment.itemID
            )
        )
        let count = input.older.count + end - segment.start
        guard count >= birth.limits.minimumCommit.sampleCount else {
            // Too short to be a turn: the reference server never commits less than 100 ms.
            transcriptions.cancel(segment.itemID, to: &outbox)
            input.buffer.forget(before: end)
            return false
        }
        commit(segment.itemID, upTo: end, at: now)
        return true
    }

    /// Answers the user, whose turn is over.
    private mutating func answerTurn(at now: Instant) {
        guard let turn = input.turn, turn.createsResponse else { return }
        if let active = responses.inConversation {
            // Beside a response that may not be interrupted, the turn gets none.
            guard turn.interruptsResponse else { return }
            // It was asked for while the user spoke, and doesn't know what was said.
            end(active, .cancelled(.turnDetected), at: now)
        }
        createResponse(ResponseOptions(), for: nil, at: now)
    }

    /// Gives the recogniser what is certain to belong to the item.
    mutating func feedRecogniser(_ itemID: ItemID, upTo end: Int) {
        input.feed(itemID, upTo: end, to: &transcriptions, &outbox)
    }

    /// The user stayed silent for as long as the client allows: that is a turn, too.
    ///
    /// What is said of it is the whole time since the answer was heard; what is kept is only as
    /// much as speech might have begun with.
    mutating func endSilence(_ wait: IdleTimer.Wait, at now: Instant) {
        guard input.turn != nil, input.segment == nil else { return }
        let itemID = conversation.newItemID(&outbox)
        // What may be the beginning of speech stays for it.
        let end = input.detector.earliestOnset
        let start = min(end, max(wait.position, end - wait.timeout.sampleCount))
        outbox.send(
            .inputAudioBufferTimeoutTriggered(
                audioStart: Duration(samples: start),
                audioEnd: Duration(samples: end),
                itemID: itemID
            )
        )
        announceSpeech(itemID, input.buffer.take(before: end), .silence, transcript: "")
        if showsTranscriptions { announceSilence(of: itemID, from: start, to: end) }
        answerTurn(at: now)
    }

    /// Nobody spoke, which needs no recogniser to be known.
    private mutating func announceSilence(of itemID: ItemID, from start: Int, to end: Int) {
        outbox.send(
            .conversationItemInputAudioTranscriptionCompleted(
                itemID: itemID,
                contentIndex: 0,
                transcript: "",
                usage: .duration(Duration(samples: end - start)),
                logprobs: nil
            )
        )
    }
}
