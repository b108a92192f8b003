internal import ParleyAudio
internal import ParleyRealtime

// The input audio buffer: append, commit, clear, and what the VAD finds in it.

extension Session {
    mutating func commit(for event: EventID?, at now: Instant) {
        let count = input.uncommittedCount + input.heldBackCount
        let isLongEnough = count >= birth.limits.minimumCommit.sampleCount
        guard isLongEnough else {
            let found = Duration(samples: count).wholeMilliseconds
            outbox.fail(.commitOfEmptyBuffer(found: found, birth.limits), for: event)
            return
        }
        let itemID = itemForCommit()
        input.finishStream()
        let end = input.buffer.end
        feedRecogniser(itemID, upTo: end)
        input.segment = nil
        commit(itemID, upTo: end, at: now)
        restartDetection()
    }

    /// The item that a commit makes.
    private mutating func itemForCommit() -> ItemID {
        if let segment = input.segment { return segment.itemID }
        let item = nextSpeech()
        if wantsText { openRecogniser(for: item) }
        return item.itemID
    }

    /// What the next audio becomes: speech that waits for its commit, or a new item.
    mutating func nextSpeech() -> InputAudio.Announced {
        input.announced.take()
            ?? InputAudio.Announced(itemID: conversation.newItemID(&outbox), shownText: "")
    }

    /// Has speech recognised, from what came before it on.
    mutating func openRecogniser(for speech: InputAudio.Announced) {
        let itemID = speech.itemID
        let request = transcriptionRequest
        transcriptions.start(itemID, request, shownText: speech.shownText, to: &outbox)
        // Captions are all that such a session is for: they don't wait for the turn's end.
        if configuration.kind == .transcription { transcriptions.showEarly(itemID) }
        transcriptions.feed(itemID, input.older, to: &outbox)
    }

    mutating func clearInput() {
        if let segment = input.segment { transcriptions.cancel(segment.itemID, to: &outbox) }
        input.clear()
        if input.turn != nil { outbox.perform(.resetDetection) }
        outbox.send(.inputAudioBufferCleared)
    }

    /// What the VAD hears from here on is new.
    private mutating func restartDetection() {
        guard input.turn != nil else { return }
        input.detector = TurnDetector(at: input.buffer.end)
        outbox.perform(.resetDetection)
    }

    /// Follows a change of `audio.input`.
    mutating func configureInput() {
        guard input.configure(configuration.input) else { return }
        // The client took over, or gave over, committing: speech that was announced waits for its
        // commit.
        if let segment = input.segment {
            let shownText = transcriptions.cancel(segment.itemID, to: &outbox)
            input.announced = InputAudio.Announced(itemID: segment.itemID, shownText: shownText)
            input.segment = nil
        }
        outbox.perform(.resetDetection)
    }

    /// Turns the buffer up to a position into an item.
    mutating func commit(_ itemID: ItemID, upTo end: Int, at now: Instant) {
        let samples = input.take(before: end)
        if wantsText, !transcriptions.isOpen(itemID) {
            // The client asked for text after the speech had begun.
            transcriptions.start(itemID, transcriptionRequest, to: &outbox)
            transcriptions.feed(itemID, samples, to: &outbox)
        }
        guard transcriptions.isOpen(itemID) else {
            announceSpeech(itemID, samples, .unheard, transcript: nil)
            return
        }
        announceSpeech(itemID, samples, .awaited, transcript: nil)
        let resolution = transcriptions.finish(
            itemID,
            audio: Duration(samples: samples.count),
            isShown: showsTranscriptions,
            at: now,
            to: &outbox
        )
        if let resolution { resolve(resolution, at: now) }
    }

    mutating func announceSpeech(
        _ itemID: ItemID,
        _ samples: [Int16],
        _ text: Conversation.SpeechText,
        transcript: String?
    ) {
        outbox.send(
            .inputAudioBufferCommitted(itemID: itemID, previousItemID: conversation.lastID)
        )
        let part = ContentPart.inputAudio(audio: nil, transcript: transcript)
        var entry = Conversation.Entry(
            Item(id: itemID, content: .message(Message(role: .user, parts: [part])))
        )
        entry.audio = samples
        entry.audioSampleCount = samples.count
        entry.detail = .userSpeech(text)
        announce(entry)
    }

    /// Adds a finished item at the end of the conversation.
    mutating func announce(_ entry: Conversation.Entry) {
        let previous = conversation.lastID
        outbox.send(.conversationItemAdded(item: entry.item, previousItemID: previous))
        outbox.send(.conversationItemDone(item: entry.item, previousItemID: previous))
        conversation.append(entry, to: &outbox)
    }
}

extension ProtocolError {
    fileprivate static func commitOfEmptyBuffer(found: Int, _ limits: Limits) -> Self {
        Self(
            .commitOfEmptyBuffer,
            "The input audio buffer holds \(found) ms of audio; at least "
                + "\(limits.minimumCommit.wholeMilliseconds) ms are needed to commit."
        )
    }
}
