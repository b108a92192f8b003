internal import ParleyAudio
internal import ParleyJSON

/// Reads the members that sessions and responses have in common.
struct MemberDecoder {
    let dialect: Dialect
    let isStrict: Bool

    // MARK: Modalities

    /// Where the modalities stand: the GA name, or the one of beta and LocalAI.
    func modalities(of owner: JSONReader) -> JSONReader {
        either("output_modalities", orBeta: "modalities", of: owner)
    }

    /// Where the limit stands, whose name differs in sessions, and in what the beta SDK sends.
    func maximumOutputTokens(of owner: JSONReader) -> JSONReader {
        either("max_output_tokens", orBeta: "max_response_output_tokens", of: owner)
    }

    /// The member under the dialect's own name; under the other one where nothing is refused.
    private func either(
        _ name: String,
        orBeta betaName: String,
        of owner: JSONReader
    ) -> JSONReader {
        let (own, other) = dialect.isBeta ? (betaName, name) : (name, betaName)
        return owner[own].isAbsent && !isStrict ? owner[other] : owner[own]
    }

    /// GA takes one of the two; audio always has its transcript.
    func outputModality(_ reader: JSONReader) throws(JSONReadError) -> OutputModality {
        var names: [OutputModality] = []
        for element in try reader.elements() { names.append(try element.choice()) }
        if names.count == 1 { return names[0] }
        // Under the other name, both together is how beta says audio.
        let isBeta = !reader.path.hasSuffix("output_modalities")
        if isBeta, Set(names).count == 2 { return .audio }
        throw JSONReadError(
            reader.path,
            .value(
                found: "\(names.count) modalities",
                expected: "\(isBeta ? "['audio', 'text']" : "['audio']") or ['text']"
            )
        )
    }

    // MARK: Limits and references

    func outputTokenLimit(_ reader: JSONReader) throws(JSONReadError) -> OutputTokenLimit {
        guard case .string(let text)? = reader.value else {
            return .tokens(try reader.integer(in: WireLimit.outputTokens))
        }
        guard text == "inf" else {
            throw reader.unexpected(expected: "a number of tokens or 'inf'")
        }
        return .infinite
    }

    /// The documented range is narrower; engines take more.
    func temperature(_ reader: JSONReader) throws(JSONReadError) -> Double {
        try reader.number(in: 0...2)
    }

    func prompt(_ reader: JSONReader) throws(JSONReadError) -> JSONObject {
        let prompt = try reader.object()
        _ = try reader["id"].name()
        _ = try reader["version"].present?.string(maximumLength: WireLimit.nameLength)
        try reader.refuse(bytesAbove: WireLimit.promptByteCount)
        let variables = try reader.group("variables")
        for member in variables.present?.value?.object?.members ?? [] {
            try checkVariable(variables[member.key])
        }
        if isStrict { try reader.refuseMembers(otherThan: ["id", "version", "variables"]) }
        return prompt
    }

    /// A text, or a content part that is one: nothing else fits into instructions.
    private func checkVariable(_ reader: JSONReader) throws(JSONReadError) {
        guard case .object? = reader.value else {
            _ = try reader.string()
            return
        }
        guard reader["type"].value == "input_text" else {
            throw reader["type"].unexpected(expected: "'input_text'")
        }
        _ = try reader["text"].string()
    }

    // MARK: Audio

    private enum FormatName: String, CaseIterable {
        case pcm = "audio/pcm"
        case pcmu = "audio/pcmu"
        case pcma = "audio/pcma"
    }

    private static let betaFormats: [String: AudioFormat] = [
        "pcm16": .standard, "g711_ulaw": .pcmu, "g711_alaw": .pcma,
    ]

    /// Rates that the resampler takes, in Hz: other servers' clients use some of them.
    private static let sampleRates = 8_000...48_000

    func audioFormat(_ reader: JSONReader) throws(JSONReadError) -> AudioFormat {
        if case .string(let name)? = reader.value {
            guard let format = Self.betaFormats[name] else {
                throw reader.unexpected(expected: [
                    "'pcm16'", "'g711_ulaw'", "'g711_alaw'", "an object",
                ])
            }
            return format
        }
        _ = try reader.object()
        let name = try reader["type"].present?.choice(of: FormatName.self) ?? .pcm
        if isStrict {
            try reader.refuseMembers(otherThan: name == .pcm ? ["type", "rate"] : ["type"])
        }
        switch name {
        case .pcm:
            let rate = try reader["rate"].present?.integer(in: Self.sampleRates)
            return .pcm(sampleRate: rate ?? AudioFormat.sessionSampleRate)
        case .pcmu: return .pcmu
        case .pcma: return .pcma
        }
    }

    func voice(_ reader: JSONReader) throws(JSONReadError) -> Voice {
        guard case .object? = reader.value else { return .named(try reader.name()) }
        if isStrict { try reader.refuseMembers(otherThan: ["id"]) }
        return .custom(id: try reader["id"].name())
    }
}
