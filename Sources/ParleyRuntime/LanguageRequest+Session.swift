internal import ParleyEngine
internal import ParleyRealtime
internal import ParleySession

extension LanguageRequest {
    /// The session's request in the engine's terms.
    init(_ request: Session.GenerationRequest, pipeline: Pipeline) {
        self.init(
            instructions: request.instructions,
            messages: request.context.map(LanguageMessage.init),
            tools: request.tools.map(LanguageTool.init),
            toolChoice: LanguageToolChoice(request.toolChoice),
            conversation: request.conversationID.rawValue
        )
        // A session's model may be a pipeline, its language model, or another name for either.
        model = request.model == pipeline.languageModel ? request.model : nil
        if case .tokens(let count) = request.maximumOutputTokens { maximumOutputTokens = count }
        temperature = request.temperature
        allowsParallelToolCalls = request.allowsParallelToolCalls
        reasoningEffort =
            pipeline.disablesThinking ? Self.noReasoning : request.reasoningEffort?.rawValue
        task = LanguageTask(request.task)
    }
}

extension LanguageTask {
    /// The session's task in the engine's terms.
    init(_ task: Session.GenerationTask) {
        switch task {
        case .answer: self = .answer
        case .translate(_, let language): self = .translate(into: language)
        }
    }
}

extension LanguageMessage {
    /// One turn of the session's context.
    init(_ entry: Session.ContextEntry) {
        switch entry {
        case .system(let text): self = .system(text)
        case .user(let text): self = .user(text)
        case .userParts(let parts): self = .userParts(parts.map(LanguagePart.init))
        case .assistant(let text): self = .assistant(text)
        case .functionCall(let call):
            self = .toolCall(
                id: call.callID.rawValue,
                name: call.name,
                arguments: call.arguments
            )
        case .functionCallOutput(let callID, let output):
            self = .toolResult(id: callID.rawValue, output: output)
        }
    }
}

extension LanguagePart {
    /// An image may still have to be fetched.
    init(_ part: Session.UserPart) {
        switch part {
        case .text(let text): self = .text(text)
        case .image(let image): self = .image(LanguageImage(url: image.url, detail: image.detail))
        }
    }
}

extension LanguageTool {
    /// A function as the model is told of it.
    init(_ function: FunctionTool) {
        self.init(
            name: function.name,
            description: function.description,
            parameters: function.parameters
        )
    }
}

extension LanguageToolChoice {
    /// The session's choice, which names servers' tools as functions by now.
    init(_ choice: ToolChoice) {
        switch choice {
        case .auto, .mcp: self = .auto
        case .none: self = .none
        case .required: self = .required
        case .function(let name): self = .function(name)
        }
    }
}
