internal import ParleyJSON

/// The `type` of each client event that a session knows.
enum ClientEventType: String, CaseIterable {
    case sessionUpdate = "session.update"
    case inputAudioBufferAppend = "input_audio_buffer.append"
    case inputAudioBufferCommit = "input_audio_buffer.commit"
    case inputAudioBufferClear = "input_audio_buffer.clear"
    case conversationItemCreate = "conversation.item.create"
    case conversationItemRetrieve = "conversation.item.retrieve"
    case conversationItemDelete = "conversation.item.delete"
    case conversationItemTruncate = "conversation.item.truncate"
    case responseCreate = "response.create"
    case responseCancel = "response.cancel"
    case outputAudioBufferClear = "output_audio_buffer.clear"
    /// Beta only: GA has ``sessionUpdate`` with a type.
    case transcriptionSessionUpdate = "transcription_session.update"
    /// LocalAI's: taken where the server is lenient, so that its clients get no error.
    case testTone = "test_tone"
    case sessionInputAudioBufferAppend = "session.input_audio_buffer.append"
    case sessionClose = "session.close"
}

extension EventDecoder {
    private var sessions: SessionDecoder {
        SessionDecoder(dialect: dialect, refusesUnknownMembers: refusesUnknownMembers)
    }

    private var items: ItemDecoder {
        ItemDecoder(dialect: dialect, isStrict: refusesUnknownMembers)
    }

    func body(_ event: JSONReader) throws(JSONReadError) -> ClientEvent.Body {
        let type = try type(event["type"])
        let body = try body(event, type)
        if refusesUnknownMembers {
            try event.refuseMembers(otherThan: ["type", "event_id"] + Self.members(of: type))
        }
        return body
    }

    private func body(
        _ event: JSONReader,
        _ type: ClientEventType
    ) throws(JSONReadError) -> ClientEvent.Body {
        switch type {
        case .sessionUpdate:
            .sessionUpdate(try update(event["session"], of: listedKind))
        case .transcriptionSessionUpdate:
            .sessionUpdate(try update(event["session"], of: .transcription))
        case .inputAudioBufferAppend: .inputAudioBufferAppend(audio: try event["audio"].audio())
        case .inputAudioBufferCommit: .inputAudioBufferCommit
        case .inputAudioBufferClear: .inputAudioBufferClear
        case .conversationItemCreate:
            .conversationItemCreate(
                item: try items.item(event["item"]),
                position: try position(event["previous_item_id"])
            )
        case .conversationItemRetrieve:
            .conversationItemRetrieve(itemID: try event["item_id"].reference())
        case .conversationItemDelete:
            .conversationItemDelete(itemID: try event["item_id"].reference())
        case .conversationItemTruncate: try truncation(event)
        case .responseCreate:
            .responseCreate(
                try ResponseOptionsDecoder(dialect: dialect, isStrict: refusesUnknownMembers)
                    .options(event["response"])
            )
        case .responseCancel:
            .responseCancel(responseID: try event["response_id"].present?.reference())
        case .outputAudioBufferClear: .outputAudioBufferClear
        case .testTone: .testTone
        case .sessionInputAudioBufferAppend:
            .sessionInputAudioBufferAppend(audio: try event["audio"].audio())
        case .sessionClose: .sessionClose
        }
    }

    private func type(_ reader: JSONReader) throws(JSONReadError) -> ClientEventType {
        let known = ClientEventType.allCases.filter(isKnown)
        let name = try reader.string()
        guard let type = known.first(where: { $0.rawValue == name }) else {
            let list = known.filter(isUseful).map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw reader.unexpected(
                expected: "an event of a \(kind.rawValue) session, one of \(list)"
            )
        }
        return type
    }

    /// The kind that the events are named after: those of transcriptions are those of
    /// conversations.
    private var listedKind: SessionKind {
        switch kind {
        case .realtime, .transcription: .realtime
        case .translation: .translation
        }
    }

    private func isKnown(_ type: ClientEventType) -> Bool {
        switch type {
        case .sessionUpdate: true
        case .sessionInputAudioBufferAppend, .sessionClose: kind == .translation
        case .testTone: kind != .translation && !refusesUnknownMembers
        case .transcriptionSessionUpdate: kind != .translation && dialect == .beta
        case .inputAudioBufferAppend, .inputAudioBufferCommit, .inputAudioBufferClear,
            .conversationItemCreate, .conversationItemRetrieve, .conversationItemDelete,
            .conversationItemTruncate, .responseCreate, .responseCancel, .outputAudioBufferClear:
            kind != .translation
        }
    }

    /// Whether a session of this kind has a use for an event that it knows: what it would refuse is
    /// not recommended, nor what needs a connection that plays.
    private func isUseful(_ type: ClientEventType) -> Bool {
        switch type {
        case .testTone, .outputAudioBufferClear: false
        case .sessionUpdate: kind != .transcription || dialect != .beta
        case .transcriptionSessionUpdate: kind == .transcription
        case .conversationItemTruncate, .responseCreate, .responseCancel: kind == .realtime
        case .inputAudioBufferAppend, .inputAudioBufferCommit, .inputAudioBufferClear,
            .conversationItemCreate, .conversationItemRetrieve, .conversationItemDelete,
            .sessionInputAudioBufferAppend, .sessionClose:
            true
        }
    }

    /// In beta the event says which kind of session it updates; in GA the session itself may, and
    /// in a translation session nothing need.
    private func update(
        _ session: JSONReader,
        of kind: SessionKind
    ) throws(JSONReadError) -> SessionUpdate {
        guard kind != .translation else { return try sessions.update(session, of: kind) }
        var update = try sessions.update(session, of: dialect == .beta ? kind : nil)
        if dialect == .beta { update.kind = kind }
        return update
    }

    private func position(_ reader: JSONReader) throws(JSONReadError) -> ItemPosition {
        guard let reader = reader.present else { return .end }
        let id = try reader.reference(ItemID.self)
        return id == "root" ? .front : .after(id)
    }

    private func truncation(_ event: JSONReader) throws(JSONReadError) -> ClientEvent.Body {
        .conversationItemTruncate(
            itemID: try event["item_id"].reference(),
            contentIndex: try event["content_index"].integer(in: 0 ... .max),
            audioEnd: try event["audio_end_ms"].milliseconds(in: 0...WireLimit.positionMilliseconds)
        )
    }

    /// Members besides `type` and `event_id`.
    private static func members(of type: ClientEventType) -> [String] {
        switch type {
        case .sessionUpdate, .transcriptionSessionUpdate: ["session"]
        case .inputAudioBufferAppend, .sessionInputAudioBufferAppend: ["audio"]
        case .inputAudioBufferCommit, .inputAudioBufferClear, .outputAudioBufferClear, .testTone,
            .sessionClose:
            []
        case .conversationItemCreate: ["item", "previous_item_id"]
        case .conversationItemRetrieve, .conversationItemDelete: ["item_id"]
        case .conversationItemTruncate: ["item_id", "content_index", "audio_end_ms"]
        case .responseCreate: ["response"]
        case .responseCancel: ["response_id"]
        }
    }
}
