import ParleyAudio
import ParleyEngine
import ParleyHTTP
import ParleyJSON
import Testing

@testable import ParleyRemoteEngine

@Suite("A remote service that is broken is an error, and no more", .timeLimit(.minutes(1)))
struct RemoteFaultTests {
    /// The three kinds of engine, each asked for something.
    enum Role: CaseIterable {
        case language, transcription, speech

        func ask(_ service: RemoteService) async throws(EngineError) {
            switch self {
            case .language:
                let request = LanguageRequest(messages: [.user("tell me a secret")])
                _ = try await RemoteLanguageEngine(service).generate(request) { _ in }
            case .transcription:
                let speech = AsyncStream<SpeechPiece> { continuation in
                    let frame = AudioFrame(samples: [1, 2, 3], sampleRate: 16_000)
                    continuation.yield(.audio(frame))
                    continuation.finish()
                }
                let engine = RemoteTranscriptionEngine(service, options: .init(streams: true))
                _ = try await engine.transcribe(speech, options: TranscriptionOptions()) { _ in }
            case .speech:
                let request = SpeechRequest(text: "tell me a secret")
                try await RemoteSpeechEngine(service, format: .wav).speak(request) { _ in }
            }
        }
    }

    private func failure(
        of role: Role,
        _ fault: String,
        configure: (inout RemoteEndpoint) -> Void = { _ in }
    ) async throws -> (error: EngineError, tries: Int) {
        let service = try MockService.service(fault: fault, configure: configure)
        let error = await #expect(throws: EngineError.self) { try await role.ask(service) }
        let found = try #require(error)
        for secret in ["sk-", "secret", "You asked", "Incorrect"] {
            #expect(!found.detail.contains(secret), "\(found.detail)")
        }
        return (found, try await service.requestsSeen().count)
    }

    @Test(
        "A status is sorted by whose fault it is, and tried again only where it may pass",
        arguments: Role.allCases,
        [
            ("status-400", .rejected, 1), ("status-401", .refused, 1), ("status-403", .refused, 1),
            ("status-404", .request, 1), ("status-413", .rejected, 1),
            ("status-402", .quotaExceeded, 1), ("status-429", .rateLimited, 3),
            ("status-500", .inference, 3), ("status-503", .unavailable, 3),
            ("status-501", .request, 1), ("status-505", .unavailable, 1),
            ("redirect", .malformedAnswer, 1),
            ("status-400-context_length_exceeded", .contextLength, 1),
            ("status-500-exceed_context_size_error", .contextLength, 1),
            ("status-429-insufficient_quota", .quotaExceeded, 1),
            ("status-503-rate_limit_exceeded", .rateLimited, 3),
        ] as [(String, EngineError.Fault, Int)]
    )
    func status(
        role: Role,
        fault: (name: String, expected: EngineError.Fault, tries: Int)
    ) async throws {
        let (error, tries) = try await failure(of: role, fault.name)
        #expect(error.fault == fault.expected)
        #expect(tries == fault.tries)
    }

    @Test(
        "Rubbish is a malformed answer and not asked for again",
        arguments: Role.allCases,
        ["html", "empty", "garbage", "wrong-types", "no-choices"]
    )
    func rubbish(role: Role, fault: String) async throws {
        let (error, tries) = try await failure(of: role, fault)
        #expect(error.fault == .malformedAnswer, "\(error.detail)")
        #expect(tries == 1)
    }

    @Test(
        "An event that is none breaks the answer off",
        arguments: [Role.language, .transcription],
        [
            ("bad-event", .malformedAnswer), ("error-event", .inference),
            ("first-error", .inference), ("huge", .malformedAnswer),
        ] as [(String, EngineError.Fault)]
    )
    func events(role: Role, fault: (name: String, expected: EngineError.Fault)) async throws {
        let (error, tries) = try await failure(of: role, fault.name)
        #expect(error.fault == fault.expected, "\(error.detail)")
        #expect(tries == 1)
    }

    @Test(
        "A connection that breaks before anything was said is tried again",
        arguments: Role.allCases,
        ["close", "cut-early"]
    )
    func broken(role: Role, fault: String) async throws {
        let (error, tries) = try await failure(of: role, fault)
        #expect(error.fault == .unavailable, "\(error.detail)")
        // libcurl by itself sends again what a kept connection has lost unanswered.
        #expect(fault == "close" ? tries >= 3 : tries == 3)
    }

    @Test(
        "An answer that ends in the middle of an event is broken off",
        arguments: [
            Role.language, .transcription,
        ]
    )
    func cut(role: Role) async throws {
        #expect(try await failure(of: role, "cut").error.fault == .unavailable)
    }

    @Test(
        "A stream that is no event stream ends without an answer",
        arguments: [
            Role.language, .transcription,
        ]
    )
    func notEvents(role: Role) async throws {
        #expect(try await failure(of: role, "not-events").error.fault == .unavailable)
    }

    @Test("A service that never answers is given up", arguments: Role.allCases)
    func never(role: Role) async throws {
        let (error, tries) = try await failure(of: role, "never") {
            $0.timeouts.firstByte = .milliseconds(80)
        }
        #expect(error.fault == .timeout, "\(error.detail)")
        #expect(tries == 1)
    }

    @Test(
        "A service that stops in the middle is given up",
        arguments: [
            Role.language, .transcription,
        ]
    )
    func stall(role: Role) async throws {
        let (error, _) = try await failure(of: role, "stall") {
            $0.timeouts.idle = .milliseconds(80)
        }
        #expect(error.fault == .timeout, "\(error.detail)")
    }

    @Test("The whole call has its own limit")
    func total() async throws {
        let (error, _) = try await failure(of: .language, "stall") {
            $0.timeouts.total = .milliseconds(120)
        }
        #expect(error.fault == .timeout, "\(error.detail)")
    }

    @Test("Nobody at that address is unavailable")
    func nobody() async throws {
        let service = try MockService.service { endpoint in
            if let url = try? WebURL("http://127.0.0.1:9/v1") { endpoint.baseURL = url }
        }
        let error = await #expect(throws: EngineError.self) { try await service.prepare() }
        #expect(error?.fault == .unavailable)
        #expect(service.state == .failed(try #require(error)))
    }

    @Test("Waits double, and are as long as the service asks where that is bearable")
    func backoff() async throws {
        let clock = NotedClock()
        let service = try MockService.service(fault: "status-500", clock: clock) {
            $0.retries.limit = 3
            $0.retries.backoff = .milliseconds(100)
        }
        await #expect(throws: EngineError.self) { try await service.prepare() }
        #expect(clock.sleeps == [100, 200, 400].map { .milliseconds($0) })
        let patient = NotedClock()
        let busy = try MockService.service(fault: "retry-3*1", clock: patient)
        try await busy.prepare()
        #expect(patient.sleeps == [.seconds(3)])
    }

    @Test("A service that asks for too long a wait has failed")
    func longRetryAfter() async throws {
        let clock = NotedClock()
        let service = try MockService.service(fault: "retry-60*1", clock: clock)
        let error = await #expect(throws: EngineError.self) { try await service.prepare() }
        #expect(error?.fault == .rateLimited)
        #expect(clock.sleeps.isEmpty)
    }

    @Test("After the first word nothing is tried again")
    func noRetryAfterReport() async throws {
        let service = try MockService.service(fault: "cut-when-told")
        let told = Told()
        let error = await #expect(throws: EngineError.self) {
            try await RemoteLanguageEngine(service).generate(LanguageRequest(messages: [])) {
                told.events.append($0)
                try? await service.tell()
            }
        }
        #expect(error?.fault == .unavailable)
        #expect(told.events == [.text("You said")])
        #expect(try await service.requestsSeen().count == 1)
    }

    /// What was reported before it broke.
    private final class Told {
        var events: [LanguageEvent] = []
    }

    @Test("A cancelled call ends, though the service goes on for ever")
    func cancelled() async throws {
        let service = try MockService.service(fault: "stall")
        let task = Task {
            let request = LanguageRequest(messages: [.user("x")])
            _ = try await RemoteLanguageEngine(service).generate(request) { _ in
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        let error = await #expect(throws: EngineError.self) { try await task.value }
        #expect(error?.fault == .cancelled)
    }

    @Test("An engine that failed at one request, or has too much to do, is still ready")
    func staysReady() async throws {
        for fault in ["status-500", "status-400", "status-429"] {
            let service = try MockService.service(fault: "\(fault)@post") { $0.retries.limit = 0 }
            try await service.prepare()
            await #expect(throws: EngineError.self) { try await Role.language.ask(service) }
            #expect(service.state == .ready, "\(fault)")
        }
    }

    @Test("A failed engine is ready again when it answers")
    func recovers() async throws {
        let service = try MockService.service(fault: "status-503*1") { $0.retries.limit = 0 }
        await #expect(throws: EngineError.self) { try await Role.language.ask(service) }
        guard case .failed = service.state else {
            Issue.record("\(service.state)")
            return
        }
        try await service.prepare()
        #expect(service.state == .ready)
    }
}
