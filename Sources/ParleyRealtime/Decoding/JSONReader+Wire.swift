public import ParleyJSON

/// How far the wire's ranges go where the reference gives no end: chosen, so that no arithmetic
/// overflows.
package enum WireLimit {
    /// Durations of the turn detection, in milliseconds: as long as the input buffer.
    static let turnDetectionMilliseconds = 600_000
    /// Positions in an item's audio, in milliseconds: a day.
    static let positionMilliseconds = 86_400_000
    /// Ids that a client chooses, in characters: specified.
    static let identifierLength = 32
    /// `event_id` of a client, in characters: specified.
    static let eventIDLength = 512
    /// Audio of one event, in bytes: specified as 15 MiB.
    static let audioByteCount = 15 * 1_024 * 1_024
    /// `max_output_tokens`: specified.
    static let outputTokens = 1...4_096
    /// Instructions, in characters: chosen, beyond the context of any model.
    package static let instructionsLength = 1_048_576
    /// A stored prompt's name and variables, in bytes of JSON: chosen, as the instructions that
    /// come of them.
    static let promptByteCount = 1_048_576
    /// Names of models, voices and functions, in characters: chosen, longer than any that are in
    /// use; each is compared with every alias.
    static let nameLength = 256
    /// What a recogniser is told of the speech, in characters: chosen, far more than recognisers
    /// read.
    static let transcriptionPromptLength = 16_384
    /// Words or languages that a recogniser is told to expect: chosen, beyond what helps it.
    static let hintCount = 1_024
    /// What `include` may name: chosen, more than there is.
    static let extraCount = 16
    /// URL of an image that is elsewhere, in characters: chosen, beyond what servers take.
    static let imageURLLength = 8_192
    /// Names of a trace, in characters: chosen, a log line shows them.
    static let traceNameLength = 256
    /// A trace's metadata, in bytes of JSON: chosen, sixteen pairs as a response may have them.
    static let traceMetadataByteCount = 16_384
    /// Tools of a session or a response: chosen, beyond what any model can tell apart.
    static let toolCount = 1_024
    /// Tools of a session or a response, in bytes of what describes them: chosen, beyond the
    /// context of most models, which read all of it before each answer.
    static let toolsByteCount = 1_048_576
    /// Headers for an MCP server: chosen, more than servers ask for.
    static let headerCount = 64
    /// Label of an MCP server, in characters: chosen, items repeat it.
    static let serverLabelLength = 128
    /// What a client says of an MCP server, in characters: chosen, each of its tools repeats it.
    static let serverDescriptionLength = 4_096
    /// URL of an MCP server, in characters: chosen, beyond what servers take.
    static let serverURLLength = 4_096
    /// Value of a header for an MCP server, in characters: chosen, most servers take 8 kB in all.
    static let headerLength = 8_192
}

extension JSONReader {
    /// What an update says here: nothing, null or a value.
    func change<Value>(
        _ read: (JSONReader) throws(JSONReadError) -> Value
    ) throws(JSONReadError) -> Change<Value> {
        if isAbsent { return .keep }
        if isNull { return .reset }
        return .set(try read(self))
    }

    /// The member of an object; it may be left out, but must be an object where it is not.
    func group(_ key: String) throws(JSONReadError) -> JSONReader {
        let member = self[key]
        _ = try member.present?.object()
        return member
    }

    /// An id that a client chose.
    func identifier<ID: Identifier>(_ kind: ID.Type = ID.self) throws(JSONReadError) -> ID {
        let text = try string(maximumLength: WireLimit.identifierLength)
        guard !text.isEmpty, text.utf8.allSatisfy(Self.isIdentifierByte) else {
            throw unexpected(expected: "letters, digits, '_' and '-'")
        }
        return ID(rawValue: text)
    }

    private static func isIdentifierByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// An id that names something that exists or not: any text.
    func reference<ID: Identifier>(_ kind: ID.Type = ID.self) throws(JSONReadError) -> ID {
        ID(rawValue: try string())
    }

    /// Bytes written as base64.
    func audio() throws(JSONReadError) -> [UInt8] {
        let text = try string()
        let limit = Base64.encodedCount(of: WireLimit.audioByteCount)
        guard text.utf8.count <= limit else { throw JSONReadError(path, .tooLong(maximum: limit)) }
        guard let bytes = Base64.decode(text) else {
            throw JSONReadError(path, .value(found: "other text", expected: "base64 with padding"))
        }
        return bytes
    }

    /// Whole milliseconds.
    func milliseconds(in range: ClosedRange<Int>) throws(JSONReadError) -> Duration {
        .milliseconds(try integer(in: range))
    }

    /// A language by its BCP 47 tag.
    func languageTag() throws(JSONReadError) -> String {
        let tag = try string()
        guard LanguageTag.isWellFormed(tag) else {
            throw unexpected(expected: LanguageTag.description)
        }
        return tag
    }

    /// The label of an MCP server.
    func serverLabel() throws(JSONReadError) -> String {
        let label = try string(maximumLength: WireLimit.serverLabelLength)
        guard !label.isEmpty else { throw unexpected(expected: "a name") }
        return label
    }

    /// A string that says something.
    func name(maximumLength: Int = WireLimit.nameLength) throws(JSONReadError) -> String {
        let name = try string(maximumLength: maximumLength)
        guard !name.isEmpty else { throw unexpected(expected: "a name") }
        return name
    }

    /// Fails if what stands here takes more bytes than that.
    ///
    /// - Parameters:
    ///   - maximum: Most bytes.
    ///   - count: How many there are; those of the JSON, if not given.
    /// - Throws: ``JSONReadError``
    func refuse(
        bytesAbove maximum: Int,
        found count: Int? = nil
    ) throws(JSONReadError) {
        let count = count ?? value?.serialized().count ?? 0
        guard count <= maximum else {
            throw JSONReadError(
                path,
                .value(found: "\(count) bytes", expected: "at most \(maximum)")
            )
        }
    }
}

extension ProtocolError {
    /// Characters of a path that an error repeats: chosen, since strangers choose members' names.
    private static let paramLength = 256

    /// Says what is wrong with a member in the words of the wire.
    public init(_ error: JSONReadError) {
        let code: Code =
            switch error.problem {
            case .missing: .missingRequiredParameter
            case .kind: .invalidType
            case .value: .invalidValue
            case .belowMinimum: .integerBelowMinimum
            case .aboveMaximum: .integerAboveMaximum
            case .tooLong, .keyTooLong: .stringAboveMaximumLength
            case .unknownMember: .unknownParameter
            }
        var error = error
        error.path = String(error.path.unicodeScalars.prefix(Self.paramLength))
        self.init(code, error.description, param: error.path.isEmpty ? nil : error.path)
    }
}
