internal import ParleyJSON

/// Reads `response` of a `response.create`.
///
/// - Source: Realtime protocol, "response.create".
struct ResponseOptionsDecoder {
    let dialect: Dialect
    let isStrict: Bool

    private enum Metadata {
        static let pairCount = 16
        static let keyLength = 64
        static let valueLength = 512
    }

    func options(_ reader: JSONReader) throws(JSONReadError) -> ResponseOptions {
        guard let response = reader.present else { return ResponseOptions() }
        _ = try response.object()
        var options = ResponseOptions()
        try readModelMembers(response, into: &options)
        try readAudioMembers(response, into: &options)
        options.metadata = try response["metadata"].present.map(metadata)
        options.conversation = try conversation(response["conversation"])
        options.input = try response["input"].present?.elements()
            .map(ItemDecoder(dialect: dialect, isStrict: isStrict).input)
        if isStrict { try refuseUnknownMembers(of: response) }
        return options
    }

    private func conversation(_ reader: JSONReader) throws(JSONReadError) -> ConversationChoice {
        switch try reader.present?.string() {
        case nil, "auto"?: .auto
        case "none"?: .none
        case let id?: .named(ConversationID(rawValue: id))
        }
    }

    private var members: MemberDecoder { MemberDecoder(dialect: dialect, isStrict: isStrict) }

    private func readModelMembers(
        _ response: JSONReader,
        into options: inout ResponseOptions
    ) throws(JSONReadError) {
        options.outputModality = try members.modalities(of: response).present
            .map(members.outputModality)
        options.instructions = try response["instructions"].present?.string(
            maximumLength: WireLimit.instructionsLength
        )
        options.tools = try response["tools"].present.map { reader throws(JSONReadError) in
            try members.tools(reader, isResponse: true)
        }
        options.toolChoice = try response["tool_choice"].present.map(members.toolChoice)
        options.allowsParallelToolCalls = try response["parallel_tool_calls"].present?.boolean()
        options.reasoningEffort = try response.group("reasoning")["effort"].present?.choice()
        options.maximumOutputTokens = try maximumOutputTokens(of: response).present
            .map(members.outputTokenLimit)
        options.temperature = try response["temperature"].present.map(members.temperature)
        options.prompt = try response["prompt"].present.map(members.prompt)
    }

    private func readAudioMembers(
        _ response: JSONReader,
        into options: inout ResponseOptions
    ) throws(JSONReadError) {
        let audio = try response.group("audio")
        let output = try audio.group("output")
        let isFlat =
            switch dialect {
            case .ga: audio.present == nil && !isStrict
            case .beta, .speaches: audio.present == nil
            }
        let format = isFlat ? response["output_audio_format"] : output["format"]
        let voice = isFlat ? response["voice"] : output["voice"]
        options.outputFormat = try format.present.map(members.audioFormat)
        options.voice = try voice.present.map(members.voice)
    }

    /// Responses call it by GA's name in both dialects; the SDK of beta sends the session's.
    private func maximumOutputTokens(of response: JSONReader) -> JSONReader {
        let limit = response["max_output_tokens"]
        let isPlain = !limit.isAbsent || (isStrict && !dialect.isBeta)
        return isPlain ? limit : response["max_response_output_tokens"]
    }

    private func metadata(_ reader: JSONReader) throws(JSONReadError) -> JSONObject {
        let metadata = try reader.object()
        guard metadata.count <= Metadata.pairCount else {
            let limit = "at most \(Metadata.pairCount)"
            throw JSONReadError(
                reader.path,
                .value(found: "\(metadata.count) pairs", expected: limit)
            )
        }
        for member in metadata.members {
            guard member.key.unicodeScalars.count <= Metadata.keyLength else {
                throw JSONReadError(reader.path, .keyTooLong(maximum: Metadata.keyLength))
            }
            _ = try reader[member.key].string(maximumLength: Metadata.valueLength)
        }
        return metadata
    }

    private func refuseUnknownMembers(of response: JSONReader) throws(JSONReadError) {
        switch dialect {
        case .ga:
            try response.refuseMembers(otherThan: Self.commonMembers + Self.ownMembers)
            try response["audio"].refuseMembers(otherThan: ["output"])
            try response["audio"]["output"].refuseMembers(otherThan: ["format", "voice"])
        case .beta, .speaches:
            try response.refuseMembers(otherThan: Self.commonMembers + Self.betaMembers)
        }
    }

    private static let commonMembers = [
        "instructions", "tools", "tool_choice", "max_output_tokens", "conversation", "metadata",
        "prompt", "input",
    ]

    private static let ownMembers = [
        "output_modalities", "audio", "parallel_tool_calls", "reasoning",
    ]

    private static let betaMembers = [
        "modalities", "voice", "output_audio_format", "temperature", "max_response_output_tokens",
    ]
}
