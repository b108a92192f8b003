import ParleyEngine
import ParleyJSON
import Testing

@testable import ParleyScriptedEngine

@Suite("A script calls tools", .timeLimit(.minutes(1)))
struct ToolCallTests {
    private let weather = LanguageTool(
        name: "get_weather",
        parameters: [
            "type": "object", "properties": ["city": ["type": "string"]], "required": ["city"],
        ]
    )

    private func engine() throws -> ScriptedEngine {
        ScriptedEngine(
            script: try script(
                """
                result: "Result: {{result}}."
                rules:
                  - match: "* weather in +"
                    reply: One moment.
                    call:
                      tool: ["*weather*", forecast]
                      arguments: {location: "{{2}}", city: "{{2}}"}
                    result: ["In {{2}}: {{result.temp}} degrees.", "In {{2}}: {{result}}."]
                  - match: "* weather *"
                    reply: No tool, no weather.
                """
            )
        )
    }

    private func request(
        _ messages: [LanguageMessage],
        choice: LanguageToolChoice = .auto
    ) -> LanguageRequest {
        LanguageRequest(messages: messages, tools: [weather], toolChoice: choice)
    }

    @Test("A rule calls the tool that is offered, with the arguments the tool knows")
    func call() async throws {
        let request = request([.user("weather in New York?")])
        let (events, result) = try await engine().events(request)
        #expect(
            events == [
                .text("One"), .text(" moment."),
                .toolCallStarted(id: "call_1", name: "get_weather"),
                .toolCallArguments("{\"city\":\"New"), .toolCallArguments(" York\"}"),
            ]
        )
        #expect(result.outputTokens == 2 + 8)
    }

    @Test("Without the tool the rule does not match")
    func notOffered() async throws {
        #expect(try await engine().answer("weather in Rome") == "No tool, no weather.")
    }

    @Test("A choice of none calls nothing")
    func choiceNone() async throws {
        let request = request([.user("weather in Rome")], choice: .none)
        #expect(try await engine().answer(request) == "No tool, no weather.")
    }

    @Test("A demanded call is made by the rule that matches, and without words")
    func demandedByRule() async throws {
        let request = request([.user("weather in Rome")], choice: .required)
        #expect(try await engine().answer(request) == "get_weather:{\"city\":\"Rome\"}")
    }

    @Test(
        "A demanded call no rule describes gets arguments from the schema",
        arguments: [.required, .function("get_weather")] as [LanguageToolChoice]
    )
    func demanded(choice: LanguageToolChoice) async throws {
        let request = request([.user("Hello")], choice: choice)
        #expect(try await engine().answer(request) == "get_weather:{\"city\":\"Hello\"}")
    }

    @Test(
        "A demanded call of what is not offered is the request's fault",
        arguments: [.required, .function("open_door")] as [LanguageToolChoice]
    )
    func demandedNotOffered(choice: LanguageToolChoice) async throws {
        let request = LanguageRequest(messages: [.user("Hello")], toolChoice: choice)
        let engine = try engine()
        let error = await #expect(throws: EngineError.self) { try await engine.answer(request) }
        #expect(error?.fault == .request)
    }

    @Test(
        "A result is spoken as the rule says that made the call",
        arguments: [
            (#"{"temp": 21.5}"#, "In Rome: 21.5 degrees."),
            (#"{"temp": 21.0}"#, "In Rome: 21 degrees."),
            (
                #"{"low_temp": 3, "sky": ["blue", "clear"]}"#,
                "In Rome: low temp 3, sky blue, clear."
            ),
            ("sunny", "In Rome: sunny."),
            ("\"sunny\"", "In Rome: sunny."),
        ]
    )
    func result(output: String, expected: String) async throws {
        let messages: [LanguageMessage] = [
            .user("weather in Rome"), .toolCall(id: "c", name: "get_weather", arguments: "{}"),
            .toolResult(id: "c", output: output),
        ]
        #expect(try await engine().answer(request(messages)) == expected)
    }

    @Test("A result of a call that no rule made is spoken as the script says")
    func foreignResult() async throws {
        let messages: [LanguageMessage] = [
            .user("open the door"), .toolCall(id: "c", name: "open_door", arguments: "{}"),
            .toolResult(id: "c", output: #"{"ok": true}"#),
        ]
        #expect(try await engine().answer(request(messages)) == "Result: ok yes.")
    }

    @Test("An empty result falls back to words, and never calls again by itself")
    func emptyResult() async throws {
        let messages: [LanguageMessage] = [
            .user("weather in Rome"), .toolCall(id: "c", name: "get_weather", arguments: "{}"),
            .toolResult(id: "c", output: "null"),
        ]
        #expect(try await engine().answer(request(messages)) == "No tool, no weather.")
    }

    @Test("Each call has an id of its own")
    func callIDs() async throws {
        let messages: [LanguageMessage] = [
            .toolCall(id: "call_2", name: "x", arguments: "{}"), .user("weather in Rome"),
        ]
        let events = try await engine().events(request(messages)).events
        #expect(events.contains(.toolCallStarted(id: "call_3", name: "get_weather")))
    }

    @Test("A call that does not fit into the tokens left is not begun")
    func noRoomForCall() async throws {
        var request = request([.user("weather in Rome")])
        request.maximumOutputTokens = 5
        let (events, result) = try await engine().events(request)
        #expect(events == [.text("One"), .text(" moment.")])
        #expect(result.finish == .maximumOutputTokens)
    }

    @Test(
        "Values are invented that a schema allows",
        arguments: [
            (#"{"type":"integer","minimum":3}"#, "3"),
            (#"{"type":"number","exclusiveMinimum":0}"#, "1.0"),
            (#"{"type":"boolean"}"#, "true"), (#"{"enum":["c","f"]}"#, "\"c\""),
            (#"{"const":7}"#, "7"),
            (#"{"type":"string","format":"date"}"#, "\"2026-01-01\""),
            (#"{"type":"string","maxLength":2}"#, "\"he\""), (#"{"type":["null","integer"]}"#, "1"),
            (#"{"anyOf":[{"type":"boolean"},{"type":"null"}]}"#, "true"),
            (#"{"type":"array","items":{"type":"integer"},"minItems":2}"#, "[1,1]"),
            (#"{"type":"array","minItems":-5}"#, "[]"),
            (
                #"{"type":"object","required":["a"],"properties":{"a":{"default":4},"b":{}}}"#,
                #"{"a":4}"#
            ),
            (##"{"$ref":"#/$defs/unit"}"##, "\"km\""), (#"{"$ref":"https://x/y"}"#, "\"hello\""),
            (#"{"type":7}"#, "\"hello\""), ("7", "\"hello\""),
        ]
    )
    func examples(property: String, expected: String) throws {
        let schema = try JSON.parse(
            #"{"$defs":{"unit":{"enum":["km"]}},"required":["x"],"properties":{"x":\#(property)}}"#
        )
        let made = SchemaExample(schema, text: "hello").arguments(given: JSONObject())
        #expect(made.description == #"{"x":\#(expected)}"#)
    }

    @Test("A schema that contains itself ends")
    func recursiveSchema() throws {
        let node: JSON = [
            "required": ["next"], "properties": ["next": ["$ref": "#/$defs/node"]],
        ]
        let schema: JSON = ["$ref": "#/$defs/node", "$defs": ["node": node]]
        let made = SchemaExample(schema, text: "x").arguments(given: JSONObject())
        #expect(made.description.hasPrefix(#"{"next":{"next":"#))
    }
}
