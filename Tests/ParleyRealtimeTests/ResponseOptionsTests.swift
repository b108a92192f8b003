import ParleyAudio
import ParleyJSON
import ParleyRealtime
import Testing

@Suite("Options of response.create")
struct ResponseOptionsTests {
    private func message(_ response: String) -> String {
        #"{"type":"response.create","response":\#(response)}"#
    }

    private func options(_ response: String, strictly: Bool = false) throws -> ResponseOptions? {
        guard
            case .responseCreate(let options) = try decode(message(response), strictly: strictly)
                .get().body
        else { return nil }
        return options
    }

    @Test("Every member is read", arguments: [false, true])
    func readsAll(strictly: Bool) throws {
        let text = #"""
            {"output_modalities":["text"],"instructions":"Go.","tool_choice":"none",
            "audio":{"output":{"format":{"type":"audio/pcma"},"voice":{"id":"v"}}},
            "tools":[{"type":"function","name":"f"}],"parallel_tool_calls":true,
            "reasoning":{"effort":"high"},"max_output_tokens":4096,"prompt":{"id":"p"},
            "metadata":{"b":"1","a":"2"},"conversation":"none",
            "input":[{"type":"item_reference","id":"i"},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]}
            """#
        var expected = ResponseOptions()
        expected.outputModality = .text
        expected.instructions = "Go."
        expected.toolChoice = ToolChoice.none
        expected.outputFormat = .pcma
        expected.voice = .custom(id: "v")
        expected.tools = [.function(FunctionTool(name: "f"))]
        expected.allowsParallelToolCalls = true
        expected.reasoningEffort = .high
        expected.maximumOutputTokens = .tokens(4_096)
        expected.prompt = ["id": "p"]
        expected.metadata = ["b": "1", "a": "2"]
        expected.conversation = .none
        let hi = Message(role: .user, parts: [.inputText("hi")])
        expected.input = [.reference("i"), .item(NewItem(content: .message(hi)))]
        #expect(try options(text, strictly: strictly) == expected)
        #expect(try options(text)?.metadata?.members.map(\.key) == ["b", "a"])
    }

    @Test("Null members leave everything to the session", arguments: [false, true])
    func readsNulls(strictly: Bool) throws {
        let text = #"""
            {"output_modalities":null,"instructions":null,"tool_choice":null,"audio":null,
            "tools":null,
            "parallel_tool_calls":null,"reasoning":null,"max_output_tokens":null,"prompt":null,
            "metadata":null,"conversation":null,"input":null}
            """#
        #expect(try options(text, strictly: strictly) == ResponseOptions())
        let deep = #"{"audio":{"output":{"format":null,"voice":null}},"reasoning":{"effort":null}}"#
        #expect(try options(deep, strictly: strictly) == ResponseOptions())
    }

    @Test("Beta's names are understood")
    func readsBetaNames() throws {
        let text = #"""
            {"modalities":["audio","text"],"voice":"ash","output_audio_format":"g711_ulaw",
            "max_response_output_tokens":"inf","temperature":0.7}
            """#
        var expected = ResponseOptions()
        expected.outputModality = .audio
        expected.voice = .named("ash")
        expected.outputFormat = .pcmu
        expected.maximumOutputTokens = .infinite
        expected.temperature = 0.7
        #expect(try options(text) == expected)
        #expect(failure(message(text), strictly: true)?.error.code == .unknownParameter)
    }

    @Test("An empty input is no context, not the conversation")
    func readsEmptyInput() throws {
        #expect(try options(#"{"input":[]}"#)?.input == [])
    }

    @Test(
        "A wrong member gives the code and the path of section 9",
        arguments: [
            (#"{"output_modalities":[]}"#, .invalidValue, "response.output_modalities"),
            (
                #"{"output_modalities":["audio","text"]}"#, .invalidValue,
                "response.output_modalities"
            ),
            (#"{"output_modalities":["smell"]}"#, .invalidValue, "response.output_modalities[0]"),
            (#"{"modalities":["text","text"]}"#, .invalidValue, "response.modalities"),
            (#"{"instructions":1}"#, .invalidType, "response.instructions"),
            (#"{"audio":[]}"#, .invalidType, "response.audio"),
            (#"{"audio":{"output":"x"}}"#, .invalidType, "response.audio.output"),
            (
                #"{"audio":{"output":{"format":"mp3"}}}"#, .invalidValue,
                "response.audio.output.format"
            ),
            (#"{"audio":{"output":{"voice":""}}}"#, .invalidValue, "response.audio.output.voice"),
            (
                #"{"audio":{"output":{"voice":{}}}}"#, .missingRequiredParameter,
                "response.audio.output.voice.id"
            ),
            (#"{"tools":{}}"#, .invalidType, "response.tools"),
            (#"{"tool_choice":"always"}"#, .invalidValue, "response.tool_choice"),
            (#"{"reasoning":{"effort":"wild"}}"#, .invalidValue, "response.reasoning.effort"),
            (#"{"max_output_tokens":0}"#, .integerBelowMinimum, "response.max_output_tokens"),
            (#"{"max_output_tokens":4097}"#, .integerAboveMaximum, "response.max_output_tokens"),
            (#"{"max_output_tokens":"many"}"#, .invalidValue, "response.max_output_tokens"),
            (#"{"max_output_tokens":true}"#, .invalidType, "response.max_output_tokens"),
            (#"{"prompt":{}}"#, .missingRequiredParameter, "response.prompt.id"),
            (#"{"metadata":[]}"#, .invalidType, "response.metadata"),
            (#"{"metadata":{"a":1}}"#, .invalidType, "response.metadata.a"),
            (#"{"conversation":{}}"#, .invalidType, "response.conversation"),
            (#"{"input":{}}"#, .invalidType, "response.input"),
            (
                #"{"input":[{"type":"item_reference"}]}"#, .missingRequiredParameter,
                "response.input[0].id"
            ),
            (
                #"{"input":[{"type":"message","role":"user","content":[{"type":"input_text"}]}]}"#,
                .missingRequiredParameter, "response.input[0].content[0].text"
            ),
        ] as [(String, ProtocolError.Code, String)]
    )
    func refuses(response: String, code: ProtocolError.Code, param: String) {
        let error = failure(message(response))?.error
        #expect(error?.code == code)
        #expect(error?.param == param)
    }

    @Test("What an input may be is told with references among it")
    func namesReferences() {
        let error = failure(message(#"{"input":[{"type":"bogus"}]}"#))?.error
        #expect(error?.param == "response.input[0].type")
        #expect(error?.message.contains("'message'") == true)
        #expect(error?.message.contains("'item_reference'") == true)
    }

    @Test(
        "Modalities are told as the name in use has them",
        arguments: [
            (#"{"modalities":[]}"#, "['audio', 'text'] or ['text']"),
            (#"{"output_modalities":[]}"#, "['audio'] or ['text']"),
        ]
    )
    func namesModalities(response: String, expected: String) {
        #expect(failure(message(response))?.error.message.contains(expected) == true)
    }

    @Test("Metadata has at most 16 pairs, keys of 64 and values of 512 characters")
    func limitsMetadata() throws {
        let pairs = { (count: Int) in
            (0..<count).map { #""k\#($0)":"""# }.joined(separator: ",")
        }
        let long = { (count: Int) in String(repeating: "x", count: count) }
        let fits = #"{"metadata":{"\#(long(64))":"\#(long(512))",\#(pairs(15))}}"#
        #expect(try options(fits)?.metadata?.count == 16)
        #expect(failure(message(#"{"metadata":{\#(pairs(17))}}"#))?.error.code == .invalidValue)
        let key = failure(message(#"{"metadata":{"\#(long(65))":""}}"#))?.error
        #expect(key?.code == .stringAboveMaximumLength)
        #expect(key?.param == "response.metadata")
        #expect(key?.message.contains("a key") == true)
        let value = failure(message(#"{"metadata":{"a":"\#(long(513))"}}"#))?.error
        #expect(value?.code == .stringAboveMaximumLength)
        #expect(value?.param == "response.metadata.a")
    }

    @Test(
        "In strict mode unknown members are named",
        arguments: [
            (#"{"bogus":1}"#, "response.bogus"), (#"{"temperature":1}"#, "response.temperature"),
            (#"{"audio":{"input":{}}}"#, "response.audio.input"),
            (#"{"audio":{"output":{"speed":1}}}"#, "response.audio.output.speed"),
            (#"{"input":[{"type":"item_reference","id":"i","x":1}]}"#, "response.input[0].x"),
        ]
    )
    func namesUnknownMembers(response: String, param: String) {
        #expect(failure(message(response)) == nil)
        #expect(failure(message(response), strictly: true)?.error.code == .unknownParameter)
        #expect(failure(message(response), strictly: true)?.error.param == param)
    }
}
