package import ParleyJSON
package import ParleyRealtime

extension ClientEvent {
    /// The message with which a client of a dialect says this; what the event decoder reads back.
    package func json(in dialect: Dialect) -> JSON {
        var message: JSONObject = ["type": .string(body.type(in: dialect))]
        message["event_id"] = id.map { .string($0.rawValue) }
        body.write(to: &message, in: dialect)
        return .object(message)
    }
}

extension ClientEvent.Body {
    fileprivate func type(in dialect: Dialect) -> String {
        switch self {
        case .sessionUpdate(let update) where dialect.isBeta && update.kind == .transcription:
            "transcription_session.update"
        case .sessionUpdate: "session.update"
        case .inputAudioBufferAppend: "input_audio_buffer.append"
        case .inputAudioBufferCommit: "input_audio_buffer.commit"
        case .inputAudioBufferClear: "input_audio_buffer.clear"
        case .conversationItemCreate: "conversation.item.create"
        case .conversationItemRetrieve: "conversation.item.retrieve"
        case .conversationItemDelete: "conversation.item.delete"
        case .conversationItemTruncate: "conversation.item.truncate"
        case .responseCreate: "response.create"
        case .responseCancel: "response.cancel"
        case .outputAudioBufferClear: "output_audio_buffer.clear"
        case .testTone: "test_tone"
        case .sessionInputAudioBufferAppend: "session.input_audio_buffer.append"
        case .sessionClose: "session.close"
        }
    }

    fileprivate func write(to message: inout JSONObject, in dialect: Dialect) {
        switch self {
        case .sessionUpdate(let update): message["session"] = update.json(in: dialect)
        case .inputAudioBufferAppend(let audio), .sessionInputAudioBufferAppend(let audio):
            message["audio"] = .string(String(decoding: Base64.encode(audio), as: UTF8.self))
        case .inputAudioBufferCommit, .inputAudioBufferClear, .outputAudioBufferClear, .testTone,
            .sessionClose:
            break
        case .conversationItemCreate(let item, let position):
            message["previous_item_id"] = position.json
            message["item"] = item.json(in: dialect)
        case .conversationItemRetrieve(let id), .conversationItemDelete(let id):
            message["item_id"] = .string(id.rawValue)
        case .conversationItemTruncate(let id, let index, let end):
            message["item_id"] = .string(id.rawValue)
            message["content_index"] = .integer(index)
            message["audio_end_ms"] = .integer(end.milliseconds)
        case .responseCreate(let options):
            guard options != ResponseOptions() else { return }
            message["response"] = options.json(in: dialect)
        case .responseCancel(let id): message["response_id"] = id.map { .string($0.rawValue) }
        }
    }
}

extension ItemPosition {
    fileprivate var json: JSON? {
        switch self {
        case .end: nil
        case .front: "root"
        case .after(let id): .string(id.rawValue)
        }
    }
}

extension NewItem {
    /// What servers write of it, less what is theirs to choose.
    func json(in dialect: Dialect) -> JSON {
        let item = Item(id: id ?? "", content: content)
        let event = ServerEvent(id: "", .conversationItemRetrieved(item: item))
        let message = EventEncoder(dialect: dialect).encode(event).flatMap { try? JSON.parse($0) }
        var object = message?["item"]?.object ?? [:]
        if id == nil { object["id"] = nil }
        object["status"] = nil
        object["object"] = nil
        return .object(object.withoutNulls)
    }
}

extension JSONObject {
    /// Beta's server writes every member that an item could have; a client sends its own.
    fileprivate var withoutNulls: JSONObject {
        JSONObject(
            members.filter { !$0.value.isNull }.map { member in
                let parts = member.value.array?.map { part in
                    part.object.map { .object($0.withoutNulls) } ?? part
                }
                return (member.key, parts.map(JSON.array) ?? member.value)
            }
        )
    }
}

extension Duration {
    var milliseconds: Int { Int(self / .milliseconds(1)) }
}
