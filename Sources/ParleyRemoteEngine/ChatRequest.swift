internal import ParleyEngine
internal import ParleyJSON

/// A request as `/chat/completions` takes it.
///
/// - Source: OpenAI API reference, "Create chat completion".
struct ChatRequest {
    var request: LanguageRequest
    var model: String
    /// What the service doesn't know.
    var unsupported: ChatParameters = []

    var json: JSON {
        var body: JSONObject = [
            "model": .string(model), "stream": true,
            "messages": .array(ChatMessages(request).json),
        ]
        if !unsupported.contains(.streamOptions) {
            body["stream_options"] = ["include_usage": true]
        }
        if let limit = request.maximumOutputTokens { addLimit(limit, to: &body) }
        if let temperature = request.temperature, !unsupported.contains(.temperature) {
            body["temperature"] = .number(temperature)
        }
        if let effort = request.reasoningEffort, !unsupported.contains(.reasoningEffort) {
            body["reasoning_effort"] = .string(effort)
        }
        // Servers of open models hand it to the model's template; not all have one that asks.
        let thinks = request.reasoningEffort != LanguageRequest.noReasoning
        if !thinks, !unsupported.contains(.templateArguments) {
            body["chat_template_kwargs"] = ["enable_thinking": false]
        }
        if !request.tools.isEmpty { addTools(to: &body) }
        return .object(body)
    }

    /// `max_tokens` is what most services know, `max_completion_tokens` what new models of OpenAI's
    /// insist on.
    private func addLimit(_ limit: Int, to body: inout JSONObject) {
        if !unsupported.contains(.maxTokens) {
            body["max_tokens"] = .integer(limit)
        } else if !unsupported.contains(.maxCompletionTokens) {
            body["max_completion_tokens"] = .integer(limit)
        }
    }

    private func addTools(to body: inout JSONObject) {
        body["tools"] = .array(request.tools.map(Self.tool))
        body["tool_choice"] =
            switch request.toolChoice {
            case .auto: "auto"
            case .none: "none"
            case .required: "required"
            case .function(let name): ["type": "function", "function": ["name": .string(name)]]
            }
        if let allowed = request.allowsParallelToolCalls, !unsupported.contains(.parallelToolCalls)
        {
            body["parallel_tool_calls"] = .bool(allowed)
        }
    }

    private static func tool(_ tool: LanguageTool) -> JSON {
        var function: JSONObject = ["name": .string(tool.name)]
        if let description = tool.description { function["description"] = .string(description) }
        function["parameters"] = tool.parameters ?? ["type": "object", "properties": [:]]
        return ["type": "function", "function": .object(function)]
    }
}

/// A conversation as `/chat/completions` takes it.
///
/// An answer is one message with its text and its calls; the results of all of them follow.
struct ChatMessages {
    private(set) var json: [JSON] = []
    private var text: String?
    private var calls: [JSON] = []
    private var results: [JSON] = []

    init(_ request: LanguageRequest) {
        if !request.instructions.isEmpty { add("system", request.instructions) }
        for message in request.messages { add(message) }
        flush()
    }

    private mutating func add(_ message: LanguageMessage) {
        switch message {
        case .system(let text):
            flush()
            add("system", text)
        case .user(let text):
            flush()
            add("user", text)
        case .userParts(let parts):
            flush()
            json.append(["role": "user", "content": .array(parts.map(\.json))])
        case .assistant(let text):
            flush()
            self.text = text
        case .toolCall(let id, let name, let arguments):
            // Models write nothing at all for a function without parameters; services want JSON.
            let object = arguments.allSatisfy(\.isWhitespace) ? "{}" : arguments
            let function: JSON = ["name": .string(name), "arguments": .string(object)]
            calls.append(["id": .string(id), "type": "function", "function": function])
        case .toolResult(let id, let output):
            results.append([
                "role": "tool", "tool_call_id": .string(id), "content": .string(output),
            ])
        }
    }

    private mutating func add(_ role: String, _ text: String) {
        json.append(["role": .string(role), "content": .string(text)])
    }

    /// Ends the assistant's message: its text, its calls, their results.
    private mutating func flush() {
        guard text != nil || !calls.isEmpty else { return }
        var message: JSONObject = ["role": "assistant"]
        message["content"] = text.map(JSON.string) ?? .null
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        json.append(.object(message))
        json += results
        (text, calls, results) = (nil, [], [])
    }
}

extension LanguagePart {
    fileprivate var json: JSON {
        switch self {
        case .text(let text): return ["type": "text", "text": .string(text)]
        case .image(let image):
            var url: JSONObject = ["url": .string(image.url)]
            if let detail = image.detail { url["detail"] = .string(detail) }
            return ["type": "image_url", "image_url": .object(url)]
        }
    }
}
