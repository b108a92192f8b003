import ParleyEngine
import ParleyJSON
import Testing

@testable import ParleyScriptedEngine

@Suite("A scripted engine talks", .timeLimit(.minutes(1)))
struct ScriptedEngineTests {
    @Test("Text comes word by word, and put together it is the reply")
    func words() async throws {
        let engine = ScriptedEngine(
            script: try script("rules: [{match: hi, reply: 'Good  day, you.'}]")
        )
        let (events, result) = try await engine.events(LanguageRequest(messages: [.user("Hi")]))
        #expect(events == [.text("Good"), .text("  day,"), .text(" you.")])
        #expect(result == LanguageResult(finish: .stop, outputTokens: 3))
    }

    @Test("The first rule that matches answers")
    func order() async throws {
        let rules = "rules: [{match: '* cat *', reply: cat}, {match: '* dog *', reply: dog}]"
        let engine = ScriptedEngine(script: try script(rules))
        #expect(try await engine.answer("a dog and a cat") == "cat")
        #expect(try await engine.answer("a dog") == "dog")
        #expect(try await engine.answer("a bird") == "Go on.")
    }

    @Test("Any of several sentences may match")
    func sentences() async throws {
        let engine = ScriptedEngine(
            script: try script("rules: [{match: 'i am +', reply: 'Why {{1}}?'}]")
        )
        #expect(try await engine.answer("Hello. I am late. Sorry!") == "Why late?")
    }

    @Test("Of a turn as long as a book only the beginning is read")
    func longTurn() async throws {
        let rules = "rules: [{match: '* dog *', reply: dog}]"
        let engine = ScriptedEngine(script: try script(rules))
        let word = String(repeating: "x", count: ScriptReading.byteLimit - 100)
        #expect(try await engine.answer("\(word) dog") == "dog")
        #expect(try await engine.answer("\(word)\(word) dog") == "Go on.")
    }

    @Test("Captures are turned around in replies")
    func reflected() async throws {
        let engine = ScriptedEngine(
            script: try script("rules: [{match: '* i think +', reply: 'Why do you think {{2}}?'}]")
        )
        #expect(
            try await engine.answer("I think my dog likes me")
                == "Why do you think your dog likes you?"
        )
    }

    @Test("A script may turn words around its own way")
    func ownReflections() async throws {
        let text = "reflections: {mein: dein}\nrules: [{match: '+', reply: '{{1}}'}]"
        let engine = ScriptedEngine(script: try script(text))
        #expect(try await engine.answer("mein my") == "dein my")
    }

    @Test("A reply with nothing in its gap gives way to the next, and then to the next rule")
    func emptyGap() async throws {
        let rules =
            "rules: [{match: 'a *', reply: ['{{1}}!', other]}, {match: 'b *', reply: '{{1}}'}]"
        let engine = ScriptedEngine(script: try script(rules))
        #expect(try await engine.answer("a x") == "x!")
        #expect(try await engine.answer("a") == "other")
        #expect(try await engine.answer("b") == "Go on.")
    }

    @Test("Several replies take turns by the count of assistant turns")
    func roundRobin() async throws {
        let engine = ScriptedEngine(script: try script("rules: [{match: hi, reply: [a, b]}]"))
        var messages: [LanguageMessage] = [.user("hi")]
        var answers: [String] = []
        for _ in 0..<3 {
            let answer = try await engine.answer(LanguageRequest(messages: messages))
            answers.append(answer)
            messages += [.assistant(answer), .user("hi")]
        }
        #expect(answers == ["a", "b", "a"])
    }

    @Test("A conversation without words is greeted")
    func greeting() async throws {
        let engine = ScriptedEngine(script: try script(""))
        #expect(try await engine.answer(LanguageRequest(messages: [])) == "Hello.")
        #expect(
            try await engine.answer(LanguageRequest(messages: [.system("Be kind.")])) == "Hello."
        )
    }

    @Test("The answer ends at the most tokens allowed")
    func maximumOutputTokens() async throws {
        let engine = ScriptedEngine(
            script: try script("rules: [{match: hi, reply: one two three}]")
        )
        var request = LanguageRequest(messages: [.user("hi")])
        request.maximumOutputTokens = 2
        let (events, result) = try await engine.events(request)
        #expect(events == [.text("one"), .text(" two")])
        #expect(result.finish == .maximumOutputTokens)
        #expect(result.outputTokens == 2)
    }

    @Test("Delays are kept by the clock: the rule's where it has one, else the script's")
    func delays() async throws {
        let text = """
            delay_ms: 300
            word_delay_ms: 20
            rules: [{match: a, reply: one two, delay_ms: 0}, {match: b, reply: one two}]
            """
        let clock = NotedClock()
        let engine = ScriptedEngine(script: try script(text), clock: clock)
        _ = try await engine.answer("a")
        #expect(clock.sleeps == [.milliseconds(20)])
        _ = try await engine.answer("b")
        #expect(clock.sleeps == [20, 300, 20].map { .milliseconds($0) })
    }

    @Test("A cancelled call says no further word")
    func cancellation() async throws {
        let engine = ScriptedEngine(
            script: try script("rules: [{match: hi, reply: one two three}]")
        )
        let task = Task {
            var events: [LanguageEvent] = []
            let error = await #expect(throws: EngineError.self) {
                try await engine.generate(LanguageRequest(messages: [.user("hi")])) { event in
                    events.append(event)
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            return (events, error)
        }
        let (events, error) = await task.value
        #expect(events == [.text("one")])
        #expect(error?.fault == .cancelled)
    }

    @Test("A call that was waiting ends when it is cancelled")
    func cancelledDelay() async throws {
        let engine = ScriptedEngine(
            script: try script("rules: [{match: hi, reply: one, delay_ms: 60000}]")
        )
        let task = Task { try await engine.answer("hi") }
        task.cancel()
        let error = await #expect(throws: EngineError.self) { try await task.value }
        #expect(error?.fault == .cancelled)
    }

    @Test("The same request has the same answer")
    func deterministic() async throws {
        let engine = ScriptedEngine()
        let request = LanguageRequest(messages: [
            .user("I am sad"), .assistant("Oh."), .user("Why not?"),
        ])
        #expect(try await engine.events(request).events == engine.events(request).events)
    }

    @Test(
        "The built-in script answers what people say first",
        arguments: [
            ("hello there", "Hello."), ("who are you", "language model"),
            ("are you chatgpt", "language model"),
            ("tell me a joke", "therapy"), ("my name is ada", "ada"), ("i am very sad", "very sad"),
            ("i feel lonely today", "lonely"), ("what is the weather like", "window"),
            ("what time is it", "clock"), ("thank you very much", "welcome"), ("qwerty", "go on"),
            ("my brother is ill", "brother"), ("why is the sky blue", "only a script"),
        ]
    )
    func builtIn(text: String, part: String) async throws {
        let answer = try await ScriptedEngine().answer(text)
        #expect(answer.contains(part), "\(answer)")
    }

    @Test("The built-in greeting says that it is no language model")
    func builtInGreeting() async throws {
        let answer = try await ScriptedEngine().answer(LanguageRequest(messages: []))
        #expect(answer.contains("scripted") && answer.contains("not a language model"))
    }
}
