internal import ParleyRealtime

/// What a response hands to the model: the conversation as it stood when the response was accepted.
///
/// User speech whose text is still awaited leaves a gap, which ``resolve(_:)`` fills.
struct ModelContext: Sendable {
    /// One turn, or the place for one.
    enum Slot: Sendable, Equatable {
        case entry(Session.ContextEntry, of: ItemID, audioSampleCount: Int)
        /// What is told of the turns that were before.
        case summary(String)
        /// A user turn with speech, between texts that were typed.
        case speech(UserSpeech)
    }

    /// A user turn that was spoken.
    struct UserSpeech: Sendable, Equatable {
        var itemID: ItemID
        var text: Conversation.SpeechText
        var typedBefore: [Session.UserPart]
        var typedAfter: [Session.UserPart]
        var audioSampleCount: Int
    }

    private(set) var slots: [Slot] = []

    /// What stands for the newest turn when nothing in it could be understood.
    static let inaudible = "(inaudible)"
    /// What stands for a turn that the idle timeout made.
    static let silent = "(silence)"

    /// No text is awaited.
    var isComplete: Bool {
        !slots.contains { $0.awaited != nil }
    }

    /// Whether the text of this item is awaited.
    func awaits(_ itemID: ItemID) -> Bool {
        slots.contains { $0.awaited == itemID }
    }

    /// Fills the gap that an item left.
    mutating func resolve(_ resolution: TranscriptionTracker.Resolution) {
        for index in slots.indices {
            guard case .speech(var speech) = slots[index], speech.itemID == resolution.itemID
            else { continue }
            switch resolution.outcome {
            case .text(let text, _): speech.text = .known(text)
            case .failed(let failure): speech.text = .failed(failure)
            }
            slots[index] = .speech(speech)
        }
    }

    typealias Size = Session.CompactionRules.Size

    /// How much there is for a model to read.
    var size: Size {
        let newest = slots.lastIndex(where: \.isUser)
        return slots.indices.reduce(into: Size(tokenCount: 0, itemCount: 0)) { size, index in
            size.tokenCount += slots[index].tokenCount(isNewest: index == newest)
            size.itemCount += slots[index].isSystem ? 0 : 1
        }
    }

    var tokenCount: Int { size.tokenCount }
    var itemCount: Int { slots.count { !$0.isSystem } }

    /// What is told of the turns that were before; nil where they are all here.
    var summary: String? {
        for case .summary(let text) in slots { return text }
        return nil
    }

    /// Leaves out the oldest turns as long as it is too much, and there is more than the newest.
    ///
    /// - Returns: What left, in its order.
    mutating func dropTurns(while isTooMuch: (Size) -> Bool) -> [Slot] {
        guard let newest = slots.lastIndex(where: \.isUser) else { return [] }
        var size = size
        var end = 0
        while end < newest, isTooMuch(size) {
            // A turn: everything from one user's words to the next, but not what the application
            // wrote.
            repeat {
                if !slots[end].isSystem {
                    size.tokenCount -= slots[end].tokenCount(isNewest: false)
                    size.itemCount -= 1
                }
                end += 1
            } while end < newest && !slots[end].isUser
        }
        let turns = slots[..<end]
        slots.replaceSubrange(..<end, with: turns.filter(\.isSystem))
        return turns.filter { !$0.isSystem }
    }

    /// Why the newest user turn was not understood; nil if it was.
    ///
    /// Answering it would be a guess.
    var failure: Session.EngineFailure? {
        guard case .speech(let speech) = slots.last(where: \.isUser),
            case .failed(let failure) = speech.text
        else { return nil }
        return failure
    }

    /// The turns as the model reads them.
    ///
    /// Speech that holds no words is left out, except in the newest user turn, where a remark
    /// stands for it: otherwise the model would answer the turn before once more.
    func entries() -> [Session.ContextEntry] {
        let newest = slots.lastIndex(where: \.isUser)
        return slots.indices.compactMap { index in
            slots[index].entry(isNewest: index == newest)
        }
    }

    /// Samples of user and assistant speech, for usage.
    var speechSampleCounts: (user: [Int], assistant: [Int]) {
        var counts: (user: [Int], assistant: [Int]) = ([], [])
        for slot in slots {
            switch slot {
            case .entry(.assistant, _, let count): counts.assistant.append(count)
            case .entry, .summary: break
            case .speech(let speech): counts.user.append(speech.audioSampleCount)
            }
        }
        return counts
    }
}

extension ModelContext.Slot {
    /// The item that it is made of; nil for a summary.
    var itemID: ItemID? {
        switch self {
        case .entry(_, let id, _): id
        case .speech(let speech): speech.itemID
        case .summary: nil
        }
    }

    /// As the model reads it; nil where there is nothing to read.
    func entry(isNewest: Bool) -> Session.ContextEntry? {
        switch self {
        case .entry(let entry, _, _): entry
        case .speech(let speech): speech.entry(isNewest: isNewest)
        case .summary(let text): .system("Earlier in this conversation: \(text)")
        }
    }

    /// An estimate of what the model reads of it.
    fileprivate func tokenCount(isNewest: Bool) -> Int {
        entry(isNewest: isNewest).map { UsageMeter.tokens($0.byteCount) + $0.imageTokenCount } ?? 0
    }

    fileprivate var awaited: ItemID? {
        guard case .speech(let speech) = self, speech.text == .awaited else { return nil }
        return speech.itemID
    }

    fileprivate var isSystem: Bool {
        switch self {
        case .entry(.system, _, _), .summary: true
        case .entry, .speech: false
        }
    }

    fileprivate var isUser: Bool {
        switch self {
        case .entry(.user, _, _), .entry(.userParts, _, _), .speech: true
        case .entry, .summary: false
        }
    }
}

extension ModelContext.UserSpeech {
    fileprivate func entry(isNewest: Bool) -> Session.ContextEntry? {
        var spoken = ""
        switch text {
        case .known(let text): spoken = text
        case .silence: spoken = isNewest ? ModelContext.silent : ""
        case .unheard, .awaited, .failed: break
        }
        let parts = typedBefore + [.text(spoken)] + typedAfter
        let entry = Session.ContextEntry(parts)
        return entry ?? (isNewest ? .user(ModelContext.inaudible) : nil)
    }
}

// MARK: - From items

extension ModelContext {
    /// Takes the items that have not been left out, behind what is told of the others.
    init(_ conversation: Conversation) {
        self.init(conversation.entries.filter { !$0.isLeftOut })
        guard let summary = conversation.summary else { return }
        let start = slots.firstIndex { !$0.isSystem } ?? slots.endIndex
        slots.insert(.summary(summary.text), at: start)
    }

    /// Takes items in order.
    ///
    /// A function call goes in with its output right behind it, or not at all; of several outputs
    /// the last one counts.
    init(_ entries: some Collection<Conversation.Entry>) {
        var outputs: [FunctionCallID: (text: String, entry: Conversation.Entry)] = [:]
        for entry in entries {
            guard case .functionCallOutput(let callID, let output) = entry.item.content
            else { continue }
            outputs[callID] = (output, entry)
        }
        for entry in entries {
            switch entry.item.content {
            case .message(let message): append(message, of: entry)
            case .functionCall(let call):
                guard let output = outputs.removeValue(forKey: call.callID) else { continue }
                append(.functionCall(call), of: entry)
                append(
                    .functionCallOutput(callID: call.callID, output: output.text),
                    of: output.entry
                )
            case .mcpCall(let call): append(call, of: entry)
            case .functionCallOutput, .mcpListTools, .mcpApprovalRequest, .mcpApprovalResponse:
                continue
            }
        }
    }

    /// A call reads like a function's, with its result or the reason why there is none; one whose
    /// result is still to come is left out, and so is one that was cut off.
    private mutating func append(_ call: MCPCall, of entry: Conversation.Entry) {
        guard entry.item.status == .completed,
            let result = call.output ?? call.error.map({ "Error: \($0.message)" })
        else { return }
        let function = FunctionCall(
            callID: FunctionCallID(rawValue: entry.item.id.rawValue),
            name: entry.toolName ?? call.name,
            arguments: call.soundArguments
        )
        append(.functionCall(function), of: entry)
        append(.functionCallOutput(callID: function.callID, output: result), of: entry)
    }

    private mutating func append(_ message: Message, of entry: Conversation.Entry) {
        switch message.role {
        case .system:
            append(.system(message.typedText), of: entry)
        case .user:
            if let text = entry.speechText {
                slots.append(.speech(UserSpeech(message, of: entry, text)))
            } else if let turn = Session.ContextEntry(message.parts.compactMap(\.userPart)) {
                append(turn, of: entry)
            }
        case .assistant:
            // Nothing of an item in progress was heard for certain yet; its response has its own
            // context.
            guard entry.item.status != .inProgress else { return }
            append(
                .assistant(message.heardText(of: entry)),
                of: entry,
                entry.heard ?? entry.audioSampleCount
            )
        }
    }

    private mutating func append(
        _ turn: Session.ContextEntry,
        of entry: Conversation.Entry,
        _ audioSampleCount: Int = 0
    ) {
        switch turn {
        case .system(""), .user(""), .assistant(""): break
        case .system, .user, .userParts, .assistant, .functionCall, .functionCallOutput:
            slots.append(.entry(turn, of: entry.item.id, audioSampleCount: audioSampleCount))
        }
    }
}

extension ModelContext.UserSpeech {
    fileprivate init(
        _ message: Message,
        of entry: Conversation.Entry,
        _ text: Conversation.SpeechText
    ) {
        let speech = message.parts.firstIndex { part in
            if case .inputAudio = part { true } else { false }
        }
        let index = speech ?? message.parts.endIndex
        self.init(
            itemID: entry.item.id,
            text: text,
            typedBefore: message.parts[..<index].compactMap(\.userPart),
            typedAfter: message.parts[index...].compactMap(\.userPart),
            audioSampleCount: entry.audioSampleCount
        )
    }
}

extension Message {
    fileprivate var typedText: String {
        parts.compactMap(\.typedText).joined(separator: "\n")
    }

    /// What the user heard of a spoken answer, or the whole of a written one.
    fileprivate func heardText(of entry: Conversation.Entry) -> String {
        if let heard = entry.heard { return entry.spoken?.text(heard: heard) ?? "" }
        return parts.compactMap { part in
            switch part {
            case .outputText(let text): text
            case .outputAudio(_, let transcript): transcript
            case .inputText, .inputAudio, .inputImage: nil
            }
        }.joined(separator: "\n")
    }
}

extension Session.ContextEntry {
    /// What a user wrote, said or showed: one text where there are no images, nil where there is
    /// nothing.
    fileprivate init?(_ parts: [Session.UserPart]) {
        let parts = parts.filter { $0 != .text("") }
        guard !parts.isEmpty else { return nil }
        let texts = parts.compactMap { part in
            if case .text(let text) = part { text } else { nil }
        }
        self = texts.count == parts.count ? .user(texts.joined(separator: "\n")) : .userParts(parts)
    }
}

extension ContentPart {
    /// The part as the model reads it; nil for speech, whose text stands elsewhere.
    fileprivate var userPart: Session.UserPart? {
        switch self {
        case .inputText(let text): .text(text)
        case .inputImage(let url, let detail):
            .image(
                Session.UserImage(
                    url: url,
                    detail: detail,
                    tokenCount: ImageTokens.count(ImageURL.header(of: url)?.size, detail: detail)
                )
            )
        case .inputAudio, .outputText, .outputAudio: nil
        }
    }

    fileprivate var typedText: String? {
        switch self {
        case .inputText(let text): text
        case .inputAudio, .inputImage, .outputText, .outputAudio: nil
        }
    }
}
