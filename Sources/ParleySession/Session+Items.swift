internal import ParleyAudio
internal import ParleyRealtime

// What clients do with items: create, retrieve, delete, truncate.

extension Session {
    mutating func createItem(
        _ wish: NewItem,
        at position: ItemPosition,
        for event: EventID?,
        at now: Instant
    ) {
        if let error = placeFault(of: wish, at: position) {
            return outbox.fail(error, for: event)
        }
        switch newEntry(wish, param: "item") {
        case .failure(let error): outbox.fail(error, for: event)
        case .success(let new): insert(new, at: position, at: now)
        }
    }

    private mutating func insert(_ new: NewEntry, at position: ItemPosition, at now: Instant) {
        let id = new.entry.item.id
        startTranscription(of: new)
        conversation.insert(new.entry, at: index(of: position))
        let previous = conversation.predecessor(of: id)
        outbox.send(.conversationItemAdded(item: new.entry.item, previousItemID: previous))
        outbox.send(.conversationItemDone(item: new.entry.item, previousItemID: previous))
        let isShown = showsTranscriptions
        let resolution = finishTranscription(of: new, isShown: isShown, at: now)
        if let resolution { resolve(resolution, at: now) }
        if case .mcpApprovalResponse(let answer) = new.entry.item.content {
            accept(answer, at: now)
        }
    }

    private func index(of position: ItemPosition) -> Int {
        switch position {
        case .end: conversation.entries.count
        case .front: 0
        case .after(let id): conversation.index(of: id).map { $0 + 1 } ?? 0
        }
    }

    private func placeFault(of wish: NewItem, at position: ItemPosition) -> ProtocolError? {
        if let id = wish.id, isTaken(id) {
            return ProtocolError(
                .invalidValue,
                "There is an item '\(id)' already.",
                param: "item.id"
            )
        }
        if case .after(let id) = position, conversation.index(of: id) == nil {
            return ProtocolError(
                .invalidValue,
                "No item \(id.rawValue.quoted) to put the new one after.",
                param: "previous_item_id"
            )
        }
        if let error = callFault(of: wish.content) { return error }
        if case .mcpApprovalResponse(let answer) = wish.content, let error = approvalFault(answer) {
            return error
        }
        guard conversation.hasRoom(for: wish.content) else {
            return ProtocolError(
                .invalidValue,
                "The conversation has no room for it: at most \(birth.limits.itemCount) items of "
                    + "\(birth.limits.conversationTextByteCount) bytes in all, "
                    + "\(Limits.partByteCount) more for each part, and images of "
                    + "\(birth.limits.conversationImageByteCount).",
                param: "item"
            )
        }
        return nil
    }

    /// A call is one item; an output needs its call, and a later one replaces it for the model.
    private func callFault(of content: ItemContent) -> ProtocolError? {
        if case .functionCallOutput(let callID, _) = content, !conversation.hasCall(callID) {
            return .noCall(callID, param: "item.call_id")
        }
        if let callID = content.functionCallID, conversation.hasCall(callID) {
            return ProtocolError(
                .invalidValue,
                "There is a function call '\(callID)' already.",
                param: "item.call_id"
            )
        }
        return nil
    }

    /// Whether an id is an item's, or will be, or was until its text comes.
    private func isTaken(_ id: ItemID) -> Bool {
        conversation.index(of: id) != nil || input.reserves(id) || transcriptions.isOpen(id)
    }

    mutating func retrieveItem(_ id: ItemID, for event: EventID?) {
        guard let entry = conversation[id] else {
            outbox.fail(.noItem(id, .retrieveOfUnknownItem), for: event)
            return
        }
        var item = entry.item
        if let content = responses.content(of: id) { item.content = content }
        item.content.show(entry.audio, configuration)
        outbox.send(.conversationItemRetrieved(item: item))
    }

    mutating func deleteItem(_ id: ItemID, for event: EventID?) {
        guard let index = conversation.index(of: id) else {
            outbox.fail(.noItem(id, .deleteOfUnknownItem), for: event)
            return
        }
        guard conversation.entries[index].item.status != .inProgress else {
            let hint =
                toolCalls[id] == nil ? "cancel its response first" : "its call has no result yet"
            let error = ProtocolError(
                .invalidValue,
                "The item '\(id)' is still being generated; \(hint).",
                param: "item_id"
            )
            outbox.fail(error, for: event)
            return
        }
        conversation.forgetSummary(of: id)
        conversation.remove(at: index)
        dropTranscription(of: id)
        outbox.send(.conversationItemDeleted(itemID: id))
    }

    /// Clients hear no more of an item that is gone.
    mutating func dropTranscription(of id: ItemID) {
        // A response that was created before still gets the text.
        if responses.awaits(id) {
            transcriptions.hide(id)
        } else {
            transcriptions.cancel(id, to: &outbox)
        }
    }
}

// MARK: - Truncation

extension Session {
    mutating func truncateItem(
        _ id: ItemID,
        contentIndex: Int,
        audioEnd: Duration,
        for event: EventID?
    ) {
        switch truncation(of: id, contentIndex: contentIndex, audioEnd: audioEnd) {
        case .failure(let error): outbox.fail(error, for: event)
        case .success(let end):
            conversation.truncate(id, to: end)
            responses.cut(id)
            outbox.send(
                .conversationItemTruncated(
                    itemID: id,
                    contentIndex: contentIndex,
                    audioEnd: min(audioEnd, Duration(samples: end))
                )
            )
        }
    }

    /// The sample to cut at.
    ///
    /// Clients take the heard time from a wall clock and point a little too far: that is clamped in
    /// silence.
    private func truncation(
        of id: ItemID,
        contentIndex: Int,
        audioEnd: Duration
    ) -> Result<Int, ProtocolError> {
        guard let entry = conversation[id] else {
            return .failure(.noItem(id, .truncateOfUnknownItem))
        }
        let speech = responses.speech(of: id)
        guard let spoken = speech?.sampleCount ?? entry.spoken.map({ _ in entry.audioSampleCount })
        else {
            return .failure(
                ProtocolError(
                    .unsupportedContentType,
                    "Only audio that the model spoke can be truncated."
                )
            )
        }
        guard contentIndex == 0 else {
            return .failure(
                ProtocolError(
                    .invalidValue,
                    "The item has one content part; content_index must be 0.",
                    param: "content_index"
                )
            )
        }
        guard audioEnd <= Duration(samples: spoken) + birth.limits.truncationOvershoot else {
            return .failure(
                ProtocolError(
                    .invalidValue,
                    "audio_end_ms is \(audioEnd.wholeMilliseconds), but only "
                        + "\(Duration(samples: spoken).wholeMilliseconds) ms were spoken.",
                    param: "audio_end_ms"
                )
            )
        }
        // What was cut before stays cut.
        return .success(min(audioEnd.sampleCount, entry.heard ?? spoken, spoken))
    }
}

extension InputAudio {
    /// Whether an id was announced for an item that is to come.
    func reserves(_ id: ItemID) -> Bool {
        segment?.itemID == id || announced?.itemID == id
    }
}

extension ItemContent {
    /// Adds audio bytes, in the session's formats; nothing where it is gone.
    fileprivate mutating func show(_ samples: [Int16], _ configuration: SessionConfiguration) {
        guard !samples.isEmpty, case .message(var message) = self else { return }
        message.parts = message.parts.map { part in
            switch part {
            case .inputAudio(_, let transcript):
                .inputAudio(
                    audio: configuration.input.format.bytes(of: samples),
                    transcript: transcript
                )
            case .outputAudio(_, let transcript):
                .outputAudio(
                    audio: configuration.output.format.bytes(of: samples),
                    transcript: transcript
                )
            case .inputText, .inputImage, .outputText: part
            }
        }
        self = .message(message)
    }
}

extension AudioFormat {
    fileprivate func bytes(of samples: [Int16]) -> [UInt8] {
        var encoder = AudioEncoder(self)
        return encoder.encode(samples) + encoder.finish()
    }
}

extension ProtocolError {
    static func noCall(_ callID: FunctionCallID, param: String) -> Self {
        Self(
            .invalidToolCallID,
            "No function call has the call_id \(callID.rawValue.quoted).",
            param: param
        )
    }

    fileprivate static func noItem(_ id: ItemID, _ code: Code) -> Self {
        Self(
            code,
            "There is no item \(id.rawValue.quoted) in the conversation.",
            param: "item_id"
        )
    }
}
