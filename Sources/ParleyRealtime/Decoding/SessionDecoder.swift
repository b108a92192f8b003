public import ParleyJSON

/// Reads the session object as clients write it, in `session.update` and in REST bodies.
///
/// - Source: Realtime protocol, "Realtime session, GA", "Dialect", "Session".
public struct SessionDecoder: Sendable {
    /// Which shape the object has; GA takes a flat one, too, where it is not strict.
    public var dialect: Dialect
    /// Fails with `unknown_parameter` instead of ignoring, and takes no aliases.
    public var refusesUnknownMembers: Bool

    /// Makes a decoder.
    public init(dialect: Dialect = .ga, refusesUnknownMembers: Bool = false) {
        self.dialect = dialect
        self.refusesUnknownMembers = refusesUnknownMembers
    }

    /// Reads a session object.
    ///
    /// - Parameters:
    ///   - session: The object; nil where it is missing.
    ///   - path: Where it stands, for errors.
    ///   - kind: What the session is for, where that is known; nil where the object may say it.
    /// - Returns: The members that it names.
    /// - Throws: ``ProtocolError`` for the first member that is wrong.
    public func decode(
        _ session: JSON?,
        path: String = "session",
        of kind: SessionKind? = nil
    ) throws(ProtocolError) -> SessionUpdate {
        do throws(JSONReadError) {
            return try update(JSONReader(session, path: path), of: kind)
        } catch {
            throw ProtocolError(error)
        }
    }

    var members: MemberDecoder {
        MemberDecoder(dialect: dialect, isStrict: refusesUnknownMembers)
    }

    /// Reads an update.
    ///
    /// - Parameters:
    ///   - session: The object.
    ///   - kind: What the session is for, where the event says it; nil where the object may.
    /// - Returns: The members that it names.
    /// - Throws: ``JSONReadError`` for the first member that is wrong.
    func update(
        _ session: JSONReader,
        of kind: SessionKind? = nil
    ) throws(JSONReadError) -> SessionUpdate {
        _ = try session.object()
        var update = SessionUpdate()
        update.kind = try session["type"].present?.choice()
        let kind = kind ?? update.kind
        let places = try places(in: session, of: kind)
        try readModelMembers(session, places, into: &update)
        try readConversationMembers(session, into: &update)
        try readInput(places, into: &update)
        update.outputFormat = try places.outputFormat.change(members.audioFormat)
        update.voice = try places.voice.change(members.voice)
        update.speed = try places.speed.change { reader throws(JSONReadError) in
            try reader.number(in: 0.25...1.5)
        }
        if kind == .translation { try readLanguage(session, into: &update) }
        if refusesUnknownMembers { try refuseUnknownMembers(of: session, kind ?? .realtime) }
        return update
    }

    private func readModelMembers(
        _ session: JSONReader,
        _ places: Places,
        into update: inout SessionUpdate
    ) throws(JSONReadError) {
        update.model = try session["model"].change(name)
        update.outputModality = try places.modalities.change(members.outputModality)
        update.instructions = try session["instructions"].change(instructions)
        update.tools = try session["tools"].change { reader throws(JSONReadError) in
            try members.tools(reader)
        }
        update.toolChoice = try session["tool_choice"].change(members.toolChoice)
        update.allowsParallelToolCalls = try session["parallel_tool_calls"].change(boolean)
        update.reasoningEffort = try reasoningEffort(session)
        update.maximumOutputTokens = try places.maximumOutputTokens.change(members.outputTokenLimit)
        update.temperature = try places.temperature.change(members.temperature)
    }

    private func readConversationMembers(
        _ session: JSONReader,
        into update: inout SessionUpdate
    ) throws(JSONReadError) {
        update.truncation = try session["truncation"].change(truncation)
        update.prompt = try session["prompt"].change(members.prompt)
        update.tracing = try session["tracing"].change(tracing)
        update.include = try session["include"].change(include)
    }

    private func readInput(
        _ places: Places,
        into update: inout SessionUpdate
    ) throws(JSONReadError) {
        let input = InputDecoder(isStrict: refusesUnknownMembers)
        update.inputFormat = try places.inputFormat.change(members.audioFormat)
        update.transcription = try places.transcription.change(input.transcription)
        update.noiseReduction = try input.noiseReduction(places.noiseReduction)
        update.turnDetection = try input.turnDetection(places.turnDetection)
    }

    private func readLanguage(
        _ session: JSONReader,
        into update: inout SessionUpdate
    ) throws(JSONReadError) {
        let language = session["audio"]["output"]["language"]
        update.outputLanguage = try language.change { reader throws(JSONReadError) in
            try reader.languageTag()
        }
    }

    private func instructions(_ reader: JSONReader) throws(JSONReadError) -> String {
        try reader.string(maximumLength: WireLimit.instructionsLength)
    }

    private func name(_ reader: JSONReader) throws(JSONReadError) -> String {
        try reader.name()
    }

    private func boolean(_ reader: JSONReader) throws(JSONReadError) -> Bool {
        try reader.boolean()
    }
}
