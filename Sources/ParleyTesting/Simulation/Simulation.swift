internal import ParleyAudio
internal import ParleyNames
package import ParleyRealtime
internal import ParleySession

/// Sessions with random clients, random engines and random time, watched for broken promises.
///
/// Everything follows from the seed, so that a failure can be had again.
package struct Simulation: ~Copyable {
    /// A promise that was broken.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        /// Begins the run that fails.
        package var seed: UInt64
        /// The step that failed, counted from 0.
        package var step: Int
        /// The promises.
        package var promises: [String]
        /// What happened last, where the run kept it.
        package var history: [String]

        /// The seed and the step first: with them it can be had again.
        package var description: String {
            let text = "seed \(seed), step \(step): \(promises.joined(separator: "; "))"
            return ([text] + history).joined(separator: "\n    ")
        }
    }

    private let seed: UInt64
    private var random: SeededRandom
    private var session: any LiveSession & ~Copyable
    private var client: SimulatedClient
    private var engines = SimulatedEngines()
    private var checker = PromiseChecker()
    private var now = Instant()
    private var isOver = false
    private let keepsHistory: Bool
    private var history: [String] = []

    /// Runs steps, in as many sessions as they take, until a promise is broken.
    ///
    /// - Parameters:
    ///   - seed: Decides everything.
    ///   - steps: How many inputs there are.
    /// - Throws: ``Failure``, with the last lines of what happened.
    package static func run(seed: UInt64, steps: Int) throws(Failure) {
        do throws(Failure) {
            try run(seed: seed, steps: steps, keepsHistory: false)
        } catch {
            // Once more, this time taking notes.
            try run(seed: seed, steps: error.step + 1, keepsHistory: true)
            throw error
        }
    }

    /// Runs steps and lists the types of events and the names of effects that came up: what the
    /// random peers reach.
    ///
    /// - Parameters:
    ///   - seed: Decides everything.
    ///   - steps: How many inputs there are.
    ///   - kind: What the sessions are for; nil for sessions of every kind.
    /// - Returns: What came up.
    /// - Throws: ``Failure``.
    package static func reach(
        seed: UInt64,
        steps: Int,
        of kind: SessionKind? = nil
    ) throws(Failure) -> Set<String> {
        Set(try history(seed: seed, steps: steps, of: kind).compactMap(\.subject))
    }

    /// Runs steps and tells what happened, line by line.
    ///
    /// - Parameters:
    ///   - seed: Decides everything.
    ///   - steps: How many inputs there are.
    ///   - kind: What the sessions are for; nil for sessions of every kind.
    /// - Returns: Inputs, events and effects.
    /// - Throws: ``Failure``.
    package static func history(
        seed: UInt64,
        steps: Int,
        of kind: SessionKind? = nil
    ) throws(Failure) -> [String] {
        var random = SeededRandom(seed: seed)
        var lines: [String] = []
        var simulation = Simulation(seed: seed, &random, of: kind, keepsHistory: true)
        for step in 0..<steps {
            if simulation.isOver {
                var next = SeededRandom(seed: simulation.random.next())
                simulation = Simulation(seed: seed, &next, of: kind, keepsHistory: true)
            }
            simulation.step()
            try simulation.check(step)
            lines += simulation.history
            simulation.history = []
        }
        return lines
    }

    /// Runs one session that a fuzzer's bytes decide, until they are used up.
    ///
    /// - Throws: ``Failure``.
    package static func run(bytes: [UInt8]) throws(Failure) {
        var random = SeededRandom(bytes: bytes)
        var simulation = Simulation(seed: 0, &random, keepsHistory: true)
        var step = 0
        while !simulation.random.isExhausted, !simulation.isOver {
            simulation.step()
            try simulation.check(step)
            step += 1
        }
    }

    private static func run(seed: UInt64, steps: Int, keepsHistory: Bool) throws(Failure) {
        var random = SeededRandom(seed: seed)
        var simulation = Simulation(seed: seed, &random, keepsHistory: keepsHistory)
        for step in 0..<steps {
            if simulation.isOver {
                var next = SeededRandom(seed: simulation.random.next())
                simulation = Simulation(seed: seed, &next, keepsHistory: keepsHistory)
            }
            simulation.step()
            try simulation.check(step)
        }
    }

    private mutating func check(_ step: Int) throws(Failure) {
        let broken = checker.takeBroken()
        guard broken.isEmpty else {
            throw Failure(seed: seed, step: step, promises: broken, history: history.suffix(60))
        }
    }

    private init(
        seed: UInt64,
        _ random: inout SeededRandom,
        of kind: SessionKind? = nil,
        keepsHistory: Bool
    ) {
        self.seed = seed
        self.keepsHistory = keepsHistory
        let birth = Self.birth(of: kind, &random)
        let kind = birth.configuration.kind
        client = SimulatedClient(
            of: kind,
            changesFormat: kind != .translation && random.once(in: 3)
        )
        checker.input.countsSamples = !client.changesFormat
        checker.translation.backlog = birth.limits.translationBacklogCount
        checker.instructions.prompts = birth.prompts
        checker.images.isSeeing = birth.seesImages
        session = birth.session()
        self.random = random
        perform(session.start(at: now))
    }

    /// Limits are small, so that they are reached.
    private static func birth(
        of kind: SessionKind?,
        _ random: inout SeededRandom
    ) -> Session.Birth {
        var configuration = SessionConfiguration(model: "parley", voice: .named("slt"))
        let kinds: [SessionKind] = [.realtime, .realtime, .transcription, .translation]
        switch kind ?? random.pick(kinds) {
        case .transcription: configuration = configuration.transcribing(with: "whisper")
        case .translation: configuration = configuration.translating()
        case .realtime, nil: break
        }
        var birth = Session.Birth(
            id: "sess_1",
            configuration: configuration,
            ids: random.once(in: 2) ? .sequential() : IdentifierSource(seed: random.next()),
            unixTime: 1_790_000_000,
            names: SessionNames(voices: NameTable(["slt", "kal"]))
        )
        birth.dialect = random.pick(Dialect.allCases) ?? .ga
        birth.reportsRateLimits = random.once(in: 4)
        birth.speculation = random.pick(Session.Speculation.allCases) ?? .none
        birth.limits.sessionDuration = .seconds(random.number(60...900))
        birth.limits.inputBufferDuration = .seconds(random.number(2...20))
        birth.limits.speechDuration = .seconds(random.number(1...10))
        birth.limits.translationSpeechDuration = .seconds(random.number(1...10))
        birth.limits.translationBacklogCount = random.number(1...6)
        birth.limits.itemCount = random.number(4...60)
        birth.limits.keptAudioSampleCount = random.number(0...400_000)
        birth.limits.responseByteCount = random.number(100...4_000)
        birth.limits.openTranscriptionCount = random.number(1...8)
        birth.limits.responseCount = random.number(1...4)
        birth.limits.openClauseCount = random.number(1...4)
        birth.limits.contextTokenCount = random.once(in: 2) ? random.number(10...200) : nil
        birth.limits.imageByteCount = SimulatedFields.imageByteCount
        birth.limits.conversationImageByteCount = random.number(0...5) << 19
        birth.seesImages = random.once(in: 2)
        birth.prompts = SimulatedFields.prompts
        if random.once(in: 2) { birth.voiceLanguages = ["en"] }
        birth.limits.toolListWait = .seconds(random.number(1...20))
        birth.limits.toolCallWait = .seconds(random.number(1...20))
        birth.limits.toolServerCount = random.number(1...3)
        birth.limits.toolListCount = random.number(2...60)
        birth.limits.toolListPeriod = .seconds(random.number(5...60))
        birth.limits.toolCountPerServer = random.number(1...4)
        birth.limits.runningToolCallCount = random.number(1...3)
        birth.limits.pendingToolCallCount = random.number(1...6)
        birth.limits.toolOutputByteCount = random.number(4...400)
        birth.limits.continuationCount = random.number(0...3)
        birth.continuesAfterTools = random.once(in: 2)
        if random.once(in: 2) {
            let kept = random.number(0...60)
            birth.compaction = Session.CompactionRules(
                limit: .init(tokenCount: kept + random.number(0...60)),
                kept: .init(tokenCount: kept)
            )
        }
        return birth
    }

    private mutating func step() {
        now = now + .milliseconds(random.number(0...40))
        if let deadline = session.deadline, deadline <= now {
            feed(.timeout)
            if let next = session.deadline, next <= now { note(broken: "deadlines pass") }
            return
        }
        switch random.number(0...1_999) {
        case 0: feed(.disconnected)
        case 1: feed(.shutdown)
        case 2...5: feed(.malformed(ProtocolError(.invalidJSON, "No JSON."), clientEventID: nil))
        case 6...9: pass()
        case 10:
            feed(.rateLimits([RateLimit(name: "requests", limit: 9, remaining: 1, reset: .zero)]))
        case 11 where random.once(in: 8):
            feed(.evicted(ProtocolError(.rateLimitExceeded, "No more.", kind: .rateLimit)))
        case 12...20: feedStale()
        // What is due soon, such as a word of a user who stays silent; not the session's end.
        case 21...30: pass(within: .seconds(30))
        case 31...900: feed(.client(client.act(&random)))
        default:
            if let report = engines.report(&random) { feed(report) }
        }
    }

    /// Engines hang: time goes on to the next deadline, if it is near enough.
    private mutating func pass(within limit: Duration = .seconds(86_400)) {
        guard let deadline = session.deadline, deadline <= now + limit else { return }
        now = max(now, deadline)
        feed(.timeout)
    }

    private mutating func feedStale() {
        guard let id = random.pick(engines.past) else { return }
        switch random.number(0...3) {
        case 0: feed(.generation(id, .text("Too late.")))
        case 1: feed(.generation(id, .finished(Session.GenerationResult())))
        case 2: feed(.synthesis(id, .finished(clause: 0)))
        default: feed(.transcription("item_gone", .final(text: "Too late.")))
        }
    }

    private mutating func feed(_ input: Session.Input) {
        note(input.historyLine)
        checker.take(input)
        perform(session.handle(input, at: now))
        guard case .disconnected = input else { return }
        isOver = true
        checker.endOfSession()
    }

    private mutating func perform(_ outputs: [Session.Output]) {
        for output in outputs {
            checker.take(output)
            if keepsHistory, let line = TraceOutput.line(for: output) { note(line) }
            switch output {
            case .send(let event): client.hear(event.body)
            case .perform(.closeConnection(let reason)):
                isOver = true
                if reason.code == 1011 { note(broken: "no poison") }
            case .perform(let effect): engines.perform(effect)
            }
        }
    }

    private mutating func note(_ line: @autoclosure () -> String) {
        guard keepsHistory else { return }
        history.append(String(line().prefix(240)))
        if history.count > 400 { history.removeFirst(200) }
    }

    private mutating func note(broken promise: String) {
        checker.note(broken: promise)
    }
}

extension Session.Input {
    /// One line of a failure's history; audio by its length.
    fileprivate var historyLine: String {
        switch self {
        case .client(let event):
            switch event.body {
            case .inputAudioBufferAppend(let audio), .sessionInputAudioBufferAppend(let audio):
                return "<- append \(audio.count) bytes"
            default: return "<- \(event.body)"
            }
        case .synthesis(let id, .audio(let clause, let frame)):
            return "~~ \(id) audio \(clause) \(frame.samples.count) samples"
        case .speech(let activity): return "~~ speech \(activity.position) \(activity.probability)"
        default: return "~~ \(self)"
        }
    }
}

extension String {
    /// What a line of a history is about: an event's type, an error's code, how a response ended,
    /// an effect's name.
    fileprivate var subject: String? {
        let words = split(separator: " ")
        guard words.count > 1, words[0] == "->" || words[0] == "!!" else { return nil }
        let place =
            switch words[1] {
            // An error that is not the client's has its type before its code.
            case "error": words.count > 3 && words[2].hasSuffix("_error") ? 3 : 2
            case "response.done": 3
            default: 1
            }
        return place < words.count ? String(words[place]) : nil
    }
}
