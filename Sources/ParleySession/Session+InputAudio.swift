internal import ParleyAudio
internal import ParleyRealtime

// The input audio buffer: append, commit, clear, and what the VAD finds in it.

extension Session {
    mutating func append(_ bytes: [UInt8], for event: EventID?) {
        guard input.hasRoom(forBytes: bytes.count) else {
            outbox.fail(.inputBufferFull(birth.limits), for: event)
            return
        }
        accept(input.decode(bytes))
    }

    /// Audio of a transport with media of its own.
    mutating func receive(_ frame: AudioFrame) {
        guard frame.sampleRate == AudioFormat.sessionSampleRate else {
            outbox.poison("Audio at another rate than the session's")
            return
        }
        // There is nobody to tell: what a stalled VAD can't judge is lost.
        guard input.hasRoom(forSamples: frame.samples.count) else { return }
        accept(frame.samples)
    }

    private mutating func accept(_ samples: [Int16]) {
        guard !samples.isEmpty else { return }
        let position = input.buffer.end
        input.buffer.append(samples)
        guard input.turn != nil else { return }
        outbox.perform(.detect(AudioFrame(samples: samples), position: position))
    }

    mutating func commit(for event: EventID?, at now: Instant) {
        let count = input.buffer.count + input.heldBackCount
        let isLongEnough = count >= birth.limits.minimumCommit.sampleCount
        guard isLongEnough, let itemID = itemForCommit() else {
            let found = Duration(samples: count).milliseconds
            outbox.fail(.commitOfEmptyBuffer(found: found, birth.limits), for: event)
            return
        }
        input.finishStream()
        let end = input.buffer.end
        feedRecogniser(itemID, upTo: end)
        input.segment = nil
        commit(itemID, upTo: end, at: now)
        restartDetection()
    }

    /// The item that a commit makes; a recogniser is open for it.
    private mutating func itemForCommit() -> ItemID? {
        if let segment = input.segment { return segment.itemID }
        let itemID = input.announced ?? conversation.newItemID(&outbox)
        input.announced = nil
        transcriptions.start(itemID, transcriptionRequest, to: &outbox)
        return itemID
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
            transcriptions.cancel(segment.itemID, to: &outbox)
            input.announced = segment.itemID
            input.segment = nil
        }
        outbox.perform(.resetDetection)
    }
}

// MARK: - Speech

extension Session {
    /// Takes the VAD's verdict on a frame.
    mutating func judge(_ activity: SpeechActivity, at now: Instant) {
        guard activity.position <= input.buffer.end else {
            outbox.poison("A verdict on audio that was never appended")
            return
        }
        guard let turn = input.turn, activity.position > input.detector.judged else { return }
        switch input.detector.observe(activity, settings: turn.detector) {
        case .unchanged:
            guard let segment = input.segment else { return input.forgetQuiet() }
            feedRecogniser(segment.itemID, upTo: activity.position)
        case .started(let onset): startSegment(at: onset, turn, at: now)
        case .stopped(let end): endSegment(at: end, respond: turn.createsResponse, at: now)
        // The user is still speaking; the answer waits for the end.
        case .cut(let end): endSegment(at: end, respond: false, at: now)
        }
    }

    private mutating func startSegment(
        at onset: Int,
        _ turn: TurnSettings,
        at now: Instant
    ) {
        idle.stop()
        let itemID = input.announced ?? conversation.newItemID(&outbox)
        input.announced = nil
        input.buffer.forget(before: onset - turn.prefixPadding)
        let start = input.buffer.start
        input.segment = InputAudio.Segment(itemID: itemID, start: start, fed: start)
        input.hear("")
        outbox.send(
            .inputAudioBufferSpeechStarted(audioStart: Duration(samples: start), itemID: itemID)
        )
        if turn.interruptsResponse, let id = responses.inConversation {
            end(id, .cancelled(.turnDetected), at: now)
        }
        if wantsText {
            transcriptions.start(itemID, transcriptionRequest, to: &outbox)
            // Captions are all that such a session is for: they don't wait for the turn's end.
            if configuration.kind == .transcription { transcriptions.showEarly(itemID) }
        }
        feedRecogniser(itemID, upTo: input.detector.judged)
    }

    private mutating func endSegment(at end: Int, respond: Bool, at now: Instant) {
        guard let segment = input.segment else {
            outbox.poison("Speech ended that never began")
            return
        }
        feedRecogniser(segment.itemID, upTo: end)
        input.segment = nil
        outbox.send(
            .inputAudioBufferSpeechStopped(
                audioEnd: Duration(samples: end),
                itemID: segment.itemID
            )
        )
        guard end - segment.start >= birth.limits.minimumCommit.sampleCount else {
            // Too short to be a turn: the reference server never commits less than 100 ms.
            transcriptions.cancel(segment.itemID, to: &outbox)
            input.buffer.forget(before: end)
            return
        }
        commit(segment.itemID, upTo: end, at: now)
        // Beside a response that may not be interrupted, the turn gets none.
        guard respond, responses.inConversation == nil else { return }
        createResponse(ResponseOptions(), for: nil, at: now)
    }

    /// Gives the recogniser what is certain to belong to the item.
    private mutating func feedRecogniser(_ itemID: ItemID, upTo end: Int) {
        let start = input.segment?.fed ?? input.buffer.start
        guard start < end else { return }
        transcriptions.feed(itemID, input.buffer.samples(in: start..<end), to: &outbox)
        input.segment?.fed = end
    }

    /// Turns the buffer up to a position into an item.
    private mutating func commit(_ itemID: ItemID, upTo end: Int, at now: Instant) {
        let samples = input.buffer.take(before: end)
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

    private mutating func announceSpeech(
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
        entry.speechText = text
        announce(entry)
    }

    /// The user stayed silent for as long as the client allows: that is a turn, too (10.13).
    mutating func endSilence(at now: Instant) {
        guard let turn = input.turn, input.segment == nil else { return }
        let itemID = conversation.newItemID(&outbox)
        // What may be the beginning of speech stays for it.
        let (start, end) = (input.buffer.start, input.detector.earliestOnset)
        outbox.send(
            .inputAudioBufferTimeoutTriggered(
                audioStart: Duration(samples: start),
                audioEnd: Duration(samples: end),
                itemID: itemID
            )
        )
        announceSpeech(itemID, input.buffer.take(before: end), .silence, transcript: "")
        if showsTranscriptions { announceSilence(of: itemID, from: start, to: end) }
        guard turn.createsResponse, responses.inConversation == nil else { return }
        createResponse(ResponseOptions(), for: nil, at: now)
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

    /// Adds a finished item at the end of the conversation.
    mutating func announce(_ entry: Conversation.Entry) {
        let previous = conversation.lastID
        outbox.send(.conversationItemAdded(item: entry.item, previousItemID: previous))
        outbox.send(.conversationItemDone(item: entry.item, previousItemID: previous))
        conversation.append(entry, to: &outbox)
    }
}

extension ProtocolError {
    fileprivate static func inputBufferFull(_ limits: Limits) -> Self {
        Self(
            .bufferFull,
            "The input audio buffer holds at most "
                + "\(limits.inputBufferDuration.components.seconds) seconds; commit or clear it.",
            param: "audio"
        )
    }

    fileprivate static func commitOfEmptyBuffer(found: Int64, _ limits: Limits) -> Self {
        Self(
            .commitOfEmptyBuffer,
            "The input audio buffer holds \(found) ms of audio; at least "
                + "\(limits.minimumCommit.milliseconds) ms are needed to commit."
        )
    }
}

extension Duration {
    var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
