import ParleyEngine
import ParleyJSON
import Testing

@testable import ParleyRemoteEngine

@Suite("Chunks become events")
struct ChatAnswerTests {
    private func events(_ deltas: JSON...) throws -> [LanguageEvent] {
        var answer = ChatAnswer(LanguageRequest(messages: [.user("x")]))
        var events: [LanguageEvent] = []
        for delta in deltas {
            events += try answer.read(["choices": [["delta": delta]]])
        }
        return events + answer.finish()
    }

    private func call(_ members: JSON) -> JSON { ["tool_calls": [members]] }

    @Test("Text comes as it is, thoughts don't")
    func text() throws {
        let events = try events(
            ["role": "assistant", "content": ""],
            ["content": .null, "reasoning_content": "Hm"],
            ["content": "Hel"],
            ["content": "lo"],
            ["content": [["type": "text", "text": "!"]]],
            ["refusal": " No."]
        )
        #expect(events == [.text("Hel"), .text("lo"), .text("!"), .text(" No.")])
    }

    @Test("The first call streams, parallel ones follow it whole")
    func parallelCalls() throws {
        let events = try events(
            call(["index": 0, "id": "a", "function": ["name": "f", "arguments": ""]]),
            call(["index": 1, "id": "b", "function": ["name": "g", "arguments": "{\"y\":"]]),
            call(["index": 0, "function": ["arguments": "{\"x\""]]),
            call(["index": 1, "function": ["arguments": "2}"]]),
            call(["index": 0, "function": ["arguments": ":1}"]])
        )
        #expect(
            events == [
                .toolCallStarted(id: "a", name: "f"), .toolCallArguments("{\"x\""),
                .toolCallArguments(":1}"), .toolCallStarted(id: "b", name: "g"),
                .toolCallArguments("{\"y\":2}"),
            ]
        )
    }

    @Test("A call without arguments gets an empty object")
    func noArguments() throws {
        let events = try events(call(["index": 0, "id": "a", "function": ["name": "f"]]))
        #expect(events == [.toolCallStarted(id: "a", name: "f"), .toolCallArguments("{}")])
    }

    @Test("Calls without number and id are told apart by their names, and get ids")
    func wholeCalls() throws {
        let events = try events(
            call(["function": ["name": "f", "arguments": ["x": 1]]]),
            call(["function": ["name": "f", "arguments": ["x": 2]]])
        )
        #expect(
            events == [
                .toolCallStarted(id: "call_2", name: "f"), .toolCallArguments("{\"x\":1}"),
                .toolCallStarted(id: "call_3", name: "f"), .toolCallArguments("{\"x\":2}"),
            ]
        )
    }

    @Test("Pieces without a number belong to the call that began last")
    func piecesWithoutIndex() throws {
        let events = try events(
            call(["id": "a", "function": ["name": "f", "arguments": "{"]]),
            call(["function": ["arguments": "}"]])
        )
        #expect(
            events == [
                .toolCallStarted(id: "a", name: "f"), .toolCallArguments("{"),
                .toolCallArguments("}"),
            ]
        )
    }

    @Test("A name that is repeated with every piece is taken once")
    func repeatedName() throws {
        let piece = call(["index": 0, "id": "a", "function": ["name": "f", "arguments": "x"]])
        let events = try events(piece, piece)
        #expect(events.count { $0 == .toolCallStarted(id: "a", name: "f") } == 1)
    }

    @Test(
        "The reason to end is told",
        arguments: [
            ("stop", .stop), ("tool_calls", .stop), ("length", .maximumOutputTokens),
            ("content_filter", .contentFilter), ("whatever", .stop),
        ] as [(String, LanguageResult.Finish)]
    )
    func finish(reason: String, expected: LanguageResult.Finish) throws {
        var answer = ChatAnswer(LanguageRequest(messages: []))
        let choice: JSON = ["delta": [:], "finish_reason": .string(reason)]
        _ = try answer.read(["choices": [choice]])
        #expect(answer.result.finish == expected)
        #expect(answer.isFinished)
    }

    @Test("Usage comes in a chunk without choices")
    func usage() throws {
        var answer = ChatAnswer(LanguageRequest(messages: []))
        _ = try answer.read([
            "choices": [],
            "usage": [
                "prompt_tokens": 10, "completion_tokens": 3,
                "prompt_tokens_details": ["cached_tokens": 4],
            ],
        ])
        #expect(answer.result.inputTokens == 10)
        #expect(answer.result.outputTokens == 3)
        #expect(answer.result.cachedInputTokens == 4)
    }

    @Test(
        "Members of a wrong type make the answer malformed",
        arguments: [
            #"{}"#, #"[]"#, #"7"#, #"{"choices": 7}"#, #"{"choices": [{"delta": 7}]}"#,
            #"{"choices": [{"delta": {"content": 7}}]}"#,
            #"{"choices": [{"delta": {"tool_calls": 7}}]}"#,
            #"{"choices": [{"delta": {"tool_calls": [{"function": {"arguments": 7}}]}}]}"#,
        ]
    )
    func malformed(text: String) throws {
        var answer = ChatAnswer(LanguageRequest(messages: []))
        let chunk = try JSON.parse(text)
        #expect(throws: ChatAnswer.Malformed.self) { try answer.read(chunk) }
    }

    @Test("Calls without end are malformed")
    func callsWithoutEnd() throws {
        var answer = ChatAnswer(LanguageRequest(messages: []))
        let list = JSON.array((0..<200).map { ["index": .integer($0)] })
        let chunk: JSON = ["choices": [["delta": ["tool_calls": list]]]]
        #expect(throws: ChatAnswer.Malformed.self) { try answer.read(chunk) }
    }

    @Test(
        "A think block at the beginning is not said, wherever it is cut",
        arguments: [
            ("<think>Hm</think>Hello", "Hello"), ("  <think>\nHm\n</think>\n\nHello", "Hello"),
            ("<think></think>Hello <think>", "Hello <think>"), ("Hello", "Hello"),
            ("  Hello", "  Hello"), ("<thin", "<thin"), ("<thinking>Hm", "<thinking>Hm"),
            ("<think>a < b </thin </think> Hello", "Hello"), ("<think>never ends", ""),
            ("a < b", "a < b"), ("", ""), ("   ", "   "),
        ]
    )
    func thinking(text: String, expected: String) {
        for length in 1...9 {
            var filter = ThinkingFilter()
            var said = ""
            var rest = text[...]
            while !rest.isEmpty {
                said += filter.filter(String(rest.prefix(length))) ?? ""
                rest = rest.dropFirst(length)
            }
            said += filter.finish() ?? ""
            #expect(said == expected, "in pieces of \(length)")
        }
    }
}
