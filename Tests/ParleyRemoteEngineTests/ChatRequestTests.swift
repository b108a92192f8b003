import ParleyEngine
import ParleyJSON
import Testing

@testable import ParleyRemoteEngine

@Suite("A request becomes JSON", .timeLimit(.minutes(1)))
struct ChatRequestTests {
    private func body(
        _ request: LanguageRequest,
        without unsupported: ChatParameters = []
    ) -> JSON {
        ChatRequest(request: request, model: "m", unsupported: unsupported).json
    }

    private func messages(_ messages: [LanguageMessage], instructions: String = "") -> String {
        let request = LanguageRequest(instructions: instructions, messages: messages)
        return body(request)["messages"]?.description ?? ""
    }

    @Test("The least there is")
    func least() {
        #expect(
            body(LanguageRequest(messages: [.user("Hi")])) == [
                "model": "m", "stream": true, "stream_options": ["include_usage": true],
                "messages": [["role": "user", "content": "Hi"]],
            ]
        )
    }

    @Test("A model that is not to think is told so in both ways that services know")
    func noThinking() {
        var request = LanguageRequest(messages: [])
        request.reasoningEffort = LanguageRequest.noReasoning
        #expect(body(request)["reasoning_effort"] == "none")
        #expect(body(request)["chat_template_kwargs"] == ["enable_thinking": false])
        let rest = body(request, without: [.templateArguments, .reasoningEffort])
        #expect(rest["reasoning_effort"] == nil && rest["chat_template_kwargs"] == nil)
        request.reasoningEffort = "low"
        #expect(body(request)["chat_template_kwargs"] == nil)
    }

    @Test("A call without arguments has an empty object", arguments: ["", " \n"])
    func noArguments(written: String) {
        let text = messages([
            .toolCall(id: "a", name: "f", arguments: written), .toolResult(id: "a", output: "1"),
        ])
        #expect(text.contains(#""arguments":"{}""#), "\(text)")
    }

    @Test("A request is sent as its JSON, however long", arguments: [1, 100_000])
    func body(length: Int) async {
        let text = String(repeating: "\"", count: length)
        let request = ChatRequest(
            request: LanguageRequest(messages: [.user(text)]),
            model: "m"
        )
        #expect(await request.body() == request.json.serialized())
    }

    @Test("Everything a session may set")
    func everything() {
        var request = LanguageRequest(
            messages: [],
            tools: [
                LanguageTool(name: "a", description: "d", parameters: ["type": "object"]),
                LanguageTool(name: "b"),
            ],
            toolChoice: .function("a")
        )
        request.maximumOutputTokens = 5
        request.temperature = 0.5
        request.allowsParallelToolCalls = false
        request.reasoningEffort = "low"
        let body = body(request)
        #expect(body["max_tokens"] == 5)
        #expect(body["temperature"] == 0.5)
        #expect(body["parallel_tool_calls"] == false)
        #expect(body["reasoning_effort"] == "low")
        #expect(body["tool_choice"] == ["type": "function", "function": ["name": "a"]])
        #expect(
            body["tools"] == [
                [
                    "type": "function",
                    "function": [
                        "name": "a", "description": "d", "parameters": ["type": "object"],
                    ],
                ],
                [
                    "type": "function",
                    "function": [
                        "name": "b", "parameters": ["type": "object", "properties": [:]],
                    ],
                ],
            ]
        )
    }

    @Test("Without tools nothing is said about them")
    func noTools() {
        var request = LanguageRequest(messages: [], toolChoice: .required)
        request.allowsParallelToolCalls = true
        #expect(body(request)["tool_choice"] == nil)
        #expect(body(request)["parallel_tool_calls"] == nil)
    }

    @Test("What the service doesn't know is left out")
    func unsupported() {
        var request = LanguageRequest(messages: [])
        request.maximumOutputTokens = 5
        request.temperature = 1
        let body = body(request, without: [.streamOptions, .maxTokens, .temperature])
        #expect(body["stream_options"] == nil)
        #expect(body["max_tokens"] == nil)
        #expect(body["max_completion_tokens"] == 5)
        #expect(body["temperature"] == nil)
    }

    @Test("Instructions come first")
    func instructions() {
        let text = messages([.system("b"), .user("c")], instructions: "a")
        #expect(
            text == #"[{"role":"system","content":"a"},{"role":"system","content":"b"},"#
                + #"{"role":"user","content":"c"}]"#
        )
    }

    @Test("Images stand among the texts, with how closely to look where somebody said")
    func images() throws {
        let text = messages([
            .userParts([
                .text("What is this?"), .image(LanguageImage(url: "data:a", detail: "low")),
                .image(LanguageImage(url: "data:b")),
            ])
        ])
        let expected: JSON = [
            [
                "role": "user",
                "content": [
                    ["type": "text", "text": "What is this?"],
                    ["type": "image_url", "image_url": ["url": "data:a", "detail": "low"]],
                    ["type": "image_url", "image_url": ["url": "data:b"]],
                ],
            ]
        ]
        #expect(try JSON.parse(text) == expected)
    }

    @Test("Text and its calls are one message, and the results of all of them follow")
    func calls() throws {
        let text = messages([
            .user("go"), .assistant("One moment."), .toolCall(id: "1", name: "a", arguments: "{}"),
            .toolResult(id: "1", output: "one"), .toolCall(id: "2", name: "b", arguments: "{}"),
            .toolResult(id: "2", output: "two"), .user("well?"),
        ])
        let calls: JSON = [
            ["id": "1", "type": "function", "function": ["name": "a", "arguments": "{}"]],
            ["id": "2", "type": "function", "function": ["name": "b", "arguments": "{}"]],
        ]
        let expected: JSON = [
            ["role": "user", "content": "go"],
            ["role": "assistant", "content": "One moment.", "tool_calls": calls],
            ["role": "tool", "tool_call_id": "1", "content": "one"],
            ["role": "tool", "tool_call_id": "2", "content": "two"],
            ["role": "user", "content": "well?"],
        ]
        #expect(try JSON.parse(text) == expected)
    }

    @Test("An error names the parameter that is not known")
    func unsupportedParameter() throws {
        let bodies: [(JSON, String?)] = [
            (["error": ["param": "stream_options"]], "stream_options"),
            (
                ["error": ["message": "Unsupported: 'max_completion_tokens'"]],
                "max_completion_tokens"
            ),
            (["error": "Unknown field max_tokens"], "max_tokens"),
            (["error": ["param": "model"]], nil),
            (["error": ["message": "You asked: what is the temperature?"]], nil),
        ]
        for (body, name) in bodies {
            #expect(ErrorBody(body)?.unsupportedParameter == name)
        }
        for name in ChatParameters.optionalNames { #expect(ChatParameters(name: name) != nil) }
    }

    @Test("An error's body says what is wrong, by a name or in vLLM's words")
    func errorFault() {
        let bodies: [(JSON, EngineError.Fault?)] = [
            (["error": ["code": "context_length_exceeded"]], .contextLength),
            (["error": ["type": "exceed_context_size_error", "code": 400]], .contextLength),
            (
                ["error": ["message": "This model's maximum context length is 7."]],
                .contextLength
            ),
            (["error": ["type": "insufficient_quota", "code": .null]], .quotaExceeded),
            (["error": ["type": "tokens", "code": "rate_limit_exceeded"]], .rateLimited),
            (["error": ["message": "rate_limit_exceeded is what you said"]], nil),
        ]
        for (body, fault) in bodies { #expect(ErrorBody(body)?.fault == fault, "\(body)") }
    }

    @Test("Of an error's body only names are kept, never sentences")
    func errorSummary() {
        let body: JSON = ["error": ["type": "server_error", "code": 7, "message": "sk-secret"]]
        #expect(ErrorBody(body)?.summary == "server_error, 7")
        let talkative: JSON = ["error": ["type": "You asked: tell me", "code": "sk key"]]
        #expect(ErrorBody(talkative)?.summary == nil)
        #expect(ErrorBody(["detail": "x"]) == nil)
    }
}
