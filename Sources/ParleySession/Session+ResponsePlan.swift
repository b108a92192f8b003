internal import ParleyAudio
internal import ParleyRealtime

// What `response.create` asks for, checked and fixed.

extension Session {
    /// Decides everything about a response, or says what is wrong with the wish for it.
    mutating func plan(
        _ options: ResponseOptions,
        at now: Instant
    ) -> Result<ActiveResponse.Plan, ProtocolError> {
        let isInConversation = options.conversation != .none
        let prompt = options.prompt.map {
            birth.prompts.instructions(for: $0, param: "response.prompt")
        }
        let error =
            placeFault(of: options, isInConversation: isInConversation)
            ?? memberFault(of: options, prompt, at: now)
        if let error { return .failure(error) }
        switch context(for: options.input, at: now) {
        case .failure(let error): return .failure(error)
        case .success(let context):
            return .success(
                ActiveResponse.Plan(
                    id: outbox.ids.next(),
                    configuration: voiced.overridden(by: options.filled(with: prompt)),
                    metadata: options.metadata,
                    isInConversation: isInConversation,
                    readsConversation: options.input == nil,
                    conversationID: conversation.id,
                    context: context
                )
            )
        }
    }

    /// The configuration with the voice that the session has by now.
    private var voiced: SessionConfiguration {
        guard let voiceHeard, !birth.names.areSame(configuration.output.voice, voiceHeard) else {
            return configuration
        }
        var voiced = configuration
        voiced.output.voice = voiceHeard
        return voiced
    }

    /// Says why there is no place for a response; nil when there is.
    private func placeFault(
        of options: ResponseOptions,
        isInConversation: Bool
    ) -> ProtocolError? {
        if case .named(let id) = options.conversation, id != conversation.id {
            return ProtocolError(
                .invalidValue,
                "Unknown conversation \(id.rawValue.quoted); expected 'auto' or 'none'.",
                param: "response.conversation"
            )
        }
        if isInConversation, let active = responses.inConversation {
            return ProtocolError(
                .responseInProgress,
                "The conversation already has an active response: \(active)."
            )
        }
        guard responses.count < birth.limits.responseCount else {
            return ProtocolError(
                .rateLimitExceeded,
                "At most \(birth.limits.responseCount) responses may be in progress.",
                kind: .rateLimit
            )
        }
        return nil
    }

    private func memberFault(
        of options: ResponseOptions,
        _ prompt: Result<String, ProtocolError>?,
        at now: Instant
    ) -> ProtocolError? {
        if let tools = options.tools, let error = responseToolFault(tools, at: now) {
            return error
        }
        if let error = configuration.overridden(by: options)
            .toolChoiceFault(param: "response.tool_choice")
        {
            return error
        }
        if let error = prompt?.fault { return error }
        guard let voice = options.voice, voice.name != voiced.output.voice.name else {
            return nil
        }
        let param = "response.audio.output.voice"
        if let error = birth.names.fault(of: voice, param: param) { return error }
        let isSilent = configuration.overridden(by: options).outputModality == .text
        guard let voiceHeard, !isSilent, !birth.names.areSame(voice, voiceHeard) else { return nil }
        return .voiceLocked(voiceHeard, param: param)
    }

    /// The conversation as it stands, or the input that was given instead.
    private mutating func context(
        for input: [ResponseInput]?,
        at now: Instant
    ) -> Result<ModelContext, ProtocolError> {
        guard let input else {
            hearUnheard(conversation.unheard, at: now)
            return .success(ModelContext(conversation))
        }
        if let error = sizeFault(of: input) { return .failure(error) }
        hearUnheard(input.compactMap(\.reference), at: now)
        var entries: [NewEntry] = []
        for (index, wish) in input.enumerated() {
            switch entry(for: wish, param: "response.input[\(index)]") {
            case .failure(let error): return .failure(error)
            case .success(let entry): entries.append(entry)
            }
        }
        if let error = fault(ofOutputsIn: input, among: entries) { return .failure(error) }
        for entry in entries { startTranscription(of: entry) }
        var context = ModelContext(entries.map(\.entry))
        for entry in entries {
            let resolution = finishTranscription(of: entry, isShown: false, at: now)
            if let resolution { context.resolve(resolution) }
        }
        return .success(context)
    }

    /// A response's own input has the bounds of a conversation.
    private func sizeFault(of input: [ResponseInput]) -> ProtocolError? {
        let limits = birth.limits
        var (textByteCount, imageCost, speechByteCount) = (0, 0, 0)
        // Items are looked for one by one: too many are not even counted.
        for wish in input.prefix(limits.itemCount) {
            guard let content = content(of: wish) else { continue }
            textByteCount += content.textByteCount
            imageCost += content.imageCost
            speechByteCount += content.speechByteCount
        }
        let speech = configuration.input.format.duration(ofBytes: speechByteCount)
        let fits =
            input.count <= limits.itemCount && textByteCount <= limits.conversationTextByteCount
            && imageCost <= limits.conversationImageByteCount
            && speech <= limits.itemSpeechDuration
        guard !fits else { return nil }
        return ProtocolError(
            .invalidValue,
            "The input is \(input.count) items with \(textByteCount) bytes of text, "
                + "images that count \(imageCost) bytes and \(speech.components.seconds) s of "
                + "speech: expected at most \(limits.itemCount) items with "
                + "\(limits.conversationTextByteCount) bytes of text, images that count "
                + "\(limits.conversationImageByteCount) bytes (one that is named by its address "
                + "\(Limits.remoteImageCost)) and "
                + "\(limits.itemSpeechDuration.components.seconds) s of speech.",
            param: "response.input"
        )
    }

    private func content(of wish: ResponseInput) -> ItemContent? {
        switch wish {
        case .item(let item): item.content
        case .reference(let id): conversation[id]?.item.content
        }
    }

    /// An output that the client gives must have its call beside it; of items that are only
    /// referred to, those without their other half are left out, as those of a conversation are.
    private func fault(
        ofOutputsIn input: [ResponseInput],
        among entries: [NewEntry]
    ) -> ProtocolError? {
        let calls = Set(entries.compactMap(\.entry.item.content.functionCallID))
        for (index, wish) in input.enumerated() {
            guard case .item(let item) = wish,
                case .functionCallOutput(let callID, _) = item.content, !calls.contains(callID)
            else { continue }
            return .noCall(callID, param: "response.input[\(index)].call_id")
        }
        return nil
    }

    private mutating func entry(
        for wish: ResponseInput,
        param: String
    ) -> Result<NewEntry, ProtocolError> {
        switch wish {
        // The client's id means nothing here, and may be an item's.
        case .item(let item):
            if case .mcpApprovalResponse = item.content {
                return .failure(.answerOutside(param: "\(param).type"))
            }
            return newEntry(NewItem(content: item.content), param: param)
        case .reference(let id):
            guard let entry = conversation[id] else {
                return .failure(
                    ProtocolError(
                        .invalidValue,
                        "No item \(id.rawValue.quoted) to refer to.",
                        param: "\(param).id"
                    )
                )
            }
            return .success(NewEntry(entry: entry, speechIndex: nil))
        }
    }
}

extension ResponseOptions {
    /// With the instructions of a stored prompt, where they name one and give none.
    fileprivate func filled(with prompt: Result<String, ProtocolError>?) -> Self {
        guard instructions == nil, let prompt else { return self }
        var filled = self
        filled.instructions = try? prompt.get()
        return filled
    }
}

extension SessionConfiguration {
    /// The configuration of one response.
    func overridden(by options: ResponseOptions) -> Self {
        var new = self
        if let modality = options.outputModality { new.outputModality = modality }
        if let instructions = options.instructions { new.instructions.written = instructions }
        if let format = options.outputFormat { new.output.format = format }
        if let voice = options.voice { new.output.voice = voice }
        if let tools = options.tools { new.tools = tools }
        if let choice = options.toolChoice {
            new.toolChoice = choice
        } else if options.tools != nil, !new.canMeetToolChoice {
            // What the session must call is not among the response's own tools.
            new.toolChoice = .auto
        }
        if let allows = options.allowsParallelToolCalls { new.allowsParallelToolCalls = allows }
        if let effort = options.reasoningEffort { new.reasoningEffort = effort }
        if let limit = options.maximumOutputTokens { new.maximumOutputTokens = limit }
        if let temperature = options.temperature { new.temperature = temperature }
        return new
    }
}

extension ProtocolError {
    fileprivate static func answerOutside(param: String) -> Self {
        Self(
            .invalidValue,
            "An approval is given with 'conversation.item.create', not in a response's input.",
            param: param
        )
    }
}

extension ResponseInput {
    /// The item that is referred to.
    fileprivate var reference: ItemID? {
        if case .reference(let id) = self { id } else { nil }
    }
}
