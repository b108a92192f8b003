internal import ParleyAudio
internal import ParleyRealtime

// A response's message: written or spoken, one item with one content part.

extension ActiveResponse {
    /// Takes text from the model.
    mutating func write(
        _ text: String,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        let text = message == nil ? text.withoutLeadingBlanks : text
        guard !text.isEmpty else { return }
        if message == nil { openMessage(in: &conversation, to: &outbox) }
        meter.countOutput(text)
        switch message {
        case .written(let location, var written):
            message = nil
            written += text
            message = .written(location, text: written)
            outbox.send(.responseOutputTextDelta(location, delta: text))
        case .spoken:
            speak(to: &outbox) { speech, outbox in speech.write(text, to: &outbox) }
        case nil: break
        }
    }

    /// Changes the speech in place: it holds audio that must not be copied.
    private mutating func changeSpeech(_ body: (inout SpokenMessage<PartLocation>) -> Void) {
        guard case .spoken(var speech) = message else { return }
        message = nil
        body(&speech)
        count(speech)
        message = .spoken(speech)
    }

    private mutating func count(_ speech: SpokenMessage<PartLocation>) {
        meter.countSpeech(
            speech.sampleCount,
            heldBack: speech.heldBackByteCount,
            in: speech.openClause
        )
    }

    /// Lets the speech go on.
    mutating func speak(
        to outbox: inout Outbox,
        _ body: (inout SpokenMessage<PartLocation>, inout Outbox) -> Void
    ) {
        changeSpeech { body(&$0, &outbox) }
    }

    /// Takes audio, as much of it as the client's limit leaves room for.
    mutating func speak(_ samples: [Int16], ofClause clause: Int, to outbox: inout Outbox) {
        guard !samples.isEmpty else { return }
        var isCurrent = false
        speak(to: &outbox) { speech, outbox in
            isCurrent = speech.begin(clause: clause, to: &outbox)
        }
        guard isCurrent else { return }
        let room = meter.speechRoom
        speak(to: &outbox) { speech, outbox in
            guard let room = room.map({ max(0, $0 - speech.waitingSampleCount) }),
                room <= samples.count
            else { return speech.receive(samples, to: &outbox) }
            speech.receive(Array(samples[..<room]), to: &outbox)
            // Nothing will follow that it could be gathered with.
            speech.flush(to: &outbox)
        }
    }

    /// The client cut an item; if it is being spoken now, no more words are told.
    mutating func cut(_ itemID: ItemID) {
        changeSpeech { if $0.location.itemID == itemID { $0.isCut = true } }
    }

    private mutating func openMessage(
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        let itemID = conversation.newItemID(&outbox)
        let location = PartLocation(
            responseID: plan.id,
            itemID: itemID,
            outputIndex: output.count,
            contentIndex: 0
        )
        let empty = ItemContent.message(Message(role: .assistant, parts: []))
        open(empty, id: itemID, in: &conversation, to: &outbox)
        switch plan.configuration.outputModality {
        case .text:
            message = .written(location, text: "")
            outbox.send(.responseContentPartAdded(location, .text("")))
        case .audio:
            message = .spoken(
                SpokenMessage(at: location, configuration: plan.configuration, limits: limits)
            )
            outbox.send(.responseContentPartAdded(location, .audio(transcript: "")))
        }
    }

    /// Ends the message, if there is one, with what it has become.
    mutating func closeMessage(
        _ status: ItemStatus,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        switch message {
        case .written(let location, let text):
            outbox.send(.responseOutputTextDone(location, text: text))
            outbox.send(.responseContentPartDone(location, .text(text)))
            finishItem(location, .outputText(text), status)
            close(location.outputIndex, in: &conversation, to: &outbox)
        case .spoken(let speech):
            close(speech, status, in: &conversation, to: &outbox)
        case nil: break
        }
        message = nil
    }

    private mutating func close(
        _ speech: SpokenMessage<PartLocation>,
        _ status: ItemStatus,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        var speech = speech
        let location = speech.location
        // Of speech that was broken off, the last milliseconds don't matter.
        if speech.isDone { speech.flush(to: &outbox) }
        count(speech)
        let transcript = speech.isCut ? "" : speech.transcript
        outbox.send(.responseOutputAudioDone(location))
        outbox.send(.responseOutputAudioTranscriptDone(location, transcript: transcript))
        outbox.send(.responseContentPartDone(location, .audio(transcript: transcript)))
        let heard = conversation[location.itemID]?.heard
        let shown = speech.isCut ? nil : transcript
        finishItem(location, .outputAudio(audio: nil, transcript: shown), status)
        // Words that the client's limit left no room to speak were heard by nobody.
        let isShort = !speech.isDone && meter.speechRoom == 0
        close(location.outputIndex, in: &conversation, to: &outbox) { entry in
            let heard = entry.heard ?? (isShort ? speech.sampleCount : nil)
            entry.detail = .assistantSpeech(speech.map, heard: heard)
            entry.audioSampleCount = speech.sampleCount
            entry.audio = speech.audio
        }
        if let heard { conversation.truncate(location.itemID, to: heard) }
    }

    private mutating func finishItem(
        _ location: PartLocation,
        _ part: ContentPart,
        _ status: ItemStatus
    ) {
        output[location.outputIndex].status = status
        output[location.outputIndex].content = .message(Message(role: .assistant, parts: [part]))
    }
}
