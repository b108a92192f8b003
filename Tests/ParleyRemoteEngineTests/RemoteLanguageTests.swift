import ParleyEngine
import ParleyJSON
import Testing

@testable import ParleyRemoteEngine

@Suite("A remote model answers", .timeLimit(.minutes(1)))
struct RemoteLanguageTests {
    private func engine(
        model: String = "mock",
        configure: (inout RemoteEndpoint) -> Void = { _ in }
    ) throws -> (engine: RemoteLanguageEngine, service: RemoteService) {
        let service = try MockService.service(model: model, configure: configure)
        return (RemoteLanguageEngine(service), service)
    }

    @Test("Words come one by one, and what they cost at the end")
    func words() async throws {
        let engine = try engine().engine
        let (events, result) = try await engine.events("good day")
        #expect(events == [.text("You"), .text(" said:"), .text(" good"), .text(" day.")])
        let expected = LanguageResult(inputTokens: 2, cachedInputTokens: 1, outputTokens: 4)
        #expect(result == expected)
    }

    @Test(
        "Every manner of speaking is understood",
        arguments: [
            "mock-reasoning", "mock-think", "mock-no-usage", "mock-completion-tokens", "mock-json",
            "mock-crlf", "mock-bytes", "mock-no-done", "mock-parts",
        ]
    )
    func manners(model: String) async throws {
        let (engine, _) = try engine(model: model)
        var request = LanguageRequest(messages: [.user("grüß dich 🙂")])
        request.maximumOutputTokens = 100
        let (events, result) = try await engine.events(request)
        #expect(events.text == "You said: grüß dich 🙂.")
        #expect(result.finish == .stop)
    }

    @Test("A refusal is spoken")
    func refusal() async throws {
        let events = try await engine(model: "mock-refusal").engine.events("x").events
        #expect(events.text == "I can't help with that.")
    }

    @Test(
        "The service's reason to end is told",
        arguments: [
            ("mock-length", .maximumOutputTokens), ("mock-filter", .contentFilter),
        ] as [(String, LanguageResult.Finish)]
    )
    func finish(model: String, finish: LanguageResult.Finish) async throws {
        #expect(try await engine(model: model).engine.events("x").result.finish == finish)
    }

    @Test(
        "Tool calls come one after the other, with all their arguments",
        arguments: [
            "mock", "mock-json", "mock-bytes", "mock-whole-calls",
        ]
    )
    func calls(model: String) async throws {
        let tools = [LanguageTool(name: "alpha"), LanguageTool(name: "beta")]
        let request = LanguageRequest(messages: [.user("call alpha and beta")], tools: tools)
        let events = try await engine(model: model).engine.events(request).events
        var calls: [(name: String, arguments: String)] = []
        for event in events {
            switch event {
            case .toolCallStarted(_, let name): calls.append((name, ""))
            case .toolCallArguments(let more): calls[calls.count - 1].arguments += more
            case .text: Issue.record("text beside calls")
            }
        }
        #expect(calls.map(\.name) == ["alpha", "beta"])
        #expect(try JSON.parse(calls[0].arguments) == ["number": 0, "text": "grüß"])
        #expect(try JSON.parse(calls[1].arguments) == ["number": 1, "text": "grüß"])
    }

    @Test("A tool's result is answered")
    func toolResult() async throws {
        let request = LanguageRequest(messages: [
            .user("call alpha"), .toolCall(id: "1", name: "alpha", arguments: "{}"),
            .toolResult(id: "1", output: "42"),
        ])
        #expect(try await engine().engine.events(request).events.text == "The tool said: 42.")
    }

    @Test("The key travels as a bearer token, the body as the service knows it")
    func sent() async throws {
        let (engine, service) = try engine()
        let request = LanguageRequest(instructions: "Be kind.", messages: [.user("Hi")])
        _ = try await engine.events(request)
        let seen = try #require(try await service.requestsSeen().first)
        #expect(seen["path"] == "/chat/completions")
        #expect(seen["headers"]?["Authorization"] == "Bearer sk-very-secret")
        #expect(seen["headers"]?["Content-Type"] == "application/json")
        #expect(seen["body"]?["model"] == "mock")
        #expect(seen["body"]?["messages"]?[0]?["content"] == "Be kind.")
    }

    @Test("A model that the request names is the one that is asked for")
    func namedModel() async throws {
        let (engine, service) = try engine()
        var request = LanguageRequest(messages: [.user("Hi")])
        request.model = "mock-json"
        _ = try await engine.events(request)
        let seen = try #require(try await service.requestsSeen().first)
        #expect(seen["body"]?["model"] == "mock-json")
    }

    @Test("What a service doesn't know it is asked once")
    func learned() async throws {
        let (engine, service) = try engine(model: "mock-no-usage")
        _ = try await engine.events("one")
        _ = try await engine.events("two")
        let bodies = try await service.requestsSeen().map { $0["body"]?["stream_options"] != nil }
        #expect(bodies == [true, false, false])
    }

    @Test("An unknown model is the request's fault")
    func unknownModel() async throws {
        let (engine, _) = try engine(model: "nobody")
        let error = await #expect(throws: EngineError.self) { try await engine.events("x") }
        #expect(error?.fault == .request)
        #expect(error?.detail.contains("404 (invalid_request_error, model_not_found)") == true)
    }

    @Test("A wrong key is refused, and the engine has failed until it is answered")
    func wrongKey() async throws {
        let (engine, _) = try engine { $0.key = Secret("sk-wrong") }
        let error = await #expect(throws: EngineError.self) { try await engine.prepare() }
        #expect(error?.fault == .refused)
        #expect(error?.detail.contains("sk-") == false)
        #expect(try engine.state == .failed(#require(error)))
    }

    @Test("A sign of life makes the engine ready")
    func prepare() async throws {
        let (engine, service) = try engine()
        #expect(engine.state == .cold)
        try await engine.prepare()
        #expect(engine.state == .ready)
        try await engine.prepare()
        #expect(try await service.requestsSeen().map { $0["path"] } == ["/models"])
    }

    @Test("A service without a list of models is alive all the same")
    func prepareWithoutList() async throws {
        let service = try MockService.service(fault: "status-404")
        try await service.prepare()
        #expect(service.state == .ready)
    }

    @Test("More requests than allowed are refused at once")
    func overloaded() async throws {
        let (engine, _) = try engine { $0.requestLimit = 1 }
        let inner = Inner()
        _ = try await engine.generate(LanguageRequest(messages: [.user("x")])) { _ in
            guard inner.error == nil else { return }
            #expect(engine.load.running == 1)
            do throws(EngineError) {
                _ = try await engine.generate(LanguageRequest(messages: [])) { _ in }
            } catch {
                inner.error = error
            }
        }
        #expect(inner.error?.fault == .overloaded)
        #expect(engine.load.running == 0)
    }

    /// What a call within a call came to.
    private final class Inner {
        var error: EngineError?
    }
}

extension RemoteLanguageEngine {
    /// Everything that is reported, and how it ended.
    func events(
        _ request: LanguageRequest
    ) async throws -> (events: [LanguageEvent], result: LanguageResult) {
        var events: [LanguageEvent] = []
        let result = try await generate(request) { events.append($0) }
        return (events, result)
    }

    func events(
        _ text: String
    ) async throws -> (events: [LanguageEvent], result: LanguageResult) {
        try await events(LanguageRequest(messages: [.user(text)]))
    }
}

extension [LanguageEvent] {
    /// All text, put together.
    var text: String {
        reduce(into: "") { text, event in
            if case .text(let more) = event { text += more }
        }
    }
}
