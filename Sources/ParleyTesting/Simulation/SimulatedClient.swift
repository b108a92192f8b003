internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime

/// A client that does anything at any moment, often about things that don't exist.
struct SimulatedClient: Sendable {
    private var voice = CountingVoice()
    private var items: [ItemID] = []
    private var responses: [ResponseID] = []
    private var calls: [FunctionCallID] = []
    private var requests: [ItemID] = []
    /// As events showed it last.
    private var session: SessionObject?
    private var count = 0
    private var lastAppend = 0
    /// Formats and filters change: then samples can't be followed.
    let changesFormat: Bool
    private let kind: SessionKind

    init(of kind: SessionKind, changesFormat: Bool) {
        self.kind = kind
        self.changesFormat = changesFormat
    }

    /// Learns ids.
    mutating func hear(_ event: ServerEvent.Body) {
        switch event {
        case .sessionCreated(let session), .sessionUpdated(let session): self.session = session
        case .conversationItemAdded(let item, _):
            items.append(item.id)
            learn(item)
        case .conversationItemDeleted(let id): items.removeAll { $0 == id }
        case .responseOutputItemAdded(_, _, let item): learn(item)
        case .responseCreated(let response): responses = responses.suffix(5) + [response.id]
        case .inputAudioBufferCleared: voice.align()
        case .error(let error, _) where error.code == .bufferFull: voice.takeBack(lastAppend)
        default: break
        }
    }

    private mutating func learn(_ item: Item) {
        switch item.content {
        case .functionCall(let call): calls.append(call.callID)
        case .mcpApprovalRequest: requests = requests.suffix(8) + [item.id]
        default: break
        }
    }

    /// Does something.
    mutating func act(_ random: inout SeededRandom) -> ClientEvent {
        count += 1
        if random.once(in: 200), let echo = echo(&random) { return echo }
        let id = random.once(in: 2) ? EventID(rawValue: "c\(count)") : nil
        return ClientEvent(id: id, kind == .translation ? speech(&random) : body(&random))
    }

    /// What a client of a translation session says; the events of other kinds are refused.
    private mutating func speech(_ random: inout SeededRandom) -> ClientEvent.Body {
        switch random.number(0...999) {
        case 0: .sessionClose
        case 1...40: .sessionUpdate(translation(&random))
        case 41...50:
            random.pick([.inputAudioBufferCommit, .inputAudioBufferClear, .outputAudioBufferClear])
                ?? .responseCancel(responseID: nil)
        default: .sessionInputAudioBufferAppend(audio: audio(&random))
        }
    }

    private func echo(_ random: inout SeededRandom) -> ClientEvent? {
        guard let session, let dialect = random.pick(Dialect.allCases),
            let update = SessionUpdate(echoing: session, in: dialect)
        else { return nil }
        return ClientEvent(
            id: EventID(rawValue: Self.echoPrefix + "\(count)"),
            .sessionUpdate(update)
        )
    }

    /// Begins the id of an event that sends a session back as it was shown: no such event fails.
    static let echoPrefix = "echo_"

    private mutating func body(_ random: inout SeededRandom) -> ClientEvent.Body {
        switch random.number(0...99) {
        case 0...69: .inputAudioBufferAppend(audio: audio(&random))
        // Seldom enough that speech often comes to its own end.
        case 70 where random.once(in: 2): .inputAudioBufferCommit
        case 71 where random.once(in: 3): .inputAudioBufferClear
        case 70...75: .inputAudioBufferAppend(audio: audio(&random))
        case 76...80: create(&random)
        case 81...82: .conversationItemRetrieve(itemID: item(&random))
        case 83...84: .conversationItemDelete(itemID: item(&random))
        case 85...87:
            .conversationItemTruncate(
                itemID: item(&random),
                contentIndex: random.once(in: 20) ? 1 : 0,
                audioEnd: .milliseconds(random.number(0...3_000))
            )
        case 88...93: .responseCreate(options(&random))
        case 94...95:
            .responseCancel(responseID: random.once(in: 2) ? random.pick(responses) : nil)
        case 96: random.once(in: 2) ? .outputAudioBufferClear : .sessionClose
        default: .sessionUpdate(update(&random))
        }
    }

    private mutating func audio(_ random: inout SeededRandom) -> [UInt8] {
        if changesFormat { return [UInt8](repeating: 85, count: random.number(0...2_000)) }
        lastAppend =
            switch random.number(0...40) {
            case 0: random.number(0...130_000)
            case 1...3: random.number(0...99)
            default: 960
            }
        return voice.bytes(lastAppend)
    }

    private func item(_ random: inout SeededRandom) -> ItemID {
        guard !random.once(in: 10), let item = random.pick(items.suffix(12)) else {
            return ItemID(rawValue: "item_\(random.number(0...500))")
        }
        return item
    }

    private func create(_ random: inout SeededRandom) -> ClientEvent.Body {
        let position: ItemPosition =
            switch random.number(0...5) {
            case 0: .front
            case 1: .after(item(&random))
            default: .end
            }
        return .conversationItemCreate(item: newItem(&random), position: position)
    }

    private func newItem(_ random: inout SeededRandom) -> NewItem {
        let id = random.once(in: 5) ? item(&random) : nil
        return NewItem(id: id, content: content(&random))
    }

    private func content(_ random: inout SeededRandom) -> ItemContent {
        switch random.number(0...14) {
        case 13...14: return .message(SimulatedFields.message(&random))
        case 10...11:
            let request = random.pick(requests) ?? "mcpr_none"
            return .mcpApprovalResponse(
                MCPApprovalResponse(approvalRequestID: request, approves: !random.once(in: 3))
            )
        case 12: return SimulatedTools.item(&random)
        case 0:
            let ids: [FunctionCallID] = ["call_c", "call_1", .unassigned]
            let id = random.pick(ids) ?? .unassigned
            return .functionCall(FunctionCall(callID: id, name: "f", arguments: "{}"))
        case 1...2:
            let callID = random.pick(calls) ?? "call_none"
            return .functionCallOutput(callID: callID, output: "42")
        case 3:
            let audio = CountingVoice.sample(random.number(0...9_600))
            return .message(
                Message(role: .user, parts: [.inputAudio(audio: audio, transcript: nil)])
            )
        case 4: return .message(Message(role: .assistant, parts: [.outputText("Before.")]))
        case 5: return .message(Message(role: .system, parts: [.inputText("Be kind.")]))
        case 6: return .message(Message(role: .assistant, parts: [.inputText("Wrong.")]))
        default: return .message(Message(role: .user, parts: [.inputText("Hello.")]))
        }
    }

    private func options(_ random: inout SeededRandom) -> ResponseOptions {
        var options = ResponseOptions()
        if random.once(in: 4) { options.conversation = .none }
        if random.once(in: 20) { options.conversation = .named("conv_other") }
        if random.once(in: 3) { options.outputModality = random.pick(OutputModality.allCases) }
        if random.once(in: 10) { options.voice = .named(random.pick(["slt", "alloy", "x"]) ?? "") }
        if random.once(in: 10) { options.outputFormat = .pcmu }
        if random.once(in: 10) { options.temperature = 1.2 }
        if random.once(in: 4) { options.tools = SimulatedTools.tools(&random, forResponse: true) }
        if random.once(in: 12) { options.toolChoice = SimulatedTools.choice(&random) }
        if random.once(in: 10) { options.prompt = SimulatedFields.prompt(&random) }
        if random.once(in: 10) { options.metadata = ["topic": .string("x")] }
        if random.once(in: 3) {
            let count = random.once(in: 2) ? random.number(1...8) : random.number(9...60)
            options.maximumOutputTokens = .tokens(count)
        }
        if random.once(in: 6) {
            options.input = (0..<random.number(0...2)).map { _ in
                random.once(in: 2) ? .reference(item(&random)) : .item(newItem(&random))
            }
        }
        return options
    }

    private func update(_ random: inout SeededRandom) -> SessionUpdate {
        var update = SessionUpdate()
        if random.once(in: 3) { update.turnDetection = turnDetection(&random) }
        if random.once(in: 3) {
            update.transcription = random.once(in: 2) ? .reset : .set(transcription(&random))
        }
        if random.once(in: 4) {
            update.outputModality = random.pick(OutputModality.allCases).map { .set($0) } ?? .keep
        }
        if random.once(in: 8) {
            let voice = random.pick(["slt", "kal"]) ?? ""
            update.voice = .set(random.once(in: 2) ? .named(voice) : .custom(id: voice))
        }
        if random.once(in: 8) { update.speed = .set(1.25) }
        if random.once(in: 8) { update.outputLanguage = .set("es") }
        if random.once(in: 6) {
            update.prompt = random.once(in: 3) ? .reset : .set(SimulatedFields.prompt(&random))
        }
        if random.once(in: 8) {
            update.instructions = random.once(in: 3) ? .reset : .set("Sing.")
        }
        if random.once(in: 8) { update.model = .set(random.pick(["parley", "other"]) ?? "") }
        if random.once(in: 8) { update.tracing = .set(.auto) }
        if random.once(in: 8) { update.kind = random.pick(SessionKind.allCases) }
        if random.once(in: 8) { update.temperature = random.once(in: 2) ? .set(0.9) : .reset }
        if random.once(in: 6) {
            update.include = .set([.transcriptionLogprobs])
        }
        if random.once(in: 2) { update.tools = .set(SimulatedTools.tools(&random)) }
        if random.once(in: 10) { update.toolChoice = .set(SimulatedTools.choice(&random)) }
        if changesFormat, random.once(in: 3) {
            let formats: [AudioFormat] = [.standard, .pcmu, .pcma, .pcm(sampleRate: 16_000)]
            update.inputFormat = random.pick(formats).map { .set($0) } ?? .reset
        }
        if changesFormat, random.once(in: 3) {
            let kind = random.pick(NoiseReduction.Kind.allCases)
            let strength = random.once(in: 3) ? Double(random.next() % 5) / 4 : nil
            update.noiseReduction = .set(NoiseReductionUpdate(kind, strength: strength))
            if random.once(in: 3) { update.noiseReduction = .reset }
        }
        return update
    }

    private func translation(_ random: inout SeededRandom) -> SessionUpdate {
        var update = SessionUpdate()
        if random.once(in: 8) { update.kind = random.pick(SessionKind.allCases) }
        if random.once(in: 8) { update.model = .set(random.pick(["parley", "other"]) ?? "") }
        if random.once(in: 2) {
            update.outputLanguage = .set(random.pick(["en-GB", "es", "ja"]) ?? "")
        }
        if random.once(in: 2) {
            update.transcription = random.once(in: 4) ? .reset : .set(transcription(&random))
        }
        return update
    }

    private func transcription(_ random: inout SeededRandom) -> TranscriptionUpdate {
        var update = TranscriptionUpdate()
        if random.once(in: 2) { update.model = .set("whisper") }
        return update
    }

    private func turnDetection(_ random: inout SeededRandom) -> Change<TurnDetectionUpdate> {
        if random.once(in: 4) { return .reset }
        var update = TurnDetectionUpdate()
        update.kind = random.pick(TurnDetectionUpdate.Kind.allCases)
        if random.once(in: 2) { update.createsResponse = .set(random.once(in: 2)) }
        if random.once(in: 2) { update.interruptsResponse = .set(random.once(in: 2)) }
        if random.once(in: 2) { update.prefixPadding = .set(.milliseconds(random.number(0...900))) }
        if random.once(in: 2) {
            update.silenceDuration = .set(.milliseconds(random.number(0...900)))
        }
        if random.once(in: 3) { update.threshold = .set(Double(random.number(0...10)) / 10) }
        if random.once(in: 2) {
            update.idleTimeout = .set(.milliseconds(random.number(5_000...30_000)))
        }
        return .set(update)
    }
}
