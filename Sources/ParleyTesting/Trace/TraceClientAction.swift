internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime

/// What a client does in a line of a trace.
enum TraceClientAction {
    case send(ClientEvent)
    /// Audio comes in pieces of 20 ms, or all at once.
    case say(Duration, isSpeech: Bool, atOnce: Bool, EventID?)

    /// Reads a line such as `response.create modality=text event_id=c1`.
    ///
    /// - Parameters:
    ///   - words: The line, behind its arrow.
    ///   - kind: What a client says its session is for in each update.
    /// - Throws: `TraceError` where the line can't be read.
    init(_ words: inout TraceWords, of kind: SessionKind) throws(TraceError) {
        let id = words.member("event_id").map(EventID.init(rawValue:))
        let type = try words.next("an event's type")
        // What is appended fits the kind of session.
        if type.hasSuffix("input_audio_buffer.append") {
            let length = try words.duration("a length")
            let kind = try words.next("speech or silence")
            let atOnce = words.nextIfAny() == "at-once"
            self = .say(length, isSpeech: kind == "speech", atOnce: atOnce, id)
        } else {
            var body = try Self.body(type, &words)
            if case .sessionUpdate(var update) = body, update.kind == nil {
                update.kind = kind
                body = .sessionUpdate(update)
            }
            self = .send(ClientEvent(id: id, body))
        }
    }

    private static func body(
        _ type: String,
        _ words: inout TraceWords
    ) throws(TraceError) -> ClientEvent.Body {
        switch type {
        case "session.update": return .sessionUpdate(try SessionUpdate(&words))
        case "transcription_session.update":
            var update = try SessionUpdate(&words)
            update.kind = .transcription
            return .sessionUpdate(update)
        case "session.close": return .sessionClose
        case "input_audio_buffer.commit": return .inputAudioBufferCommit
        case "input_audio_buffer.clear": return .inputAudioBufferClear
        case "output_audio_buffer.clear": return .outputAudioBufferClear
        case "test_tone": return .testTone
        case "conversation.item.create":
            let position = ItemPosition(words.member("after"))
            return .conversationItemCreate(item: try NewItem(&words), position: position)
        case "conversation.item.retrieve":
            return .conversationItemRetrieve(itemID: try words.itemID())
        case "conversation.item.delete":
            return .conversationItemDelete(itemID: try words.itemID())
        case "conversation.item.truncate":
            let index = Int(words.member("content_index") ?? "0") ?? 0
            let itemID = try words.itemID()
            return .conversationItemTruncate(
                itemID: itemID,
                contentIndex: index,
                audioEnd: try words.duration("audio_end")
            )
        case "response.create": return .responseCreate(try ResponseOptions(&words))
        case "response.cancel":
            return .responseCancel(responseID: words.nextIfAny().map(ResponseID.init(rawValue:)))
        default: throw TraceError("unknown client event '\(type)'")
        }
    }
}

extension TraceWords {
    fileprivate mutating func itemID() throws(TraceError) -> ItemID {
        ItemID(rawValue: try next("an item's id"))
    }

    /// Reads a member that may be `null`.
    fileprivate mutating func change<Value>(
        _ name: String,
        _ read: (String) -> Value?
    ) throws(TraceError) -> Change<Value> {
        guard let text = member(name) else { return .keep }
        guard text != "null" else { return .reset }
        guard let value = read(text) else { throw TraceError("bad \(name)='\(text)'") }
        return .set(value)
    }
}

extension ItemPosition {
    fileprivate init(_ name: String?) {
        switch name {
        case nil: self = .end
        case "root": self = .front
        case let id?: self = .after(ItemID(rawValue: id))
        }
    }
}

extension AudioFormat {
    /// Reads `pcm`, `pcm16000`, `pcmu` or `pcma`.
    fileprivate init?(trace: String) {
        switch trace {
        case "pcm": self = .standard
        case "pcmu": self = .pcmu
        case "pcma": self = .pcma
        default:
            guard trace.hasPrefix("pcm"), let rate = Int(trace.dropFirst(3)) else { return nil }
            self = .pcm(sampleRate: rate)
        }
    }
}

extension NoiseReductionUpdate {
    /// A kind, a strength, or both: `near_field`, `0.5`, `near_field/0.5`.
    fileprivate init?(trace: String) {
        self.init()
        for word in trace.split(separator: "/").map(String.init) {
            if let kind = NoiseReduction.Kind(rawValue: word) {
                self.kind = kind
            } else if let strength = Double(word) {
                self.strength = strength
            } else {
                return nil
            }
        }
    }
}

extension SessionUpdate {
    fileprivate init(_ words: inout TraceWords) throws(TraceError) {
        self.init()
        kind = words.member("type").flatMap(SessionKind.init)
        model = try words.change("model") { $0 }
        outputModality = try words.change("output_modalities", OutputModality.init)
        instructions = try words.change("instructions") { $0 }
        tools = try words.change("tools", [Tool].init(trace:))
        toolChoice = try words.change("tool_choice", ToolChoice.init(trace:))
        maximumOutputTokens = try words.change("max_output_tokens") { Int($0).map { .tokens($0) } }
        temperature = try words.change("temperature", Double.init)
        include = try words.change("include") { [ExtraField](trace: $0) }
        noiseReduction = try words.change("noise_reduction", NoiseReductionUpdate.init(trace:))
        tracing = try words.change("tracing") {
            $0 == "auto" ? .auto : .configured(["workflow_name": .string($0)])
        }
        prompt = try words.change("prompt", JSONObject.init(promptTrace:))
        inputFormat = try words.change("input_format", AudioFormat.init(trace:))
        outputFormat = try words.change("output_format", AudioFormat.init(trace:))
        voice = try words.change("voice") { .named($0) }
        speed = try words.change("speed", Double.init)
        outputLanguage = try words.change("output_language") { $0 }
        let language = try words.change("language") { $0 }
        transcription = try words.change("transcription") { name in
            var update = TranscriptionUpdate()
            update.model = .set(name)
            update.language = language
            return update
        }
        if transcription == .keep, language != .keep {
            var update = TranscriptionUpdate()
            update.language = language
            transcription = .set(update)
        }
        turnDetection = try words.turnDetection()
    }
}

extension TraceWords {
    fileprivate mutating func turnDetection() throws(TraceError) -> Change<TurnDetectionUpdate> {
        let kind = member("turn_detection")
        guard kind != "null" else { return .reset }
        var update = TurnDetectionUpdate()
        update.kind = kind.flatMap(TurnDetectionUpdate.Kind.init)
        update.threshold = try change("threshold", Double.init)
        update.prefixPadding = try change("prefix_padding") { try? Self.duration($0) }
        update.silenceDuration = try change("silence_duration") { try? Self.duration($0) }
        update.idleTimeout = try change("idle_timeout") { try? Self.duration($0) }
        update.eagerness = try change("eagerness", SemanticVAD.Eagerness.init)
        update.createsResponse = try change("create_response", Bool.init)
        update.interruptsResponse = try change("interrupt_response", Bool.init)
        return update == TurnDetectionUpdate() ? .keep : .set(update)
    }
}

extension JSONObject {
    /// Reads `greeting`, `greeting@2`, `greeting,name=Ann,language=French`.
    fileprivate init(promptTrace text: String) {
        var words = text.split(separator: ",").map(String.init)
        let name = words.removeFirst().split(separator: "@").map(String.init)
        self = ["id": .string(name[0])]
        if name.count > 1 { self["version"] = .string(name[1]) }
        let pairs = words.map { $0.split(separator: "=").map(String.init) }
        guard !pairs.isEmpty else { return }
        self["variables"] = .object(JSONObject(pairs.map { ($0[0], .string($0[1])) }))
    }
}

extension NewItem {
    /// Reads `user "Hello."`, `user speech 400ms`, `call call_1 name "{}"`, `call "" name "{}"` for
    /// one whose id is left to the server, `output call_1 "text"`, `approve mcpr_1`, `deny mcpr_1
    /// "why"`, `ask` or `tool label name "{}" "output"`.
    fileprivate init(_ words: inout TraceWords) throws(TraceError) {
        let id = words.member("id").map(ItemID.init(rawValue:))
        let kind = try words.next("what the item is")
        switch kind {
        case "call":
            let callID = FunctionCallID(rawValue: try words.next("a call's id"))
            let call = FunctionCall(
                callID: callID,
                name: try words.next("a function's name"),
                arguments: try words.next("arguments")
            )
            self.init(id: id, content: .functionCall(call))
        case "output":
            let callID = FunctionCallID(rawValue: try words.next("a call's id"))
            let output = try words.next("an output")
            self.init(id: id, content: .functionCallOutput(callID: callID, output: output))
        case "approve", "deny":
            let answer = MCPApprovalResponse(
                approvalRequestID: ItemID(rawValue: try words.next("a request's id")),
                approves: kind == "approve",
                reason: words.nextIfAny()
            )
            self.init(id: id, content: .mcpApprovalResponse(answer))
        case "tool": self.init(id: id, content: .mcpCall(try MCPCall(&words)))
        case "ask":
            let request = MCPApprovalRequest(serverLabel: "s", name: "t", arguments: "{}")
            self.init(id: id, content: .mcpApprovalRequest(request))
        default:
            guard let role = Role(rawValue: kind) else {
                throw TraceError("unknown kind of item '\(kind)'")
            }
            let parts = try [ContentPart](of: role, &words)
            self.init(id: id, content: .message(Message(role: role, parts: parts)))
        }
    }
}

extension [ContentPart] {
    fileprivate init(of role: Role, _ words: inout TraceWords) throws(TraceError) {
        self = []
        while let text = words.nextIfAny() {
            switch text {
            case "speech":
                let samples = TraceVoice.speech(try words.duration("a length"))
                append(.inputAudio(audio: PCM16.encode(samples), transcript: nil))
            case "spoken":
                append(.outputAudio(audio: nil, transcript: try words.next("a transcript")))
            case "image":
                let side = UInt16(try words.next("a side in pixels")) ?? 1
                append(.inputImage(url: TraceImage.url(side: side), detail: words.member("detail")))
            default: append(role == .assistant ? .outputText(text) : .inputText(text))
            }
        }
    }
}

extension [ExtraField] {
    fileprivate init?(trace text: String) {
        let fields = text.split(separator: ",").map { ExtraField(rawValue: String($0)) }
        guard !fields.contains(nil) else { return nil }
        self = fields.compactMap(\.self)
    }
}

extension ConversationChoice {
    fileprivate init(trace name: String?) {
        self =
            switch name {
            case nil, "auto": .auto
            case "none": .none
            case let id?: .named(ConversationID(rawValue: id))
            }
    }
}

extension ResponseOptions {
    fileprivate init(_ words: inout TraceWords) throws(TraceError) {
        self.init()
        outputModality = words.member("output_modalities").flatMap(OutputModality.init)
        instructions = words.member("instructions")
        voice = words.member("voice").map { .named($0) }
        tools = words.member("tools").flatMap([Tool].init(trace:))
        toolChoice = words.member("tool_choice").map(ToolChoice.init(trace:))
        conversation = ConversationChoice(trace: words.member("conversation"))
        temperature = words.member("temperature").flatMap(Double.init)
        allowsParallelToolCalls = words.member("parallel_tool_calls").flatMap(Bool.init)
        metadata = words.member("metadata").map { ["topic": .string($0)] }
        maximumOutputTokens = words.member("max_output_tokens").flatMap(Int.init).map {
            .tokens($0)
        }
        prompt = words.member("prompt").map(JSONObject.init(promptTrace:))
        guard let list = words.member("input") else { return }
        input = list.split(separator: ",").map { entry in
            entry.hasPrefix("item_")
                ? .reference(ItemID(rawValue: String(entry)))
                : .item(
                    NewItem(
                        content: .message(Message(role: .user, parts: [.inputText(String(entry))]))
                    )
                )
        }
    }
}
