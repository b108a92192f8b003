internal import ParleyAudio
internal import ParleyRealtime

/// What a session promises about responses.
struct ResponsePromises: Sendable {
    fileprivate struct Part: Sendable {
        var text = ""
        var isTextDone = false
        /// The client cut it, and is told no more of its words.
        var isCut = false
    }

    fileprivate struct Open: Sendable {
        let isInConversation: Bool
        /// Output items by index that have no `done` yet.
        var items: [Int: ItemID] = [:]
        var itemCount = 0
        var parts: [Int: Part] = [:]
        var arguments: [Int: String] = [:]
        /// Bytes of audio that went out.
        var audioByteCount = 0
        /// Indices of items that are calls of MCP tools: they may end behind the response.
        var calls: Set<Int> = []
    }

    private var open: [ResponseID: Open] = [:]
    private var known: Set<ResponseID> = []
    /// Calls of responses that are done.
    private var outliving: [ItemID: ResponseID] = [:]

    /// How many are in progress.
    var openCount: Int { open.count }

    mutating func take(_ event: ServerEvent.Body) -> [String] {
        switch event {
        case .responseCreated(let response): return begin(response)
        case .responseDone(let response): return end(response)
        case .responseOutputItemAdded(let id, let index, let item):
            return change(id, event) { $0.add(item, at: index) }
        case .responseOutputItemDone(let id, _, let item) where outliving[item.id] == id:
            outliving[item.id] = nil
            return []
        case .responseMCPCallArgumentsDelta(let id, _, let index, let delta):
            return change(id, event) { open in
                open.arguments[index, default: ""] += delta
                return delta.isEmpty ? ["deltas are not empty"] : []
            }
        case .responseMCPCallArgumentsDone(let id, _, let index, let arguments):
            return change(id, event) { open in
                let sum = open.arguments[index, default: ""]
                return sum == arguments ? [] : ["argument deltas add up"]
            }
        case .responseOutputItemDone(let id, let index, let item):
            return change(id, event) { $0.finish(item, at: index) }
        case .responseContentPartAdded(let location, _):
            return change(location.responseID, event) { open in
                let isNew = open.parts.updateValue(Part(), forKey: location.outputIndex) == nil
                return isNew ? [] : ["a part is added once"]
            }
        case .responseContentPartDone(let location, let part):
            return change(location.responseID, event) { $0.finish(part, at: location) }
        case .responseOutputTextDelta(let location, let delta),
            .responseOutputAudioTranscriptDelta(let location, let delta):
            return change(location.responseID, event) { $0.extend(location, by: delta) }
        case .responseOutputTextDone(let location, let text),
            .responseOutputAudioTranscriptDone(let location, let text):
            return change(location.responseID, event) { $0.finishText(text, at: location) }
        case .responseOutputAudioDelta(let location, let audio):
            return change(location.responseID, event) { open in
                let isOpen = open.parts[location.outputIndex]?.isTextDone == false
                open.audioByteCount += audio.count
                return isOpen && !audio.isEmpty ? [] : ["audio belongs to an open part"]
            }
        case .responseFunctionCallArgumentsDelta(let location, let delta):
            return change(location.responseID, event) { open in
                open.arguments[location.outputIndex, default: ""] += delta
                return []
            }
        case .responseFunctionCallArgumentsDone(let location, _, let arguments):
            return change(location.responseID, event) { open in
                var broken: [String] = []
                let sum = open.arguments[location.outputIndex, default: ""]
                if sum != arguments { broken.append("argument deltas add up") }
                if !open.parts.isEmpty { broken.append("calls are whole when all is spoken") }
                return broken
            }
        case .conversationItemTruncated(let id, _, _):
            for response in open.keys { open[response]?.cut(id) }
            return []
        default: return []
        }
    }

    private mutating func begin(_ response: Response) -> [String] {
        var broken: [String] = []
        if !known.insert(response.id).inserted { broken.append("response ids are unique") }
        let isInConversation = response.conversationID != nil
        if isInConversation, open.values.contains(where: \.isInConversation) {
            broken.append("one response of the conversation at most")
        }
        open[response.id] = Open(isInConversation: isInConversation)
        return broken
    }

    private mutating func end(_ response: Response) -> [String] {
        guard let ended = open.removeValue(forKey: response.id) else {
            return ["one response.done for each response.created: \(response.id)"]
        }
        var broken: [String] = []
        let open = ended.items.filter { !ended.calls.contains($0.key) }
        if !open.isEmpty { broken.append("every output item has its done") }
        for id in ended.items.values { outliving[id] = response.id }
        if !ended.parts.isEmpty { broken.append("every content part has its done") }
        if response.output.count != ended.itemCount { broken.append("the output is whole") }
        if response.output.contains(where: { $0.status == .inProgress && !$0.isToolCall }) {
            broken.append("nothing is in progress in what is done")
        }
        guard let usage = response.usage else { return broken + ["usage is there"] }
        if usage.cached > usage.input { broken.append("the cached part is not the larger one") }
        return broken + check(usage, of: response, audioByteCount: ended.audioByteCount)
    }

    private func check(_ usage: Usage, of response: Response, audioByteCount: Int) -> [String] {
        var broken: [String] = []
        // Only here are bytes and samples in a fixed proportion: 50 ms a token.
        if response.outputFormat == .standard, usage.outputAudio != (audioByteCount + 2_399) / 2_400
        {
            broken.append("\(audioByteCount) bytes are not \(usage.outputAudio) tokens")
        }
        if case .tokens(let limit) = response.maximumOutputTokens, usage.outputAudio > 0,
            usage.output > limit
        {
            broken.append("what is spoken stays below max_output_tokens")
        }
        return broken
    }

    private mutating func change(
        _ id: ResponseID,
        _ event: ServerEvent.Body,
        _ body: (inout Open) -> [String]
    ) -> [String] {
        guard open[id] != nil else { return ["nothing of \(id) outside of it: \(event.type)"] }
        return body(&open[id, default: Open(isInConversation: false)])
    }
}

extension ResponsePromises.Open {
    fileprivate mutating func add(_ item: Item, at index: Int) -> [String] {
        defer { itemCount += 1 }
        items[index] = item.id
        if item.isToolCall { calls.insert(index) }
        guard index == itemCount else { return ["output indices count up"] }
        return item.status == .inProgress ? [] : ["items begin in progress"]
    }

    fileprivate mutating func finish(_ item: Item, at index: Int) -> [String] {
        guard items.removeValue(forKey: index) == item.id else {
            return ["output items end once, as they began"]
        }
        guard parts[index] == nil else { return ["parts end before their item"] }
        return item.status == .inProgress ? ["done items are not in progress"] : []
    }

    fileprivate mutating func cut(_ itemID: ItemID) {
        for (index, item) in items where item == itemID && parts[index]?.isTextDone == false {
            parts[index]?.isCut = true
            parts[index]?.text = ""
        }
    }

    fileprivate mutating func extend(_ location: PartLocation, by delta: String) -> [String] {
        guard parts[location.outputIndex]?.isTextDone == false else {
            return ["deltas belong to an open part"]
        }
        if parts[location.outputIndex]?.isCut == true { return ["what was cut has no more words"] }
        parts[location.outputIndex]?.text += delta
        return delta.isEmpty ? ["deltas are not empty"] : []
    }

    fileprivate mutating func finishText(_ text: String, at location: PartLocation) -> [String] {
        guard let part = parts[location.outputIndex], !part.isTextDone else {
            return ["the text of a part ends once"]
        }
        parts[location.outputIndex]?.isTextDone = true
        return part.text == text ? [] : ["text deltas add up"]
    }

    fileprivate mutating func finish(_ part: OutputPart, at location: PartLocation) -> [String] {
        guard let open = parts.removeValue(forKey: location.outputIndex), open.isTextDone else {
            return ["every part has one done, behind its text's"]
        }
        switch part {
        case .text(let text), .audio(let text):
            return text == open.text ? [] : ["a part's text is the sum of its deltas"]
        }
    }
}

extension Item {
    /// A call of an MCP tool.
    var isToolCall: Bool {
        if case .mcpCall = content { true } else { false }
    }
}
