internal import ParleyAudio
internal import ParleyRealtime

// Items that a client makes.

extension Session {
    /// An item that was checked and is not in the conversation yet.
    struct NewEntry: Sendable {
        var entry: Conversation.Entry
        /// The content part that holds speech without text.
        var speechIndex: Int?
        /// That speech, for the recogniser.
        var speech = AudioFrame(samples: [])
    }

    /// Checks an item, and decodes its speech.
    ///
    /// - Parameters:
    ///   - wish: What the client sent.
    ///   - param: Path of the item, for errors.
    /// - Returns: The item with an id, or what is wrong with it.
    mutating func newEntry(
        _ wish: NewItem,
        param: String
    ) -> Result<NewEntry, ProtocolError> {
        if let error = wish.content.fault(param: param) ?? imageFault(in: wish, param: param)
            ?? speechFault(in: wish, param: param)
        {
            return .failure(error)
        }
        let id = wish.id ?? conversation.newItemID(&outbox)
        var new = NewEntry(entry: Conversation.Entry(Item(id: id, content: wish.content)))
        if case .message(let message) = wish.content { takeSpeech(of: message, into: &new) }
        if case .functionCall(var call) = wish.content, call.callID == .unassigned {
            call.callID = conversation.newCallID(&outbox)
            new.entry.item.content = .functionCall(call)
        }
        return .success(new)
    }

    /// Says why an image can't be shown; nil when all can.
    private func imageFault(in wish: NewItem, param: String) -> ProtocolError? {
        guard case .message(let message) = wish.content else { return nil }
        for (index, part) in message.parts.enumerated() {
            guard case .inputImage = part else { continue }
            let path = "\(param).content[\(index)]"
            guard birth.seesImages else {
                return ProtocolError(
                    .invalidValue,
                    "The language model of this session can't see images.",
                    param: "\(path).type"
                )
            }
            guard part.imageByteCount <= birth.limits.imageByteCount else {
                return ProtocolError(
                    .stringAboveMaximumLength,
                    "An image may have \(birth.limits.imageByteCount) bytes, found more.",
                    param: "\(path).image_url"
                )
            }
        }
        return nil
    }

    /// Says why speech can't be taken; nil when it can.
    private func speechFault(in wish: NewItem, param: String) -> ProtocolError? {
        guard case .message(let message) = wish.content,
            let index = message.parts.firstIndex(where: { $0.speechByteCount > 0 })
        else { return nil }
        let duration = configuration.input.format.duration(
            ofBytes: message.parts[index].speechByteCount
        )
        let waiting = transcriptions.awaitedAudio
        guard duration + waiting > birth.limits.itemSpeechDuration else { return nil }
        return ProtocolError(
            .invalidValue,
            "The audio is \(duration.begunSeconds) s long, and \(waiting.begunSeconds) s wait for "
                + "their text: expected at most \(birth.limits.itemSpeechDuration.begunSeconds) s "
                + "in all.",
            param: "\(param).content[\(index)].audio"
        )
    }

    /// Speech with a transcript needs no recogniser.
    private func takeSpeech(of message: Message, into new: inout NewEntry) {
        var shown = message
        for (index, part) in message.parts.enumerated() {
            guard case .inputAudio(let audio, let transcript) = part else { continue }
            let speech = decode(audio ?? [])
            let count = speech.sampleCount(at: AudioFormat.sessionSampleRate)
            shown.parts[index] = .inputAudio(audio: nil, transcript: transcript)
            if count <= birth.limits.keptAudioSampleCount { new.entry.audio = speech.samples }
            new.entry.audioSampleCount = count
            new.entry.detail = .userSpeech(transcript.map { .known($0) } ?? .awaited)
            guard transcript == nil else { continue }
            new.speechIndex = index
            new.speech = speech
        }
        new.entry.item.content = .message(shown)
    }

    /// At the session's rate, or at its own where it is too long to be kept: changing the rate of
    /// minutes of speech would take too long in one turn.
    private func decode(_ speech: [UInt8]) -> AudioFrame {
        let format = configuration.input.format
        let kept = Duration(samples: birth.limits.keptAudioSampleCount)
        let isKept = format.duration(ofBytes: speech.count) <= kept
        let rate = isKept ? AudioFormat.sessionSampleRate : format.sampleRate
        var decoder = AudioDecoder(format, to: rate)
        return AudioFrame(samples: decoder.decode(speech) + decoder.finish(), sampleRate: rate)
    }

    /// Opens a recogniser for an item's speech, if it needs one.
    mutating func startTranscription(of new: NewEntry) {
        guard new.speechIndex != nil else { return }
        let id = new.entry.item.id
        transcriptions.start(id, transcriptionRequest, to: &outbox)
        transcriptions.feed(id, new.speech.samples, at: new.speech.sampleRate, to: &outbox)
    }

    /// All of an item's speech was given.
    ///
    /// - Returns: What was understood, if that is certain already.
    mutating func finishTranscription(
        of new: NewEntry,
        isShown: Bool,
        at now: Instant
    ) -> TranscriptionTracker.Resolution? {
        guard let index = new.speechIndex else { return nil }
        return transcriptions.finish(
            new.entry.item.id,
            audio: Duration(samples: new.entry.audioSampleCount),
            contentIndex: index,
            isShown: isShown,
            at: now,
            to: &outbox
        )
    }
}

extension Duration {
    /// Whole seconds, the last one begun: what is a little too long is told as longer.
    fileprivate var begunSeconds: Int64 {
        components.seconds + (components.attoseconds > 0 ? 1 : 0)
    }
}

extension ItemContent {
    /// Says what can't be created; nil when all can.
    ///
    /// - Source: Realtime protocol, `conversation.item.create`, "Validation".
    fileprivate func fault(param: String) -> ProtocolError? {
        if case .message(let message) = self { message.fault(param: param) } else { nil }
    }
}

extension Message {
    fileprivate func fault(param: String) -> ProtocolError? {
        var speechCount = 0
        for (index, part) in parts.enumerated() {
            let path = "\(param).content[\(index)]"
            if let error = part.fault(for: role, param: path) { return error }
            guard case .inputAudio = part else { continue }
            speechCount += 1
            guard speechCount == 1 else {
                return ProtocolError(
                    .invalidValue,
                    "An item can hold one 'input_audio' part, found more.",
                    param: path
                )
            }
        }
        return nil
    }
}

extension ContentPart {
    fileprivate func fault(for role: Role, param: String) -> ProtocolError? {
        switch (role, self) {
        case (.system, .inputText), (.user, .inputText), (.assistant, .outputText): return nil
        case (.assistant, .outputAudio(audio: nil, transcript: .some)): return nil
        case (.user, .inputAudio(let audio, let transcript)):
            guard audio?.isEmpty == false || transcript != nil else {
                return ProtocolError(
                    .invalidValue,
                    "The audio is empty.",
                    param: "\(param).audio"
                )
            }
            return nil
        // Judged by the session, which knows whether its model sees.
        case (.user, .inputImage): return nil
        case (.assistant, .outputAudio):
            return ProtocolError(
                .invalidValue,
                "Assistant audio can't be created; use 'output_text'.",
                param: "\(param).type"
            )
        case (.system, _), (.user, _), (.assistant, _):
            return ProtocolError(
                .invalidValue,
                "A \(role.rawValue) message can't hold '\(typeName)'.",
                param: "\(param).type"
            )
        }
    }

    /// Bytes of speech that a client gave.
    var speechByteCount: Int {
        if case .inputAudio(let audio, _) = self { audio?.count ?? 0 } else { 0 }
    }

    fileprivate var typeName: String {
        switch self {
        case .inputText: "input_text"
        case .inputAudio: "input_audio"
        case .inputImage: "input_image"
        case .outputText: "output_text"
        case .outputAudio: "output_audio"
        }
    }
}

extension AudioFrame {
    /// How many samples it has at another rate.
    fileprivate func sampleCount(at rate: Int) -> Int {
        (samples.count * rate + sampleRate - 1) / sampleRate
    }
}
