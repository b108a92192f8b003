internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime

/// One response in progress: what it was asked for, how far its engines are, and what it has said.
struct ActiveResponse: Sendable {
    /// What was decided when the response was accepted; later changes of the session don't reach
    /// it.
    struct Plan: Sendable {
        var id: ResponseID
        /// The session's, with what `response.create` overrides.
        var configuration: SessionConfiguration
        var metadata: JSONObject?
        /// Its items join the conversation, and speech may interrupt it.
        var isInConversation: Bool
        /// The model reads the conversation, and no input of its own.
        var readsConversation: Bool
        var conversationID: ConversationID
        var context: ModelContext
    }

    enum Stage: Sendable, Equatable {
        /// Some of the context's speech has no text yet, or a server no tools.
        /// Next: ``generating``, or ended.
        case waiting
        /// The model writes. Next: ``speaking(_:)``, ``failed(_:)``, or ended.
        case generating
        /// The model is done, its speech is not. Next: ended.
        case speaking(Session.GenerationResult)
        /// The model failed. Next: ended.
        case failed(Session.EngineFailure)
    }

    /// What a written or spoken message has become so far.
    enum MessageOutput: Sendable {
        case written(PartLocation, text: String)
        case spoken(SpokenMessage<PartLocation>)
    }

    /// What a response can do next.
    enum Step: Sendable, Equatable {
        /// Nothing: the engines are at work.
        case wait
        /// The context is complete: run the model.
        case startGeneration
        /// End like this.
        case end(ResponseStatus)
    }

    let plan: Plan
    let limits: Limits
    private(set) var stage = Stage.waiting
    private var context: ModelContext
    /// The servers of its tools.
    var uses: [ToolServers.Use] = []
    /// Lists of servers that the response names itself and that are still to come.
    var awaitedLists: Set<ItemID> = []
    /// What the model may call.
    private(set) var tools = ToolTable()
    /// Items of the output, in their order; one in progress has no content yet.
    var output: [Item] = []
    var message: MessageOutput?
    var call: OpenCall?
    /// Calls of functions that the model has written; clients hear of their end with the
    /// response's.
    var writtenCalls: [CallLocation] = []
    var meter: UsageMeter
    /// When the engines are given up.
    private(set) var deadline: Instant
    /// When the first audio went out.
    private var firstAudio: Instant?

    init(_ plan: Plan, limits: Limits, at now: Instant) {
        self.plan = plan
        self.limits = limits
        self.context = plan.context
        let isSpoken = plan.configuration.outputModality == .audio
        self.meter = UsageMeter(
            limit: isSpoken ? plan.configuration.maximumOutputTokens : .infinite
        )
        self.deadline = now + limits.responseWait
    }

    var id: ResponseID { plan.id }

    /// The model or the synthesiser has work that it has not reported the end of.
    var hasRunningEngines: Bool {
        switch stage {
        case .waiting: false
        case .generating: true
        case .speaking, .failed: isSynthesizing
        }
    }

    private var isSynthesizing: Bool {
        if case .spoken(let speech) = message { speech.isSynthesizing } else { false }
    }

    var step: Step {
        switch stage {
        case .waiting:
            guard context.isComplete, awaitedLists.isEmpty else { return .wait }
            return context.failure.map { .end(.failed($0)) } ?? .startGeneration
        case .generating:
            return isOutgrown || isSpent ? .end(.incomplete(.maximumOutputTokens)) : .wait
        case .speaking(let result):
            if case .spoken(let speech) = message, !speech.isDone {
                return isSpent ? .end(.incomplete(.maximumOutputTokens)) : .wait
            }
            return .end(result.incomplete.map { .incomplete($0) } ?? .completed)
        case .failed(let failure): return .end(.failed(failure))
        }
    }

    private var isOutgrown: Bool {
        meter.outputByteCount > byteLimit || output.count > limits.functionCallCount
    }

    private var byteLimit: Int {
        guard plan.configuration.outputModality == .text,
            case .tokens(let count) = plan.configuration.maximumOutputTokens
        else { return limits.responseByteCount }
        return min(limits.responseByteCount, count * limits.outputBytesPerToken)
    }

    /// The answer's text and audio have reached the client's limit.
    private var isSpent: Bool {
        guard case .spoken(let speech) = message, !speech.transcript.isEmpty else { return false }
        return meter.speechRoom == 0
    }

    /// When all that went out has been heard, by a client that plays it at once.
    func playoutEnd(at now: Instant) -> Instant {
        guard let firstAudio, case .spoken(let speech) = message else { return now }
        return max(now, firstAudio + Duration(samples: speech.sampleCount))
    }

    /// Whether assistant audio went out.
    var hasSpoken: Bool {
        if case .spoken(let speech) = message { speech.sampleCount > 0 } else { false }
    }

    /// What an item of the output has become so far; nil where it is none of this response's.
    func content(of itemID: ItemID) -> ItemContent? {
        guard let item = output.first(where: { $0.id == itemID }) else { return nil }
        switch message {
        case .written(let location, let text) where location.itemID == itemID:
            return .message(Message(role: .assistant, parts: [.outputText(text)]))
        case .spoken(let speech) where speech.location.itemID == itemID:
            let transcript = speech.isCut ? nil : speech.transcript
            let part = ContentPart.outputAudio(audio: nil, transcript: transcript)
            return .message(Message(role: .assistant, parts: [part]))
        case .written, .spoken, nil: break
        }
        return call?.itemID == itemID ? call?.content : item.content
    }

    /// The response as `response.created` shows it.
    func announcement() -> Response {
        Response(
            id: plan.id,
            conversationID: plan.isInConversation ? plan.conversationID : nil,
            configuration: plan.configuration,
            metadata: plan.metadata
        )
    }

    /// Fills a gap that speech left in the context.
    mutating func resolve(_ resolution: TranscriptionTracker.Resolution) {
        context.resolve(resolution)
    }

    /// Whether the context has a gap for this item.
    func awaits(_ itemID: ItemID) -> Bool {
        context.awaits(itemID)
    }

    /// Runs the model; the context is complete.
    ///
    /// - Returns: Why that can't be; nil when it runs.
    mutating func startGeneration(
        _ tools: ToolTable,
        _ choice: ToolChoice,
        at now: Instant,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) -> Session.EngineFailure? {
        let budget = ContextBudget(plan.configuration, tools.offered, limits: limits)
        if let failure = budget.failure(of: context) { return failure }
        self.tools = tools
        let leaving = budget.apply(to: &context)
        // Beside the conversation, a response has instructions of its own to make room for.
        if budget.isFinal, plan.readsConversation, plan.isInConversation {
            conversation.leaveOut(leaving)
        }
        var request = plan.request(context)
        request.tools = tools.offered
        request.toolChoice = choice
        meter.countInput(request, context)
        stage = .generating
        deadline = now + limits.responseWait
        outbox.perform(.startGeneration(plan.id, request))
        return nil
    }

    /// Accepts a report of the model; ``closeCall(before:in:to:)`` was told of it before.
    mutating func accept(
        _ report: Session.Generation,
        at now: Instant,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        guard case .generating = stage else {
            outbox.poison("A model that does not run reported")
            return
        }
        deadline = now + limits.responseWait
        switch report {
        case .text(let text): write(text, in: &conversation, to: &outbox)
        case .toolCallStarted(let name): beginCall(name, in: &conversation, to: &outbox)
        case .toolCallArguments(let text): writeArguments(text, to: &outbox)
        case .finished(let result):
            meter.accept(result)
            stage = .speaking(result)
            speak(to: &outbox) { speech, outbox in speech.finishText(to: &outbox) }
        case .failed(let failure): stage = .failed(failure)
        }
    }

    /// Accepts a report of the synthesiser.
    mutating func accept(
        _ report: Session.Synthesis,
        at now: Instant,
        to outbox: inout Outbox
    ) {
        guard case .spoken = message else {
            outbox.poison("Speech for a response that does not speak")
            return
        }
        deadline = now + limits.responseWait
        if case .audio = report, firstAudio == nil { firstAudio = now }
        switch report {
        case .audio(let clause, let frame): speak(frame.samples, ofClause: clause, to: &outbox)
        case .finished(let clause):
            speak(to: &outbox) { speech, outbox in speech.finish(clause: clause, to: &outbox) }
        case .failed: speak(to: &outbox) { speech, _ in speech.isBroken = true }
        }
    }
}

extension ResponseStatus {
    /// Failed, by the fault of an engine.
    static func failed(_ failure: Session.EngineFailure) -> Self {
        .failed(
            ResponseFailure(
                type: failure.kind.rawValue,
                code: failure.code,
                message: failure.message
            )
        )
    }
}

extension ActiveResponse.Plan {
    fileprivate func request(_ context: ModelContext) -> Session.GenerationRequest {
        var request = Session.GenerationRequest(
            model: configuration.model,
            instructions: configuration.instructions.text,
            context: context.entries(),
            conversationID: conversationID
        )
        request.maximumOutputTokens = configuration.maximumOutputTokens
        request.temperature = configuration.temperature
        request.allowsParallelToolCalls = configuration.allowsParallelToolCalls
        request.reasoningEffort = configuration.reasoningEffort
        return request
    }
}

// MARK: - Its end

extension ActiveResponse {
    /// Closes what is open and says how the response ended.
    ///
    /// - Parameters:
    ///   - status: Anything but in progress.
    ///   - conversation: Gets the items' final content.
    ///   - outbox: Gets the events.
    mutating func end(
        _ status: ResponseStatus,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        if hasRunningEngines { outbox.perform(.cancel(plan.id)) }
        let itemStatus: ItemStatus = status == .completed ? .completed : .incomplete
        closeMessage(itemStatus, in: &conversation, to: &outbox)
        // A call that is cut off is never run.
        _ = closeCall(.incomplete, in: &conversation, to: &outbox)
        announceCalls(in: &conversation, to: &outbox)
        var response = announcement()
        response.status = status
        response.output = output
        response.usage = meter.total
        outbox.send(.responseDone(response))
    }
}

// MARK: - Items

extension ActiveResponse {
    /// Begins an item of the output.
    mutating func open(
        _ content: ItemContent,
        id: ItemID,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        let item = Item(id: id, status: .inProgress, content: content)
        outbox.send(
            .responseOutputItemAdded(responseID: plan.id, outputIndex: output.count, item: item)
        )
        output.append(item)
        guard plan.isInConversation else { return }
        outbox.send(
            .conversationItemAdded(item: item, previousItemID: conversation.lastID)
        )
        conversation.append(Conversation.Entry(item), to: &outbox)
    }

    /// Adds an item that is whole from its beginning.
    mutating func addWhole(
        _ content: ItemContent,
        id: ItemID,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        let index = output.count
        open(content, id: id, in: &conversation, to: &outbox)
        output[index].status = .completed
        close(index, in: &conversation, to: &outbox)
    }

    /// Ends an item of the output; its content is in ``output`` by now.
    mutating func close(
        _ index: Int,
        in conversation: inout Conversation,
        to outbox: inout Outbox,
        update: (inout Conversation.Entry) -> Void = { _ in }
    ) {
        let item = output[index]
        if plan.isInConversation {
            conversation.update(item.id) { entry in
                entry.item = item
                update(&entry)
            }
            outbox.send(
                .conversationItemDone(
                    item: item,
                    previousItemID: conversation.predecessor(of: item.id)
                )
            )
        }
        outbox.send(.responseOutputItemDone(responseID: plan.id, outputIndex: index, item: item))
    }
}
