internal import ParleyAudio
internal import ParleyJSON
internal import ParleyNames
internal import ParleyRealtime
internal import ParleySession

/// Plays a trace's inputs to a session and writes the trace anew, with what the session does.
///
/// A trace is text. Lines that begin with `#` are for readers. `0.500 <- response.create` is a
/// client's event at half a second, and a `{` behind the arrow begins a message by the letter, read
/// as strictly as can be; `~~` is what an engine, the clock or the process reports. `->` is what
/// the session sends, `!!` what it has done. Time only passes between lines; what falls due
/// meanwhile happens. Audio is appended in pieces of 20 ms that take 20 ms each, and a virtual
/// detector hears it.
///
/// The first line may set up the session: `@ voices=slt,kal16 dialect=beta kind=transcription`,
/// with `aliases=alloy:slt` for other names of voices, or `@ kind=translation language=es`.
/// In beta, events have beta's names, and those that it doesn't have are left out.
package struct TracePlayer: ~Copyable {
    private var session: any LiveSession & ~Copyable
    private let dialect: Dialect
    private let kind: SessionKind
    private var detector = VirtualDetector()
    private var now = Instant()
    private var lines: [String] = []
    private var format = AudioFormat.standard
    private var hasStarted = false
    /// Promises are kept in traces too.
    private var checker = PromiseChecker()
    private var messages: [WireMessage] = []

    /// Plays a whole trace.
    ///
    /// - Parameter text: The trace, with or without outputs.
    /// - Returns: The trace with the outputs as they are now.
    /// - Throws: `TraceError` of the first line that can't be read, or that breaks a promise.
    package static func play(_ text: String) throws(TraceError) -> String {
        try played(text).lines.joined(separator: "\n")
    }

    /// Plays a whole trace for what goes over the wire.
    ///
    /// - Parameter text: The trace, with or without outputs.
    /// - Returns: The messages of both sides in their order.
    /// - Throws: As ``play(_:)``.
    package static func messages(of text: String) throws(TraceError) -> [WireMessage] {
        try played(text).messages
    }

    private static func played(_ text: String) throws(TraceError) -> TracePlayer {
        var player = TracePlayer(setup: text.split(separator: "\n").first { $0.hasPrefix("@") })
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            do throws(TraceError) {
                try player.play(line)
            } catch {
                throw TraceError("line \(number + 1): \(error.description)")
            }
        }
        return player
    }

    private init(setup: Substring?) {
        var words = TraceWords(setup?.dropFirst() ?? "")
        var configuration = SessionConfiguration(model: "parley", voice: .named("slt"))
        configuration.instructions.standard = words.member("instructions") ?? ""
        dialect = words.member("dialect").flatMap(Dialect.init) ?? .ga
        kind = words.member("kind").flatMap(SessionKind.init) ?? .realtime
        switch kind {
        case .realtime: break
        case .transcription: configuration = configuration.transcribing(with: "pocketsphinx")
        case .translation:
            configuration.output.language = words.member("language") ?? "en"
            configuration = configuration.translating()
        }
        var birth = Session.Birth(
            id: "sess_1",
            configuration: configuration,
            ids: .sequential(),
            unixTime: 1_790_000_000,
            names: SessionNames(
                voices: Self.voices(&words),
                recognisers: NameTable(["pocketsphinx"], strangers: .trusted)
            )
        )
        birth.dialect = dialect
        if words.member("prompts") == "stored" { birth.prompts = Self.prompts }
        birth.seesImages = words.member("images") == "seen"
        birth.limits.imageByteCount =
            words.member("image_bytes").flatMap(Int.init) ?? birth.limits.imageByteCount
        birth.limits.itemCount = words.member("items").flatMap(Int.init) ?? birth.limits.itemCount
        if let count = words.member("speech").flatMap(Int.init) {
            birth.limits.speechDuration = .seconds(count)
        }
        if let level = words.member("speculation") {
            birth.speculation = .allCases.first { "\($0)" == level } ?? .none
        }
        if let rules = words.member("compaction")?.split(separator: "/").compactMap({ Int($0) }),
            rules.count == 2
        {
            birth.compaction = .init(
                limit: .init(tokenCount: rules[0]),
                kept: .init(tokenCount: rules[1])
            )
        }
        birth.limits.contextTokenCount = words.member("context").flatMap(Int.init)
        birth.limits.contextItemCount = words.member("history").flatMap(Int.init)
        birth.reportsRateLimits = words.member("limits") == "shown"
        birth.setTools(&words)
        birth.spokenLanguage = words.member("spoken")
        birth.voiceLanguages = words.member("voice").map { [$0] } ?? []
        if let count = words.member("backlog").flatMap(Int.init) {
            birth.limits.translationBacklogCount = count
        }
        checker.instructions.prompts = birth.prompts
        checker.images.isSeeing = birth.seesImages
        session = birth.session()
    }

    private static func voices(_ words: inout TraceWords) -> NameTable {
        guard let names = words.member("voices") else { return .unknown }
        let aliases = words.member("aliases")?.split(separator: ",") ?? []
        return NameTable(
            names.split(separator: ",").map(String.init),
            aliases: aliases.compactMap { alias in
                let sides = alias.split(separator: ":", maxSplits: 1)
                guard sides.count == 2, let pattern = NamePattern(sides[0]) else { return nil }
                return NameTable.Alias(pattern, for: String(sides[1]))
            }
        )
    }

    /// What is stored where a trace says so: two versions of one prompt.
    private static let prompts = PromptCatalog([
        StoredPrompt(
            id: "greeting",
            template: PromptTemplate("Greet {{name}} in {{ language }}."),
            defaults: ["language": "English"]
        ),
        StoredPrompt(id: "greeting", version: 2, template: PromptTemplate("Welcome {{name}}.")),
    ])

    private mutating func play(_ line: Substring) throws(TraceError) {
        let rest = line.drop { $0 != " " }.drop { $0 == " " }
        switch rest.prefix(2) {
        case _ where line.isEmpty || line.hasPrefix("#") || line.hasPrefix("@"):
            lines.append(String(line))
        case "->", "!!": return
        case "<-", "~~":
            try pass(until: line.prefix { $0 != " " })
            lines.append("\(time) \(rest)")
            begin()
            if rest.hasPrefix("<-") {
                try act(rest.dropFirst(2))
            } else {
                try report(rest.dropFirst(2))
            }
        default: throw TraceError("expected '<-' or '~~' behind a time, found '\(line)'")
        }
    }

    private mutating func begin() {
        guard !hasStarted else { return }
        hasStarted = true
        perform(session.start(at: now))
    }

    private mutating func act(_ text: Substring) throws(TraceError) {
        let message = text.drop { $0 == " " }
        if message.hasPrefix("{") { return try write(message) }
        var words = TraceWords(text)
        let action = try TraceClientAction(&words, of: dialect.isBeta ? .realtime : kind)
        try words.expectEnd()
        switch action {
        case .send(let event):
            if case .sessionUpdate(let update) = event.body { follow(update) }
            feed(.client(event))
        case .say(let length, let isSpeech, let atOnce, let id):
            say(length, isSpeech: isSpeech, atOnce: atOnce, id)
        }
    }

    private mutating func write(_ message: Substring) throws(TraceError) {
        let bytes = Array(message.utf8)
        var decoder = EventDecoder(dialect: dialect)
        decoder.refusesUnknownMembers = true
        decoder.kind = kind
        do {
            let json = try JSON.parse(bytes)
            let event = try decoder.decode(bytes)
            if case .sessionUpdate(let update) = event.body { follow(update) }
            record(.client, json)
            take(.client(event))
        } catch {
            throw TraceError("\(error)")
        }
    }

    private mutating func follow(_ update: SessionUpdate) {
        if case .set(let format) = update.inputFormat { self.format = format }
    }

    private mutating func say(_ length: Duration, isSpeech: Bool, atOnce: Bool, _ id: EventID?) {
        let step = atOnce ? length : .milliseconds(20)
        var said = Duration.zero
        while said < length {
            let piece = min(step, length - said)
            if !atOnce { try? pass(by: piece) }
            let samples = isSpeech ? TraceVoice.speech(piece) : TraceVoice.silence(piece)
            var encoder = AudioEncoder(format)
            let bytes = encoder.encode(samples) + encoder.finish()
            let isTranslated = kind == .translation
            let append: ClientEvent.Body =
                isTranslated
                ? .sessionInputAudioBufferAppend(audio: bytes)
                : .inputAudioBufferAppend(audio: bytes)
            feed(.client(ClientEvent(id: id, append)))
            said += piece
        }
    }

    private mutating func report(_ text: Substring) throws(TraceError) {
        var words = TraceWords(text)
        if text.drop(while: { $0 == " " }) == "wait" { return }
        let input = try Session.Input(trace: &words)
        try words.expectEnd()
        feed(input)
    }
}

extension Session.Birth {
    /// What a trace sets up about MCP: `auto_continue`, `mcp_hosts`, `servers`, `lists`, `pending`,
    /// `running`, `tools`.
    fileprivate mutating func setTools(_ words: inout TraceWords) {
        continuesAfterTools = words.member("auto_continue") == "true"
        toolServers.isEnabled = words.member("mcp") != "off"
        toolServers.hosts = words.member("mcp_hosts").map { [$0] } ?? []
        func limit(_ name: String, _ fallback: Int) -> Int {
            words.member(name).flatMap(Int.init) ?? fallback
        }
        limits.toolServerCount = limit("servers", limits.toolServerCount)
        limits.toolListCount = limit("lists", limits.toolListCount)
        limits.pendingToolCallCount = limit("pending", limits.pendingToolCallCount)
        limits.runningToolCallCount = limit("running", limits.runningToolCallCount)
        limits.toolCountPerServer = limit("tools", limits.toolCountPerServer)
        limits.toolOutputByteCount = limit("output", limits.toolOutputByteCount)
        limits.continuationCount = limit("continuations", limits.continuationCount)
    }
}

extension TracePlayer {
    private mutating func feed(_ input: Session.Input) {
        if case .client(let event) = input { record(.client, event.json(in: dialect)) }
        take(input)
    }

    private mutating func take(_ input: Session.Input) {
        checker.take(input)
        perform(session.handle(input, at: now))
    }

    private mutating func perform(_ outputs: [Session.Output]) {
        var verdicts: [Session.SpeechActivity] = []
        for output in outputs {
            checker.take(output)
            for promise in checker.takeBroken() { note("?? \(promise)") }
            if let line = TraceOutput.line(for: output, in: dialect) { note(line) }
            if case .send(let event) = output { record(event) }
            guard case .perform(let effect) = output else { continue }
            switch effect {
            case .detect(let frame, let position):
                verdicts += detector.detect(frame, at: position)
            case .resetDetection: detector.reset()
            default: break
            }
        }
        for verdict in verdicts { feed(.speech(verdict)) }
    }

    private mutating func record(_ event: ServerEvent) {
        let bytes = EventEncoder(dialect: dialect).encode(event)
        if let message = bytes.flatMap({ try? JSON.parse($0) }) { record(.server, message) }
    }

    private mutating func record(_ sender: WireMessage.Sender, _ json: JSON) {
        messages.append(WireMessage(sender: sender, dialect: dialect, kind: kind, json: json))
    }

    /// Writes a line; the same again is counted.
    private mutating func note(_ text: String) {
        let line = "\(time) \(text)"
        guard let last = lines.last, last == line || last.hasPrefix(line + " ×") else {
            lines.append(line)
            return
        }
        let count = Int(last.dropFirst(line.count + 2)) ?? 1
        lines[lines.count - 1] = "\(line) ×\(count + 1)"
    }

    private mutating func pass(until text: Substring) throws(TraceError) {
        guard let seconds = Double(text) else {
            throw TraceError("expected a time in seconds, found '\(text)'")
        }
        let moment = Instant(.milliseconds(Int((seconds * 1_000).rounded())))
        guard moment >= now else { throw TraceError("time goes back to \(text)") }
        begin()
        try pass(by: moment - now)
    }

    /// Lets time pass; what falls due meanwhile happens at its moment.
    private mutating func pass(by length: Duration) throws(TraceError) {
        let end = now + length
        while let deadline = session.deadline, deadline <= end {
            now = max(now, deadline)
            feed(.timeout)
            guard session.deadline != deadline else {
                throw TraceError("a deadline stays in the past")
            }
        }
        now = end
    }

    private var time: String {
        let milliseconds = Int(now.sinceOrigin / .milliseconds(1))
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        return "\(milliseconds / 1_000).\(fraction)"
    }
}
