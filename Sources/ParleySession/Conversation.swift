internal import ParleyJSON
internal import ParleyRealtime

/// The ordered items of a session, with what the wire does not show of them.
struct Conversation: Sendable {
    /// What was understood of a user's speech.
    enum SpeechText: Sendable, Equatable {
        /// Nobody asked for the text: no recogniser has heard it.
        case unheard
        /// The recogniser has not answered.
        case awaited
        case known(String)
        case failed(Session.EngineFailure)
        /// Nobody spoke: the idle timeout made the item.
        case silence
    }

    /// What the wire does not show of an item, by what the item is.
    enum Detail: Sendable {
        /// Nothing: the item says it all.
        case none
        /// The user's speech, and its text.
        case userSpeech(SpeechText)
        /// Assistant speech, and which of its text was spoken when, nil while it still is; and how
        /// many samples of it were heard, nil while nobody cut it.
        case assistantSpeech(SpeechTextMap?, heard: Int?)
        /// A call of an MCP tool, and by which name the model knows that.
        case toolCall(name: String)
    }

    /// One item and what belongs to it.
    struct Entry: Sendable {
        /// As events show it, without audio bytes.
        var item: Item
        var detail = Detail.none
        /// User speech or assistant speech, in samples; counted also when the samples are gone.
        var audioSampleCount = 0
        /// Samples for `conversation.item.retrieve`; empty once evicted.
        var audio: [Int16] = []
        /// The model is not handed it any more, for want of room.
        var isLeftOut = false

        init(_ item: Item) {
            self.item = item
        }

        /// What was understood of the user's speech; nil for items that are none.
        var speechText: SpeechText? {
            if case .userSpeech(let text) = detail { text } else { nil }
        }

        /// Which text of assistant speech was spoken when.
        var spoken: SpeechTextMap? {
            if case .assistantSpeech(let map, _) = detail { map } else { nil }
        }

        /// Samples of assistant speech that were heard; nil while nobody cut it.
        var heard: Int? {
            if case .assistantSpeech(_, let heard) = detail { heard } else { nil }
        }

        /// By which the model knows the MCP tool that was called.
        var toolName: String? {
            if case .toolCall(let name) = detail { name } else { nil }
        }
    }

    /// What is told of items that are left out.
    struct Summary: Sendable, Equatable {
        var text: String
        var items: Set<ItemID>
    }

    let id: ConversationID
    let limits: Limits
    private(set) var summary: Summary?
    private(set) var entries: [Entry] = []
    /// Items that had to leave, and whose transcriptions nobody should hear of any more.
    private var forgotten: [ItemID] = []
    private var textByteCount = 0
    private var imageCost = 0
    private var keptAudio = 0

    init(id: ConversationID, limits: Limits) {
        self.id = id
        self.limits = limits
    }

    var lastID: ItemID? { entries.last?.item.id }

    /// Speech that no recogniser has heard, the newest first.
    var unheard: [ItemID] {
        entries.reversed().compactMap { $0.speechText == .unheard ? $0.item.id : nil }
    }

    /// An id that no item has; client-chosen ids may look like ours.
    func newItemID(_ outbox: inout Outbox, prefix: String = ItemID.prefix) -> ItemID {
        var id = outbox.ids.nextItem(prefix: prefix)
        while index(of: id) != nil { id = outbox.ids.nextItem(prefix: prefix) }
        return id
    }

    /// An id that no function call has.
    func newCallID(_ outbox: inout Outbox) -> FunctionCallID {
        var id: FunctionCallID = outbox.ids.next()
        while hasCall(id) { id = outbox.ids.next() }
        return id
    }

    /// Where an item stands; the newest are asked for most.
    func index(of id: ItemID) -> Int? {
        entries.lastIndex { $0.item.id == id }
    }

    subscript(id: ItemID) -> Entry? {
        index(of: id).map { entries[$0] }
    }

    /// The item before this one.
    func predecessor(of id: ItemID) -> ItemID? {
        guard let index = index(of: id), index > 0 else { return nil }
        return entries[index - 1].item.id
    }

    /// Whether the call that this id ties to is in the conversation.
    func hasCall(_ callID: FunctionCallID) -> Bool {
        entries.contains { $0.item.content.functionCallID == callID }
    }

    /// Whether a client may add an item of this size.
    func hasRoom(for content: ItemContent) -> Bool {
        entries.count < limits.itemCount
            && textByteCount + content.textByteCount <= limits.conversationTextByteCount
            && imageCost + content.imageCost <= limits.conversationImageByteCount
    }
}

// MARK: - What the model is handed

extension Conversation {
    /// The model is not handed these any more.
    mutating func leaveOut(_ ids: [ItemID]) {
        for id in ids { index(of: id).map { entries[$0].isLeftOut = true } }
    }

    /// The model is told this in place of items, and of those of the summary before.
    mutating func summarize(_ ids: [ItemID], as text: String, after previous: String?) {
        // Who deletes an item wants it forgotten, and the text may tell of it.
        guard summary?.text == previous, ids.allSatisfy({ index(of: $0) != nil }) else { return }
        leaveOut(ids)
        summary = Summary(text: text, items: (summary?.items ?? []).union(ids))
    }

    /// All is handed over again, but for what a summary tells.
    mutating func takeBack() {
        for index in entries.indices {
            entries[index].isLeftOut = summary?.items.contains(entries[index].item.id) ?? false
        }
    }

    /// A summary that tells of this item is no more; the others that it told of are handed over
    /// again.
    mutating func forgetSummary(of id: ItemID) {
        guard let items = summary?.items, items.contains(id) else { return }
        summary = nil
        for item in items { index(of: item).map { entries[$0].isLeftOut = false } }
    }
}

// MARK: - Changes

extension Conversation {
    /// Adds an item at the end.
    ///
    /// What the server itself adds always has room: the oldest items that are done leave for it.
    mutating func append(_ entry: Entry, to outbox: inout Outbox) {
        insert(entry, at: entries.count)
        while entries.count > limits.itemCount || textByteCount > limits.conversationTextByteCount,
            let oldest = entries.firstIndex(where: { $0.item.status != .inProgress }),
            oldest < entries.count - 1
        {
            let id = entries[oldest].item.id
            remove(at: oldest)
            forgotten.append(id)
            outbox.send(.conversationItemDeleted(itemID: id))
        }
    }

    /// The items that left since the last time.
    mutating func takeForgotten() -> [ItemID] {
        let taken = forgotten
        forgotten = []
        return taken
    }

    /// Adds an item where a client wants it.
    mutating func insert(_ entry: Entry, at index: Int) {
        entries.insert(entry, at: index)
        account(for: entries[index], adding: true)
        evictAudio()
    }

    mutating func remove(at index: Int) {
        account(for: entries[index], adding: false)
        entries.remove(at: index)
    }

    /// Changes an item that may be gone by now.
    mutating func update(_ id: ItemID, _ change: (inout Entry) -> Void) {
        guard let index = index(of: id) else { return }
        account(for: entries[index], adding: false)
        change(&entries[index])
        account(for: entries[index], adding: true)
        evictAudio()
    }

    /// Counts what an entry costs to keep, or counts it no more.
    private mutating func account(for entry: Entry, adding: Bool) {
        let sign = adding ? 1 : -1
        textByteCount += sign * entry.item.content.textByteCount
        imageCost += sign * entry.item.content.imageCost
        keptAudio += sign * entry.audio.count
    }

    /// Drops the oldest audio beyond the bound.
    private mutating func evictAudio() {
        guard keptAudio > limits.keptAudioSampleCount else { return }
        for index in entries.indices where !entries[index].audio.isEmpty {
            // Speech that nobody has heard yet is all there is of the newest turn.
            if index == entries.indices.last, entries[index].speechText == .unheard { return }
            keptAudio -= entries[index].audio.count
            entries[index].audio = []
            if keptAudio <= limits.keptAudioSampleCount { return }
        }
    }

    /// Keeps what was understood of an item.
    mutating func resolve(_ resolution: TranscriptionTracker.Resolution) {
        update(resolution.itemID) { entry in
            guard entry.speechText == .awaited else { return }
            switch resolution.outcome {
            case .text(let text, _):
                entry.detail = .userSpeech(.known(text))
                if resolution.isShown { entry.item.content.setTranscript(text) }
            case .failed(let failure):
                entry.detail = .userSpeech(.failed(failure))
            }
        }
    }

    /// Cuts assistant speech at what was heard.
    ///
    /// No transcript is shown from then on.
    mutating func truncate(_ id: ItemID, to sampleCount: Int) {
        update(id) { entry in
            let heard = min(entry.heard ?? sampleCount, sampleCount)
            entry.detail = .assistantSpeech(entry.spoken, heard: heard)
            entry.audio = Array(entry.audio.prefix(sampleCount))
            entry.item.content.removeTranscript()
        }
    }
}

extension ItemContent {
    /// Bytes of text: what an item costs to keep.
    var textByteCount: Int {
        switch self {
        case .message(let message):
            message.parts.reduce(0) { $0 + Limits.partByteCount + $1.textByteCount }
        case .functionCall(let call): call.name.utf8.count + call.arguments.utf8.count
        case .functionCallOutput(_, let output): output.utf8.count
        case .mcpListTools(let list):
            list.tools.reduce(list.serverLabel.utf8.count) { $0 + $1.serialized().count }
        case .mcpCall(let call):
            [
                call.serverLabel, call.name, call.arguments, call.approvalRequestID?.rawValue,
                call.output, call.error?.message,
            ].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
        case .mcpApprovalRequest(let request):
            [request.serverLabel, request.name, request.arguments]
                .reduce(0) { $0 + $1.utf8.count }
        case .mcpApprovalResponse(let answer): answer.reason?.utf8.count ?? 0
        }
    }

    /// What its images cost to keep, or to fetch again, in bytes.
    var imageCost: Int {
        guard case .message(let message) = self else { return 0 }
        return message.parts.reduce(0) { $0 + $1.imageCost }
    }

    /// Bytes of speech that a client gave.
    var speechByteCount: Int {
        guard case .message(let message) = self else { return 0 }
        return message.parts.reduce(0) { $0 + $1.speechByteCount }
    }

    /// What a function call is known by; nil for other items.
    var functionCallID: FunctionCallID? {
        if case .functionCall(let call) = self { call.callID } else { nil }
    }

    /// The transcript of the item's speech becomes this text.
    mutating func setTranscript(_ transcript: String) {
        guard case .message(var message) = self else { return }
        for index in message.parts.indices {
            guard case .inputAudio(let audio, _) = message.parts[index] else { continue }
            message.parts[index] = .inputAudio(audio: audio, transcript: transcript)
        }
        self = .message(message)
    }

    /// The item's speech has no transcript any more.
    mutating func removeTranscript() {
        guard case .message(var message) = self else { return }
        for index in message.parts.indices {
            guard case .outputAudio(let audio, _) = message.parts[index] else { continue }
            message.parts[index] = .outputAudio(audio: audio, transcript: nil)
        }
        self = .message(message)
    }
}

extension ContentPart {
    fileprivate var textByteCount: Int {
        switch self {
        case .inputText(let text), .outputText(let text): text.utf8.count
        case .inputAudio(_, let transcript), .outputAudio(_, let transcript):
            transcript?.utf8.count ?? 0
        case .inputImage: 0
        }
    }

    /// What an image costs to keep, or to fetch again.
    ///
    /// That of one that is elsewhere is ``Limits/remoteImageCost``.
    fileprivate var imageCost: Int {
        guard case .inputImage(let url, _) = self, ImageURL.isRemote(url) else {
            return imageByteCount
        }
        return max(Limits.remoteImageCost, url.utf8.count)
    }

    /// Bytes of the image that a data URL holds; nearly none of one that is elsewhere.
    var imageByteCount: Int {
        guard case .inputImage(let url, _) = self else { return 0 }
        return Base64.decodedCount(of: url.utf8.count)
    }
}
