internal import ParleyRealtime

/// What a session promises about items: the order that events tell is the order there is.
struct ConversationPromises: Sendable {
    private var items: [ItemID] = []
    private var inProgress: Set<ItemID> = []
    private var finished: Set<ItemID> = []
    private var transcribed: Set<ItemID> = []
    /// Told by `speech_started` of a transcription session, whose text comes before its item.
    private var announced: ItemID?
    private var kind = SessionKind.realtime
    private var calls: Set<ItemID> = []

    mutating func take(_ event: ServerEvent.Body) -> [String] {
        switch event {
        case .sessionCreated(let session):
            kind = session.configuration.kind
            return []
        case .inputAudioBufferSpeechStarted(_, let id):
            announced = kind == .transcription ? id : nil
            return []
        case .inputAudioBufferCleared:
            announced = nil
            return []
        case .responseCreated:
            return kind == .realtime ? [] : ["a transcription session answers nothing"]
        case .conversationItemAdded(let item, let previous): return add(item, after: previous)
        case .conversationItemDone(let item, let previous): return finish(item, after: previous)
        case .conversationItemDeleted(let id):
            guard let index = items.lastIndex(of: id) else {
                return ["only what is there is deleted: \(id)"]
            }
            items.remove(at: index)
            finished.remove(id)
            transcribed.remove(id)
            return inProgress.contains(id) ? ["nothing in progress is deleted"] : []
        case .conversationItemTruncated(let id, _, _):
            return items.contains(id) ? [] : ["only what is there is truncated"]
        case .conversationItemInputAudioTranscriptionDelta(let id, _, let delta, _):
            guard items.contains(id) || announced == id, !transcribed.contains(id) else {
                return ["transcription follows its item, deltas come before the end"]
            }
            return delta.isEmpty ? ["deltas are not empty"] : []
        case .conversationItemInputAudioTranscriptionSegment(let id, _):
            guard items.contains(id), !transcribed.contains(id) else {
                return ["segments follow their item, and come before the end"]
            }
            return kind == .transcription ? [] : ["only transcription sessions have segments"]
        case .conversationItemInputAudioTranscriptionCompleted(let id, _, _, _, _),
            .conversationItemInputAudioTranscriptionFailed(let id, _, _):
            guard items.contains(id) else { return ["transcription follows its item"] }
            return transcribed.insert(id).inserted ? [] : ["one end for each transcription"]
        case .responseDone(let response):
            guard response.conversationID != nil else { return [] }
            // Calls of MCP tools outlive their responses.
            return inProgress.isSubset(of: calls) ? [] : ["every conversation item has its done"]
        default: return []
        }
    }

    private mutating func add(_ item: Item, after previous: ItemID?) -> [String] {
        guard !items.contains(item.id) else { return ["item ids are unique: \(item.id)"] }
        inProgress.insert(item.id)
        if case .mcpCall = item.content { calls.insert(item.id) }
        guard let previous else {
            items.insert(item.id, at: 0)
            return []
        }
        guard let index = items.lastIndex(of: previous) else {
            return ["the item before \(item.id) is real"]
        }
        items.insert(item.id, at: index + 1)
        return []
    }

    private mutating func finish(_ item: Item, after previous: ItemID?) -> [String] {
        guard inProgress.remove(item.id) != nil, finished.insert(item.id).inserted,
            let index = items.lastIndex(of: item.id)
        else { return ["one done for each added item: \(item.id)"] }
        let before = index > 0 ? items[index - 1] : nil
        return before == previous
            ? [] : ["the item before \(item.id) is \(String(describing: before))"]
    }
}
