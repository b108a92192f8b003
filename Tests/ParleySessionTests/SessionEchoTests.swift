import ParleyAudio
import ParleyJSON
import ParleyRealtime
import ParleyTesting
import Testing

@testable import ParleySession

/// Clients read the session they are shown, change a member and send the whole of it back.
@Suite("Sessions that are sent back")
struct SessionEchoTests {
    private static let seeds = 1...200

    @Test("The session as it was shown is taken, and changes nothing", arguments: seeds)
    func asShown(seed: Int) throws {
        for shape in Shape.all {
            let sent = try expectTaken(seed, shape) { $0 }
            #expect(sent.before == sent.after)
        }
    }

    @Test("So is one with null in every place that may have it", arguments: seeds)
    func withNulls(seed: Int) throws {
        let sent = try expectTaken(seed, Shape(dialect: .ga, kind: .realtime)) { shown in
            var shown = shown
            for member in ["reasoning", "parallel_tool_calls", "client_secret"]
            where shown[member] == nil {
                shown[member] = .null
            }
            return shown
        }
        #expect(sent.before == sent.after)
    }

    @Test("So is one whose whole numbers a client wrote anew", arguments: seeds)
    func withOtherNumbers(seed: Int) throws {
        for shape in Shape.all {
            _ = try expectTaken(seed, shape) { shown in
                JSONObject(shown.members.map { ($0.key, $0.value.withOtherNumbers) })
            }
        }
    }

    /// How a session is shown, and what it is for.
    private struct Shape {
        var dialect: Dialect
        var kind: SessionKind

        static let all = Dialect.allCases.flatMap { dialect in
            SessionKind.allCases.map { Shape(dialect: dialect, kind: $0) }
        }

        func shown(_ session: SessionObject) -> JSON {
            (try? JSON.parse(WrittenSession(session, in: dialect).serialized())) ?? .null
        }
    }

    /// What was shown before it was sent back, and what is shown afterwards.
    private func expectTaken(
        _ seed: Int,
        _ shape: Shape,
        _ change: (JSONObject) -> JSONObject
    ) throws -> (before: [UInt8], after: [UInt8]) {
        var random = SeededRandom(seed: UInt64(seed))
        var configuration = SessionConfiguration.random(&random)
        if shape.kind == .transcription {
            configuration = configuration.transcribing(with: "whisper")
        }
        var test = TestSession(voices: ["slt"]) { $0 = configuration }
        var after = shape.shown(test.session.object)
        let before = after.serialized()
        let shown = try #require(after.object)
        for isStrict in [false, true] {
            let decoder = SessionDecoder(dialect: shape.dialect, refusesUnknownMembers: isStrict)
            let update = try decoder.decode(.object(change(shown)))
            let events = test.send(.sessionUpdate(update))
            guard case .sessionUpdated(let session)? = events.first else {
                Issue.record("\(shown) gave \(events)")
                continue
            }
            after = shape.shown(session)
        }
        return (before, after.serialized())
    }
}

extension JSON {
    /// Whole numbers with a fraction, and numbers with none without it.
    fileprivate var withOtherNumbers: JSON {
        switch self {
        case .integer(let integer): .number(Double(integer))
        case .number(let number): integer.map { .integer($0) } ?? .number(number)
        case .array(let elements): .array(elements.map(\.withOtherNumbers))
        case .object(let object):
            .object(JSONObject(object.members.map { ($0.key, $0.value.withOtherNumbers) }))
        case .null, .bool, .string: self
        }
    }
}

// MARK: - Any session that there can be

extension SessionConfiguration {
    fileprivate static func random(_ random: inout SeededRandom) -> Self {
        var session = Self(model: "parley", voice: .random(&random))
        session.outputModality = random.pick(OutputModality.allCases) ?? .audio
        session.instructions.standard = random.pick(["", "Be brief.", "„Sei knapp“\n\u{0}🙂"]) ?? ""
        session.tools = (0..<random.number(0...3)).map { .random($0, &random) }
        session.toolChoice = .random(session.tools, &random)
        session.allowsParallelToolCalls = random.pick([nil, true, false]) ?? nil
        session.reasoningEffort = random.pick(ReasoningEffort.allCases.map { $0 } + [nil]) ?? nil
        if random.once(in: 2) { session.maximumOutputTokens = .tokens(random.number(1...4_096)) }
        session.truncation = .random(&random)
        session.tracing = .random(&random)
        session.include = random.pick([nil, [], [.transcriptionLogprobs]]) ?? nil
        session.input = .random(&random)
        session.output.format = .random(&random)
        session.output.speed = 0.25 + Double(random.number(0...125)) / 100
        return session
    }
}

extension SessionConfiguration.Input {
    fileprivate static func random(_ random: inout SeededRandom) -> Self {
        var input = Self()
        input.format = .random(&random)
        let strengths: [Double?] = [nil, 0.25]
        input.noiseReduction = random.pick(NoiseReduction.Kind.allCases.map { $0 } + [nil])?
            .map { NoiseReduction($0, strength: random.pick(strengths) ?? nil) }
        input.turnDetection = .random(&random)
        guard random.once(in: 2) else { return input }
        var transcription = InputTranscription()
        transcription.model = random.pick([nil, "whisper-1"]) ?? nil
        transcription.language = random.pick([nil, "en"]) ?? nil
        transcription.prompt = random.pick([nil, "", "Parley"]) ?? nil
        if random.once(in: 3) { transcription.extras["languages"] = ["en", "de"] }
        if random.once(in: 3) { transcription.extras["keywords"] = [] }
        if random.once(in: 3) { transcription.extras["delay"] = "xhigh" }
        input.transcription = transcription
        return input
    }
}

extension TurnDetection? {
    fileprivate static func random(_ random: inout SeededRandom) -> Self {
        switch random.number(0...3) {
        case 0: return nil
        case 1:
            var vad = SemanticVAD()
            vad.eagerness = random.pick(SemanticVAD.Eagerness.allCases) ?? .auto
            vad.createsResponse = random.once(in: 2)
            vad.interruptsResponse = random.once(in: 2)
            return .semanticVAD(vad)
        default:
            var vad = ServerVAD()
            vad.threshold = Double(random.number(0...1_000)) / 1_000
            vad.prefixPadding = .milliseconds(random.number(0...5_000))
            vad.silenceDuration = .milliseconds(random.number(0...600_000))
            vad.createsResponse = random.once(in: 2)
            vad.interruptsResponse = random.once(in: 2)
            if random.once(in: 2) {
                vad.idleTimeout = .milliseconds(random.number(5_000...30_000))
            }
            return .serverVAD(vad)
        }
    }
}

extension AudioFormat {
    fileprivate static func random(_ random: inout SeededRandom) -> Self {
        let rate = random.number(8_000...48_000)
        return random.pick([.standard, .pcmu, .pcma, .pcm(sampleRate: rate)]) ?? .standard
    }
}

extension Voice {
    /// Also one that the pipeline doesn't have: whoever configured it knows why.
    fileprivate static func random(_ random: inout SeededRandom) -> Self {
        random.pick([.named("slt"), .custom(id: "slt"), .named("unheard-of")]) ?? .named("slt")
    }
}

extension Truncation {
    fileprivate static func random(_ random: inout SeededRandom) -> Self {
        switch random.number(0...2) {
        case 0: .auto
        case 1: .disabled
        default:
            .retentionRatio(
                Double(random.number(0...1_000)) / 1_000,
                postInstructionsTokens: random.pick([nil, 0, 1 << 40]) ?? nil
            )
        }
    }
}

extension Tracing? {
    fileprivate static func random(_ random: inout SeededRandom) -> Self {
        switch random.number(0...3) {
        case 0: return nil
        case 1: return .auto
        case 2: return .configured([:])
        default:
            let list: JSON = [0.1, .null, true]
            return .configured([
                "workflow_name": .null, "group_id": "g",
                "metadata": ["a": 1, "b": 2.0, "c": list, "d": .integer(.max >> 11)],
            ])
        }
    }
}

extension Tool {
    fileprivate static func random(_ index: Int, _ random: inout SeededRandom) -> Self {
        var function = FunctionTool(name: "f\(index)")
        function.description = random.pick([nil, "", "Tells the time."]) ?? nil
        function.parameters = random.pick([nil, [:], ["type": "object", "minimum": 1]]) ?? nil
        return .function(function)
    }
}

extension ToolChoice {
    fileprivate static func random(_ tools: [Tool], _ random: inout SeededRandom) -> Self {
        guard case .function(let function)? = random.pick(tools), random.once(in: 2) else {
            return random.pick([.auto, .none, .required]) ?? .auto
        }
        return .function(name: function.name)
    }
}
