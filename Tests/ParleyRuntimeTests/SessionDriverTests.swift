import ParleyAudio
import ParleyEngine
import ParleyJSON
import ParleyNetwork
import ParleyNetworkTesting
import ParleyRealtime
import ParleySession
import Testing

@testable import ParleyRuntime

/// The driver with a real loop, scripted engines and a peer that remembers.
@Suite(.timeLimit(.minutes(1))) struct SessionDriverTests {
    @Test("A session begins with session.created")
    func beginsWithSessionCreated() async throws {
        try await withSession { driver, peer in
            let event = await peer.first("session.created")
            #expect(event["session"]?["model"] == "test")
        }
    }

    @Test("A text turn is answered in order and ends with response.done")
    func answersText() async throws {
        try await withSession { driver, peer in
            await driver.receive(
                #"{"type":"session.update","session":{"output_modalities":["text"]}}"#
            )
            await driver.receive(Self.userMessage)
            await driver.receive(#"{"type":"response.create"}"#)
            let done = await peer.first("response.done")
            #expect(done["response"]?["status"] == "completed")
            let text = await peer.first("response.output_text.done")
            #expect(text["text"] == "Hello there. How are you?")
        }
    }

    @Test("A spoken answer has the audio of every clause")
    func answersSpeech() async throws {
        try await withSession { driver, peer in
            await driver.receive(Self.userMessage)
            await driver.receive(#"{"type":"response.create"}"#)
            _ = await peer.first("response.done")
            // Two clauses of a tenth of a second each: 4,800 samples, 9,600 bytes.
            #expect(peer.audioByteCount == 9_600)
        }
    }

    @Test("Speech is heard, understood and answered")
    func holdsSpokenTurn() async throws {
        try await withSession { driver, peer in
            await driver.receive(Self.append(Self.loud(seconds: 1)))
            await driver.receive(Self.append(Self.silence(seconds: 1)))
            _ = await peer.first("response.done")
            let order = peer.types.filter { !$0.contains("delta") }
            #expect(
                order.prefix(4) == [
                    "session.created", "input_audio_buffer.speech_started",
                    "input_audio_buffer.speech_stopped", "input_audio_buffer.committed",
                ]
            )
        }
    }

    @Test("A message is handled after the verdicts on the audio before it")
    func judgesBeforeNextMessage() async throws {
        try await withSession { driver, peer in
            await driver.receiveInOneTurn([
                Self.append(Self.loud(seconds: 1)),
                #"{"type":"input_audio_buffer.commit"}"#,
                Self.append(Self.loud(seconds: 1)),
                #"{"type":"input_audio_buffer.clear"}"#,
            ])
            let order = peer.types.filter { $0.hasPrefix("input_audio_buffer") }
            #expect(
                order == [
                    "input_audio_buffer.speech_started", "input_audio_buffer.committed",
                    "input_audio_buffer.speech_started", "input_audio_buffer.cleared",
                ]
            )
        }
    }

    @Test("Others have their turn while long audio is heard, and all of it is")
    func hearsInPieces() async throws {
        try await withSession { driver, peer in
            let audio = Self.append(Self.loud(seconds: 8) + Self.silence(seconds: 4))
            let meanwhile = await driver.receive(
                audio,
                beside: peer,
                hearing: "input_audio_buffer.speech_started"
            )
            #expect(!meanwhile.contains("input_audio_buffer.speech_stopped"))
            #expect(peer.types.contains("input_audio_buffer.speech_stopped"))
        }
    }

    @Test("A session that ends has its last audio judged before")
    func judgesBeforeEnd() async throws {
        try await withSession { driver, peer in
            await driver.receiveAndEnd(Self.append(Self.loud(seconds: 1)))
            #expect(peer.types.contains("input_audio_buffer.speech_started"))
        }
    }

    @Test("A text that is known from the pause is not waited for when the turn is over")
    func speculates() async throws {
        let (answers, continuation) = AsyncStream.makeStream(of: Void.self)
        var engines = Engines()
        engines.transcription.isSpeculative = true
        engines.transcription.answered = continuation
        try await withSession(engines) { driver, peer in
            await driver.receive(Self.append(Self.loud(seconds: 1)))
            await driver.receive(Self.append(Array(Self.silence(seconds: 1).prefix(7_200))))
            for await _ in answers { break }
            #expect(!peer.types.contains("input_audio_buffer.speech_stopped"))
            await driver.receive(Self.append(Self.silence(seconds: 1)))
            let done = await peer.first("response.done")
            #expect(done["response"]?["status"] == "completed")
        }
    }

    @Test(
        "A recogniser that ends late leaves its item's next one alone",
        .timeLimit(.minutes(1))
    )
    func keepsNextFeed() async throws {
        let update = #"{"type":"session.update","session":{"type":"realtime","audio":{"input":"#
        let detection = #"{"type":"server_vad"}"#
        try await withSession { driver, peer in
            await driver.receiveInOneTurn([
                Self.append(Self.loud(seconds: 1)),
                update + #"{"turn_detection":null}}}}"#,
                update + #"{"turn_detection":\#(detection)}}}}"#,
                Self.append(Self.loud(seconds: 1)),
            ])
            await driver.receive(Self.append(Self.silence(seconds: 1)))
            let done = await peer.first("response.done")
            #expect(done["response"]?["status"] == "completed")
        }
    }

    @Test("Cancelling a response stops its engine call")
    func cancelsGeneration() async throws {
        var engines = Engines()
        engines.language.staysSilentUntilCancelled = true
        try await withSession(engines) { driver, peer in
            await driver.receive(Self.userMessage)
            await driver.receive(#"{"type":"response.create"}"#)
            _ = await peer.first("response.output_audio.delta")
            await driver.receive(#"{"type":"response.cancel"}"#)
            let done = await peer.first("response.done")
            #expect(done["response"]?["status"] == "cancelled")
        }
    }

    @Test("A session that ends stops an engine that hangs, and waits for its end")
    func endsWhileEngineHangs() async throws {
        var engines = Engines()
        engines.speech.hangs = true
        let metrics = MetricsRegistry()
        try await withSession(engines, metrics: metrics) { driver, peer in
            await driver.receive(Self.userMessage)
            await driver.receive(#"{"type":"response.create"}"#)
            _ = await peer.first("response.output_audio.delta")
            #expect(!peer.types.contains("response.done"))
        }
        // The voice came back only because it was cancelled, and before the session was over.
        let text = metrics.prometheusText()
        #expect(text.contains("parley_engine_cancellation_seconds_count{engine_role=\"tts\"} 1\n"))
        #expect(text.contains("parley_session_active 0\n"))
    }

    @Test("Errors that clients hear of are counted by whose fault they tell of")
    func countsErrors() async throws {
        let metrics = MetricsRegistry()
        try await withSession(metrics: metrics) { driver, _ in
            await driver.receive("no JSON")
            await driver.receive(#"{"type":"response.cancel"}"#)
        }
        let text = metrics.prometheusText()
        #expect(text.contains("parley_session_errors_total{error_origin=\"client\"} 2\n"))
        #expect(text.contains("parley_session_errors_total{error_origin=\"server\"} 0\n"))
    }

    @Test(
        "A failing engine fails its response, with the kind of the fault and without its detail",
        arguments: [EngineRole.transcription, .language, .speech]
    )
    func failsResponse(role: EngineRole) async throws {
        var engines = Engines()
        let failure = EngineError(.unavailable, "secret detail")
        switch role {
        case .transcription: engines.transcription.failure = failure
        case .language: engines.language.failure = failure
        case .speech, .voiceActivity, .summary, .tools: engines.speech.failure = failure
        }
        try await withSession(engines) { driver, peer in
            await driver.receive(Self.append(Self.loud(seconds: 1)))
            await driver.receive(Self.append(Self.silence(seconds: 1)))
            let done = await peer.first("response.done")
            #expect(done["response"]?["status"] == "failed")
            let text = done["response"]?["status_details"]?.description ?? ""
            #expect(text.contains("engine_unavailable"))
            #expect(!text.contains("secret"))
        }
    }

    @Test("A binary frame is an error and the session goes on")
    func refusesBinary() async throws {
        try await withSession { driver, peer in
            await driver.receiveBinary()
            let error = await peer.first("error")
            #expect(error["error"]?["code"] == "invalid_event")
            await driver.receive(Self.userMessage)
            _ = await peer.first("conversation.item.done")
        }
    }

    @Test("What beta has no word for is not said, and the rest in its words")
    func speaksBeta() async throws {
        try await withSession(dialect: .beta) { driver, peer in
            await driver.receive(Self.userMessage)
            await driver.receive(#"{"type":"response.create","response":{"modalities":["text"]}}"#)
            _ = await peer.first("response.done")
            #expect(peer.types.prefix(3).last == "conversation.item.created")
            #expect(peer.types.contains("response.text.delta"))
            #expect(!peer.types.contains("conversation.item.done"))
        }
    }

    @Test("The recogniser that a client names hears the next turn")
    func choosesRecogniser() async throws {
        var engines = Engines()
        engines.others = ["other": FixedRecogniser(text: "heard by another")]
        try await withSession(engines, kind: .transcription) { driver, peer in
            await driver.receive(Self.naming("other"))
            await driver.receive(Self.append(Self.loud(seconds: 1)))
            await driver.receive(Self.append(Self.silence(seconds: 1)))
            let completed = await peer.first(Self.completed)
            #expect(completed["transcript"] == "heard by another")
        }
    }

    @Test("A recogniser that nobody knows is the pipeline's own")
    func fallsBackToOwnRecogniser() async throws {
        try await withSession(kind: .transcription) { driver, peer in
            await driver.receive(Self.naming("whisper-9"))
            await driver.receive(Self.append(Self.loud(seconds: 1)))
            await driver.receive(Self.append(Self.silence(seconds: 1)))
            let completed = await peer.first(Self.completed)
            #expect(completed["transcript"] == "hello")
        }
    }

    @Test("Probabilities and speakers that an engine tells reach a client that asked")
    func tellsDetails() async throws {
        var engines = Engines()
        engines.transcription.logprobs = [TokenLogprob(token: "hello", logprob: -0.5)]
        let span = Duration.zero..<Duration.milliseconds(500)
        engines.transcription.segments = [
            SpeakerSegment(id: "seg_1", speaker: "A", span: span, text: "hello")
        ]
        try await withSession(engines, kind: .transcription) { driver, peer in
            await driver.receive(
                """
                {"type":"session.update","session":{"type":"transcription",\
                "include":["item.input_audio_transcription.logprobs"]}}
                """
            )
            await driver.receive(Self.append(Self.loud(seconds: 1)))
            await driver.receive(Self.append(Self.silence(seconds: 1)))
            let completed = await peer.first(Self.completed)
            let bytes: JSON = [104, 101, 108, 108, 111]
            #expect(
                completed["logprobs"] == [["token": "hello", "logprob": -0.5, "bytes": bytes]]
            )
            let segment = await peer.first(
                "conversation.item.input_audio_transcription.segment"
            )
            #expect(segment["speaker"] == "A")
            #expect(segment["end"] == 0.5)
        }
    }

    @Test("A fault of ours is logged with its reason, and the peer hears none of it")
    func logsFault() async throws {
        let capture = LogCapture()
        let log = Logger(label: "test", output: LogOutput(level: .info, sink: capture))
        try await withSession(log: log) { driver, peer in
            let reason = Session.CloseReason(
                code: 1011,
                text: "server_error",
                fault: "A response ended twice"
            )
            await driver.perform(.closeConnection(reason))
            #expect(peer.closed?.code == 1011)
        }
        let record = capture.records.first { $0.level == .error }
        #expect(record?.message == "Session closed by a fault of ours")
        #expect(record.map { "\($0)".contains("A response ended twice") } == true)
    }

    @Test("A member that nobody knows is ignored and logged")
    func logsIgnoredMembers() async throws {
        let capture = LogCapture()
        let log = Logger(label: "test", output: LogOutput(level: .debug, sink: capture))
        try await withSession(log: log) { driver, peer in
            await driver.receive(#"{"type":"session.update","session":{"bogus":1}}"#)
            _ = await peer.first("session.updated")
            await driver.receive(#"{"type":"input_audio_buffer.append","audio":"","bogus":1}"#)
            #expect(!peer.types.contains("error"))
        }
        let ignored = capture.records.filter { $0.message == "Unknown member ignored" }
        #expect(ignored.count == 1)
        #expect(ignored.first.map { "\($0)".contains("session.bogus") } == true)
    }

    @Test("A traced session is found in the log; its metadata stays private")
    func logsTrace() async throws {
        let capture = LogCapture()
        let log = Logger(label: "test", output: LogOutput(level: .debug, sink: capture))
        try await withSession(log: log) { driver, peer in
            await driver.receive(
                #"""
                {"type":"session.update","session":{"tracing":
                {"workflow_name":"shop","group_id":"7","metadata":{"user":"Ann"}}}}
                """#
            )
            _ = await peer.first("session.updated")
        }
        let traced = capture.records.filter { "\($0)".contains("trace_") }
        let line = traced.first { $0.message == "Session traced" }.map { "\($0)" } ?? ""
        #expect(line.contains("shop") && line.contains("trace.group"))
        #expect(traced.contains { $0.message == "Session ended" })
        #expect(!capture.records.contains { "\($0)".contains("Ann") })
    }

    @Test("A process that stops closes the session with 1012")
    func saysGoodbye() async throws {
        try await withSession { driver, peer in
            await driver.shutDown()
            #expect(peer.closed?.code == 1012)
        }
    }
}

extension SessionDriverTests {
    /// Engines of one test, each to be set as it needs.
    struct Engines {
        var transcription = FixedRecogniser()
        var others: [String: FixedRecogniser] = [:]
        var language = FixedModel()
        var speech = HummingVoice()
    }

    /// Runs a test with a session that has begun, and ends the session after it.
    private func withSession(
        _ engines: Engines = Engines(),
        kind: SessionKind = .realtime,
        dialect: Dialect = .ga,
        metrics: MetricsRegistry = MetricsRegistry(),
        log: Logger = .disabled,
        _ test: (SessionDriver, TestPeer) async throws -> Void
    ) async throws {
        let loop = try EventLoop(name: "test")
        defer { loop.shutDown() }
        var configuration = SessionConfiguration(model: "test", voice: .named("hum"))
        if kind == .transcription { configuration = configuration.transcribing(with: "scripted") }
        var pipeline = Pipeline(
            name: "test",
            voiceActivity: LoudnessEngine(),
            transcription: engines.transcription,
            language: engines.language,
            speech: engines.speech,
            defaults: configuration
        )
        pipeline.recognisers = engines.others
        var birth = Session.Birth(
            id: "sess_test",
            configuration: configuration,
            ids: .sequential(),
            unixTime: 0
        )
        birth.dialect = dialect
        birth.speculation = pipeline.speculation
        let peer = TestPeer()
        let services = SessionDriver.Services(
            metrics: RuntimeMetrics(metrics),
            log: log
        )
        let driver = SessionDriver(
            birth,
            pipeline: pipeline,
            peer: peer,
            loop: loop,
            services: services
        )
        await driver.start()
        try await test(driver, peer)
        await driver.end()
    }

    private static let userMessage = """
        {"type":"conversation.item.create","item":{"type":"message","role":"user",\
        "content":[{"type":"input_text","text":"Hello"}]}}
        """

    private static let completed = "conversation.item.input_audio_transcription.completed"

    private static func naming(_ recogniser: String) -> String {
        """
        {"type":"session.update","session":{"type":"transcription","audio":{"input":{\
        "transcription":{"model":"\(recogniser)"}}}}}
        """
    }

    private static func append(_ samples: [Int16]) -> String {
        let bytes = samples.flatMap {
            [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
        }
        let audio = String(decoding: Base64.encode(bytes), as: UTF8.self)
        return #"{"type":"input_audio_buffer.append","audio":"\#(audio)"}"#
    }

    /// A square wave: loud, and so speech to these engines.
    private static func loud(seconds: Int) -> [Int16] {
        (0..<seconds * 24_000).map { $0 / 60 % 2 == 0 ? 12_000 : -12_000 }
    }

    private static func silence(seconds: Int) -> [Int16] {
        Array(repeating: 0, count: seconds * 24_000)
    }
}

extension SessionDriver {
    /// Takes an event written as text.
    fileprivate func receive(_ event: String) async {
        await receive(Array(event.utf8))
    }

    /// Takes an event and tells what the peer knew when another task of the loop had its first
    /// turn after the peer had heard of something.
    fileprivate func receive(
        _ event: String,
        beside peer: TestPeer,
        hearing type: String
    ) async -> [String] {
        let other = Task(executorPreference: loop) { [loop] in
            while !peer.types.contains(type) { await loop.giveWay() }
            return peer.types
        }
        await receive(event)
        return await other.value
    }

    /// Takes several events before the loop does anything else.
    fileprivate func receiveInOneTurn(_ events: [String]) async {
        for event in events { await receive(event) }
    }

    /// Takes an event and ends before the loop does anything else.
    fileprivate func receiveAndEnd(_ event: String) async {
        await receive(event)
        await end()
    }
}
