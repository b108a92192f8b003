internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime

extension ResponseOptions {
    /// The `response` with which a client of a dialect says this.
    func json(in dialect: Dialect) -> JSON {
        var response = JSONObject()
        response["instructions"] = instructions.map(JSON.string)
        response["tools"] = tools.map { .array($0.map(\.wire)) }
        response["tool_choice"] = toolChoice?.wire
        response["parallel_tool_calls"] = allowsParallelToolCalls.map(JSON.bool)
        response["reasoning"] = reasoningEffort.map { ["effort": .string($0.rawValue)] }
        response["temperature"] = temperature.map(JSON.number)
        response["prompt"] = prompt.map(JSON.object)
        response["metadata"] = metadata.map(JSON.object)
        response["conversation"] = conversation.wire
        response["input"] = input.map { .array($0.map { $0.json(in: dialect) }) }
        if dialect.isBeta {
            writeFlatMembers(to: &response)
        } else {
            writeNestedMembers(to: &response)
        }
        return .object(response)
    }

    private func writeFlatMembers(to response: inout JSONObject) {
        response["modalities"] = outputModality?.betaModalities
        response["max_response_output_tokens"] = maximumOutputTokens?.wire
        response["output_audio_format"] = outputFormat?.betaWire
        response["voice"] = voice?.wire
    }

    private func writeNestedMembers(to response: inout JSONObject) {
        response["output_modalities"] = outputModality.map { [.string($0.rawValue)] }
        response["max_output_tokens"] = maximumOutputTokens?.wire
        var output = JSONObject()
        output["format"] = outputFormat?.wire
        output["voice"] = voice?.wire
        if !output.isEmpty { response["audio"] = ["output": .object(output)] }
    }
}

extension ConversationChoice {
    /// Nil where it need not be said.
    fileprivate var wire: JSON? {
        switch self {
        case .auto: nil
        case .none: "none"
        case .named(let id): .string(id.rawValue)
        }
    }
}

extension ResponseInput {
    fileprivate func json(in dialect: Dialect) -> JSON {
        switch self {
        case .item(let item): item.json(in: dialect)
        case .reference(let id): ["type": "item_reference", "id": .string(id.rawValue)]
        }
    }
}
