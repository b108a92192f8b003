internal import ParleyJSON

/// Reads the members of `audio.input` that are objects.
///
/// - Source: Realtime protocol, "turn_detection", "Input transcription config".
struct InputDecoder {
    let isStrict: Bool

    // MARK: Transcription

    private enum Delay: String, CaseIterable {
        case minimal, low, medium, high, xhigh
    }

    func transcription(_ reader: JSONReader) throws(JSONReadError) -> TranscriptionUpdate {
        _ = try reader.object()
        var update = TranscriptionUpdate()
        update.model = try reader["model"].change { reader throws(JSONReadError) in
            try reader.name()
        }
        update.language = try reader["language"].change { reader throws(JSONReadError) in
            try reader.languageTag()
        }
        update.prompt = try reader["prompt"].change { reader throws(JSONReadError) in
            try reader.string(maximumLength: WireLimit.transcriptionPromptLength)
        }
        for name in ["languages", "keywords", "delay"] where reader[name].isNull {
            update.extras[name] = .null
        }
        if let keywords = reader["keywords"].present {
            for element in try keywords.elements(maximumCount: WireLimit.hintCount) {
                _ = try shortText(element)
            }
            update.extras["keywords"] = keywords.value
        }
        if let languages = reader["languages"].present {
            update.extras["languages"] = try list(of: languages)
        }
        if let delay = try reader["delay"].present?.choice(of: Delay.self) {
            update.extras["delay"] = .string(delay.rawValue)
        }
        if isStrict {
            try reader.refuseMembers(
                otherThan: ["model", "language", "prompt", "languages", "keywords", "delay"]
            )
        }
        return update
    }

    private func list(of languages: JSONReader) throws(JSONReadError) -> JSON? {
        let tags = try languages.elements(maximumCount: WireLimit.hintCount)
        for tag in tags { _ = try tag.languageTag() }
        guard !tags.isEmpty else {
            let expected = "at least one language"
            throw JSONReadError(languages.path, .value(found: "empty", expected: expected))
        }
        return languages.value
    }

    // MARK: Noise reduction

    /// Members that are missing keep what they are, as the published schema has it.
    func noiseReduction(
        _ reader: JSONReader
    ) throws(JSONReadError) -> Change<NoiseReductionUpdate> {
        try reader.change { reader throws(JSONReadError) in
            _ = try reader.object()
            if isStrict { try reader.refuseMembers(otherThan: ["type", "strength"]) }
            return NoiseReductionUpdate(
                try reader["type"].present?.choice(),
                strength: try reader["strength"].present?.number(in: 0...1)
            )
        }
    }

    // MARK: Turn detection

    /// Null, and `{type: "none"}` of old clients, switch it off.
    func turnDetection(
        _ reader: JSONReader
    ) throws(JSONReadError) -> Change<TurnDetectionUpdate> {
        if reader["type"].value == "none", !isStrict { return .reset }
        return try reader.change(turnDetectionUpdate)
    }

    /// Members of the other kind are ignored: clients send mixtures.
    private func turnDetectionUpdate(
        _ reader: JSONReader
    ) throws(JSONReadError) -> TurnDetectionUpdate {
        _ = try reader.object()
        var update = TurnDetectionUpdate()
        update.kind = try reader["type"].present?.choice()
        if update.kind != .semanticVAD { try readServerVAD(reader, into: &update) }
        if update.kind != .serverVAD {
            update.eagerness = try reader["eagerness"].change { reader throws(JSONReadError) in
                try reader.choice()
            }
        }
        update.createsResponse = try reader["create_response"].change(boolean)
        update.interruptsResponse = try reader["interrupt_response"].change(boolean)
        if isStrict { try reader.refuseMembers(otherThan: Self.turnDetectionMembers) }
        return update
    }

    private func readServerVAD(
        _ reader: JSONReader,
        into update: inout TurnDetectionUpdate
    ) throws(JSONReadError) {
        update.threshold = try reader["threshold"].change { reader throws(JSONReadError) in
            try reader.number(in: 0...1)
        }
        update.prefixPadding = try reader["prefix_padding_ms"].change(milliseconds)
        update.silenceDuration = try reader["silence_duration_ms"].change(milliseconds)
        update.idleTimeout = try reader["idle_timeout_ms"].change { reader throws(JSONReadError) in
            try reader.milliseconds(in: 5_000...30_000)
        }
    }

    /// `model_version` is what one client library sends: no effect.
    private static let turnDetectionMembers = [
        "type", "threshold", "prefix_padding_ms", "silence_duration_ms", "idle_timeout_ms",
        "eagerness", "create_response", "interrupt_response", "model_version",
    ]

    private func milliseconds(_ reader: JSONReader) throws(JSONReadError) -> Duration {
        try reader.milliseconds(in: 0...WireLimit.turnDetectionMilliseconds)
    }

    private func shortText(_ reader: JSONReader) throws(JSONReadError) -> String {
        try reader.string(maximumLength: WireLimit.nameLength)
    }

    private func boolean(_ reader: JSONReader) throws(JSONReadError) -> Bool {
        try reader.boolean()
    }
}
