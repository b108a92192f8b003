internal import ParleyJSON

extension SessionDecoder {
    /// Where the members stand whose place differs between GA and the flat object of beta.
    struct Places {
        var modalities: JSONReader
        var maximumOutputTokens: JSONReader
        var temperature: JSONReader
        var inputFormat: JSONReader
        var transcription: JSONReader
        var noiseReduction: JSONReader
        var turnDetection: JSONReader
        var outputFormat: JSONReader
        var voice: JSONReader
        var speed: JSONReader
    }

    /// Beta's object is flat.
    ///
    /// One of GA without `type` and `audio` may be, as clients without a
    /// dialect marker send it.
    func places(
        in session: JSONReader,
        of kind: SessionKind?
    ) throws(JSONReadError) -> Places {
        guard kind == .translation || !isFlat(session) else { return flatPlaces(in: session) }
        let audio = try session.group("audio")
        let input = try audio.group("input")
        let output = try audio.group("output")
        return Places(
            modalities: members.modalities(of: session),
            maximumOutputTokens: session["max_output_tokens"],
            temperature: session["temperature"],
            inputFormat: input["format"],
            transcription: input["transcription"],
            noiseReduction: input["noise_reduction"],
            turnDetection: input["turn_detection"],
            outputFormat: output["format"],
            voice: output["voice"],
            speed: output["speed"]
        )
    }

    /// A client of beta that sends `audio` writes as in GA, whatever its marker says.
    private func isFlat(_ session: JSONReader) -> Bool {
        switch dialect {
        case .ga: !refusesUnknownMembers && session["type"].isAbsent && session["audio"].isAbsent
        case .beta, .speaches: refusesUnknownMembers || session["audio"].isAbsent
        }
    }

    private func flatPlaces(in session: JSONReader) -> Places {
        Places(
            modalities: members.modalities(of: session),
            maximumOutputTokens: members.maximumOutputTokens(of: session),
            temperature: session["temperature"],
            inputFormat: session["input_audio_format"],
            transcription: session["input_audio_transcription"],
            noiseReduction: session["input_audio_noise_reduction"],
            turnDetection: session["turn_detection"],
            outputFormat: session["output_audio_format"],
            voice: session["voice"],
            speed: session["speed"]
        )
    }

    // MARK: Members of their own

    func reasoningEffort(_ session: JSONReader) throws(JSONReadError) -> Change<ReasoningEffort> {
        let reasoning = try session.group("reasoning")
        if reasoning.isNull { return .reset }
        if refusesUnknownMembers { try reasoning.refuseMembers(otherThan: ["effort"]) }
        return try reasoning["effort"].change { reader throws(JSONReadError) in
            try reader.choice()
        }
    }

    private enum TruncationType: String, CaseIterable {
        case retentionRatio = "retention_ratio"
    }

    func truncation(_ reader: JSONReader) throws(JSONReadError) -> Truncation {
        if case .string(let name)? = reader.value {
            switch name {
            case "auto": return .auto
            case "disabled": return .disabled
            default: throw reader.unexpected(expected: ["'auto'", "'disabled'", "an object"])
            }
        }
        _ = try reader.object()
        _ = try reader["type"].choice(of: TruncationType.self)
        let limits = try reader.group("token_limits")
        if refusesUnknownMembers {
            try reader.refuseMembers(otherThan: ["type", "retention_ratio", "token_limits"])
            try limits.refuseMembers(otherThan: ["post_instructions"])
        }
        return .retentionRatio(
            try reader["retention_ratio"].number(in: 0...1),
            postInstructionsTokens: try limits["post_instructions"].present?.integer(in: 0 ... .max)
        )
    }

    func tracing(_ reader: JSONReader) throws(JSONReadError) -> Tracing {
        if case .string(let name)? = reader.value {
            guard name == "auto" else {
                throw reader.unexpected(expected: ["'auto'", "an object"])
            }
            return .auto
        }
        let tracing = try reader.object()
        for name in ["workflow_name", "group_id"] {
            _ = try reader[name].present?.string(maximumLength: WireLimit.traceNameLength)
        }
        let metadata = try reader.group("metadata")
        let limit = WireLimit.traceMetadataByteCount
        guard metadata.value?.serialized().count ?? 0 <= limit else {
            throw JSONReadError(metadata.path, .tooLong(maximum: limit))
        }
        if refusesUnknownMembers {
            try reader.refuseMembers(otherThan: ["workflow_name", "group_id", "metadata"])
        }
        return .configured(tracing)
    }

    func include(_ reader: JSONReader) throws(JSONReadError) -> [ExtraField] {
        var fields: [ExtraField] = []
        for element in try reader.elements(maximumCount: WireLimit.extraCount) {
            fields.append(try element.choice())
        }
        return fields
    }

    // MARK: Unknown members

    func refuseUnknownMembers(
        of session: JSONReader,
        _ kind: SessionKind
    ) throws(JSONReadError) {
        switch (dialect, kind) {
        case (_, .translation): try refuseUnknownMembers(ofTranslation: session)
        case (.ga, .realtime):
            try session.refuseMembers(otherThan: Self.members + Self.echoes)
            try refuseUnknownMembers(ofAudio: session["audio"], ["input", "output"])
        case (.ga, .transcription):
            try session.refuseMembers(otherThan: ["type", "audio", "include"] + Self.echoes)
            try refuseUnknownMembers(ofAudio: session["audio"], ["input"])
        case (.beta, .realtime), (.speaches, _):
            let members = Self.flatInputMembers + Self.flatMembers
            try session.refuseMembers(otherThan: members + Self.echoes)
        case (.beta, .transcription):
            // One generation of the SDK sends `modalities`: no effect.
            let members = Self.flatInputMembers + ["include", "modalities"]
            try session.refuseMembers(otherThan: members + Self.echoes)
        }
    }

    private func refuseUnknownMembers(
        ofTranslation session: JSONReader
    ) throws(JSONReadError) {
        try session.refuseMembers(otherThan: ["type", "model", "audio"] + Self.echoes)
        let audio = session["audio"]
        try audio.refuseMembers(otherThan: ["input", "output"])
        try audio["input"].refuseMembers(otherThan: ["transcription", "noise_reduction"])
        try audio["output"].refuseMembers(otherThan: ["language"])
    }

    private func refuseUnknownMembers(
        ofAudio audio: JSONReader,
        _ directions: [String]
    ) throws(JSONReadError) {
        try audio.refuseMembers(otherThan: directions)
        try audio["input"].refuseMembers(
            otherThan: ["format", "transcription", "noise_reduction", "turn_detection"]
        )
        try audio["output"].refuseMembers(otherThan: ["format", "voice", "speed"])
    }

    private static let members = [
        "type", "model", "output_modalities", "instructions", "tools", "tool_choice",
        "parallel_tool_calls", "reasoning", "max_output_tokens", "truncation", "prompt", "tracing",
        "include", "audio",
    ]

    private static let flatInputMembers = [
        "input_audio_format", "input_audio_transcription", "input_audio_noise_reduction",
        "turn_detection",
    ]

    private static let flatMembers = [
        "model", "modalities", "instructions", "voice", "output_audio_format", "tools",
        "tool_choice", "parallel_tool_calls", "reasoning", "temperature",
        "max_response_output_tokens", "speed", "tracing", "truncation", "prompt", "include",
    ]

    /// What clients send back of what the server sent, and what other servers have: no effect.
    private static let echoes = ["id", "object", "expires_at", "client_secret", "speech_model"]
}
