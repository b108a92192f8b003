internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime

extension SessionUpdate {
    /// The session object with which a client of a dialect says this.
    func json(in dialect: Dialect) -> JSON {
        .object(dialect.isBeta ? flatMembers : nestedMembers)
    }

    private var nestedMembers: JSONObject {
        var input = JSONObject()
        input["format"] = inputFormat.json(\.wire)
        input["transcription"] = transcription.json { .object($0.members) }
        input["noise_reduction"] = noiseReduction.json { .object($0.members) }
        input["turn_detection"] = turnDetection.json { .object($0.members) }
        var output = JSONObject()
        output["language"] = outputLanguage.json(JSON.string)
        output["format"] = outputFormat.json(\.wire)
        output["voice"] = voice.json(\.wire)
        output["speed"] = speed.json(JSON.number)
        var audio = JSONObject()
        if !input.isEmpty { audio["input"] = .object(input) }
        if !output.isEmpty { audio["output"] = .object(output) }
        var session = JSONObject()
        session["type"] = kind.map { .string($0.rawValue) }
        writeCommonMembers(to: &session)
        session["output_modalities"] = outputModality.json { [.string($0.rawValue)] }
        session["max_output_tokens"] = maximumOutputTokens.json(\.wire)
        if !audio.isEmpty { session["audio"] = .object(audio) }
        return session
    }

    private var flatMembers: JSONObject {
        var session = JSONObject()
        writeCommonMembers(to: &session)
        session["modalities"] = outputModality.json(\.betaModalities)
        session["max_response_output_tokens"] = maximumOutputTokens.json(\.wire)
        session["input_audio_format"] = inputFormat.json(\.betaWire)
        session["input_audio_transcription"] = transcription.json { .object($0.members) }
        session["input_audio_noise_reduction"] = noiseReduction.json { .object($0.members) }
        session["turn_detection"] = turnDetection.json { .object($0.members) }
        session["output_audio_format"] = outputFormat.json(\.betaWire)
        session["voice"] = voice.json(\.wire)
        session["speed"] = speed.json(JSON.number)
        return session
    }

    private func writeCommonMembers(to session: inout JSONObject) {
        session["model"] = model.json(JSON.string)
        session["instructions"] = instructions.json(JSON.string)
        session["tools"] = tools.json { .array($0.map(\.wire)) }
        session["tool_choice"] = toolChoice.json(\.wire)
        session["parallel_tool_calls"] = allowsParallelToolCalls.json(JSON.bool)
        session["reasoning"] = reasoningEffort.json { ["effort": .string($0.rawValue)] }
        session["temperature"] = temperature.json(JSON.number)
        session["truncation"] = truncation.json(\.wire)
        session["prompt"] = prompt.json(JSON.object)
        session["tracing"] = tracing.json(\.wire)
        session["include"] = include.json { .array($0.map { .string($0.rawValue) }) }
    }
}

extension TranscriptionUpdate {
    fileprivate var members: JSONObject {
        var object = JSONObject()
        object["model"] = model.json(JSON.string)
        object["language"] = language.json(JSON.string)
        object["prompt"] = prompt.json(JSON.string)
        for extra in extras.members { object[extra.key] = extra.value }
        return object
    }
}

extension NoiseReductionUpdate {
    fileprivate var members: JSONObject {
        var object = JSONObject()
        object["type"] = kind.map { .string($0.rawValue) }
        object["strength"] = strength.map(JSON.number)
        return object
    }
}

extension TurnDetectionUpdate {
    fileprivate var members: JSONObject {
        var object = JSONObject()
        object["type"] = kind.map { .string($0.rawValue) }
        object["threshold"] = threshold.json(JSON.number)
        object["prefix_padding_ms"] = prefixPadding.json { .integer($0.milliseconds) }
        object["silence_duration_ms"] = silenceDuration.json { .integer($0.milliseconds) }
        object["idle_timeout_ms"] = idleTimeout.json { .integer($0.milliseconds) }
        object["eagerness"] = eagerness.json { .string($0.rawValue) }
        object["create_response"] = createsResponse.json(JSON.bool)
        object["interrupt_response"] = interruptsResponse.json(JSON.bool)
        return object
    }
}

extension Change {
    /// Nil where the member is to be absent.
    func json(_ value: (Value) -> JSON) -> JSON? {
        switch self {
        case .keep: nil
        case .reset: .null
        case .set(let new): value(new)
        }
    }
}
