import ParleyJSON
import ParleyRealtime
import Testing

@Suite("Items as clients write them")
struct ItemDecoderTests {
    private func message(_ item: String) -> String {
        #"{"type":"conversation.item.create","item":\#(item)}"#
    }

    private func item(_ item: String) throws -> NewItem? {
        guard case .conversationItemCreate(let item, _) = try decode(message(item)).get().body
        else {
            return nil
        }
        return item
    }

    @Test(
        "Every type of item is read",
        arguments: [
            (
                #"{"type":"message","role":"system","content":[{"type":"input_text","text":"s"}]}"#,
                .message(Message(role: .system, parts: [.inputText("s")]))
            ),
            (
                #"""
                {"type":"message","role":"user","content":[{"type":"input_text","text":"u"},
                {"type":"input_audio","audio":"AAAA","transcript":null},
                {"type":"input_audio","audio":"","transcript":"hi"},{"type":"input_image",
                "image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}]}
                """#,
                .message(
                    Message(
                        role: .user,
                        parts: [
                            .inputText("u"), .inputAudio(audio: [0, 0, 0], transcript: nil),
                            .inputAudio(audio: [], transcript: "hi"),
                            .inputImage(url: "data:image/png;base64,iVBORw0KGgo=", detail: "low"),
                        ]
                    )
                )
            ),
            (
                #"""
                {"type":"message","role":"assistant","content":[{"type":"output_text",
                "text":"a"}]}
                """#,
                .message(Message(role: .assistant, parts: [.outputText("a")]))
            ),
            (
                #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}"#,
                .functionCall(FunctionCall(callID: "c", name: "f", arguments: "{}"))
            ),
            (
                #"{"type":"function_call","name":"f","arguments":"{}"}"#,
                .functionCall(FunctionCall(callID: .unassigned, name: "f", arguments: "{}"))
            ),
            (
                #"{"type":"message","role":"user","content":[]}"#,
                .message(Message(role: .user, parts: []))
            ),
            (
                #"{"type":"function_call_output","call_id":"c","output":""}"#,
                .functionCallOutput(callID: "c", output: "")
            ),
            (
                #"""
                {"type":"mcp_list_tools","server_label":"s","tools":[{"name":"t",
                "input_schema":{}}]}
                """#,
                .mcpListTools(
                    MCPListTools(serverLabel: "s", tools: [["name": "t", "input_schema": [:]]])
                )
            ),
            (
                #"{"type":"mcp_call","server_label":"s","name":"t","arguments":"{}"}"#,
                .mcpCall(MCPCall(serverLabel: "s", name: "t", arguments: "{}"))
            ),
            (
                #"""
                {"type":"mcp_call","server_label":"s","name":"t","arguments":"{}",
                "output":"o","error":null,"approval_request_id":"q"}
                """#,
                .mcpCall(answeredCall)
            ),
            (
                #"{"type":"mcp_approval_request","server_label":"s","name":"t","arguments":"{}"}"#,
                .mcpApprovalRequest(
                    MCPApprovalRequest(serverLabel: "s", name: "t", arguments: "{}")
                )
            ),
            (
                #"""
                {"type":"mcp_approval_response","approval_request_id":"q","approve":false,
                "reason":"no"}
                """#,
                .mcpApprovalResponse(
                    MCPApprovalResponse(approvalRequestID: "q", approves: false, reason: "no")
                )
            ),
        ] as [(String, ItemContent)]
    )
    func reads(text: String, content: ItemContent) throws {
        #expect(try item(text) == NewItem(content: content))
        #expect(failure(message(text), strictly: true) == nil)
    }

    private static var answeredCall: MCPCall {
        var call = MCPCall(serverLabel: "s", name: "t", arguments: "{}")
        call.output = "o"
        call.approvalRequestID = "q"
        return call
    }

    @Test("An item may bring its id; its object and status have no effect")
    func keepsID() throws {
        let text =
            #"""
            {"id":"Az_-9","object":"realtime.item","status":"incomplete","type":"message",
            "role":"user","content":[]}
            """#
        #expect(
            try item(text)
                == NewItem(id: "Az_-9", content: .message(Message(role: .user, parts: [])))
        )
        #expect(failure(message(text), strictly: true) == nil)
    }

    @Test(
        "What the assistant said keeps its type, by the names of both dialects",
        arguments: [
            (#"{"type":"text","text":"a"}"#, .outputText("a")),
            (#"{"type":"audio","transcript":"a"}"#, .outputAudio(audio: nil, transcript: "a")),
            (
                #"{"type":"output_audio","transcript":"a"}"#,
                .outputAudio(audio: nil, transcript: "a")
            ),
            (
                #"{"type":"output_audio","transcript":"a","audio":null}"#,
                .outputAudio(audio: nil, transcript: "a")
            ),
        ] as [(String, ContentPart)]
    )
    func takesAliases(text: String, part: ContentPart) throws {
        let text = #"{"type":"message","role":"assistant","content":[\#(text)]}"#
        let content = ItemContent.message(Message(role: .assistant, parts: [part]))
        #expect(try item(text)?.content == content)
    }

    @Test("What a user said may come back as its transcript alone")
    func takesTranscriptAlone() throws {
        let text =
            #"""
            {"type":"message","role":"user","content":[{"type":"input_audio",
            "transcript":"hi"}]}
            """#
        let part = ContentPart.inputAudio(audio: nil, transcript: "hi")
        #expect(try item(text)?.content == .message(Message(role: .user, parts: [part])))
    }

    @Test(
        "The place is the end, the front or behind an item",
        arguments: [
            ("", .end), (#","previous_item_id":null"#, .end),
            (#","previous_item_id":"root""#, .front),
            (#","previous_item_id":"item_1""#, .after("item_1")),
        ] as [(String, ItemPosition)]
    )
    func readsPosition(member: String, position: ItemPosition) throws {
        let item = #"{"type":"message","role":"user","content":[]}"#
        let text = #"{"type":"conversation.item.create","item":\#(item)\#(member)}"#
        let expected = NewItem(content: .message(Message(role: .user, parts: [])))
        #expect(
            try decode(text).get().body
                == .conversationItemCreate(item: expected, position: position)
        )
    }

    @Test(
        "A wrong item gives the code and the path of section 9",
        arguments: [
            (#"{"type":"bogus"}"#, .invalidValue, "item.type"),
            (#"{"type":"message"}"#, .missingRequiredParameter, "item.role"),
            (#"{"type":"message","role":"robot"}"#, .invalidValue, "item.role"),
            (#"{"type":"message","role":"user"}"#, .missingRequiredParameter, "item.content"),
            (#"{"type":"message","role":"user","content":"hi"}"#, .invalidType, "item.content"),
            (
                #"{"type":"message","role":"user","content":["hi"]}"#, .invalidType,
                "item.content[0]"
            ),
            (
                #"{"type":"message","role":"user","content":[{}]}"#, .missingRequiredParameter,
                "item.content[0].type"
            ),
            (
                #"{"type":"message","role":"user","content":[{"type":"input_text"}]}"#,
                .missingRequiredParameter, "item.content[0].text"
            ),
            (
                #"""
                {"type":"message","role":"user","content":[{"type":"input_text","text":"a"},
                {"type":"input_text","text":null}]}
                """#,
                .invalidType, "item.content[1].text"
            ),
            (
                #"{"type":"message","role":"user","content":[{"type":"output_text","text":"a"}]}"#,
                .invalidValue, "item.content[0].type"
            ),
            (
                #"{"type":"message","role":"user","content":[{"type":"text","text":"a"}]}"#,
                .invalidValue, "item.content[0].type"
            ),
            (
                #"""
                {"type":"message","role":"system","content":[{"type":"input_audio",
                "audio":""}]}
                """#,
                .invalidValue, "item.content[0].type"
            ),
            (
                #"""
                {"type":"message","role":"assistant","content":[{"type":"input_text",
                "text":"a"}]}
                """#,
                .invalidValue, "item.content[0].type"
            ),
            (
                #"""
                {"type":"message","role":"assistant","content":[{"type":"output_audio",
                "audio":"AAAA"}]}
                """#,
                .invalidValue, "item.content[0].audio"
            ),
            (
                #"{"type":"message","role":"assistant","content":[{"type":"output_audio"}]}"#,
                .missingRequiredParameter, "item.content[0].transcript"
            ),
            (
                #"{"type":"message","role":"user","content":[{"type":"input_audio"}]}"#,
                .missingRequiredParameter, "item.content[0].audio"
            ),
            (
                #"{"type":"message","role":"user","content":[{"type":"input_audio","audio":"A"}]}"#,
                .invalidValue, "item.content[0].audio"
            ),
            (
                #"""
                {"type":"message","role":"user","content":[{"type":"input_image",
                "image_url":"ftp://x"}]}
                """#,
                .invalidValue, "item.content[0].image_url"
            ),
            (
                #"""
                {"type":"message","role":"user","content":[{"type":"input_image",
                "image_url":"https://x/y.png","detail":"x"}]}
                """#,
                .invalidValue, "item.content[0].detail"
            ),
            (#"{"type":"function_call"}"#, .missingRequiredParameter, "item.name"),
            (#"{"type":"function_call","call_id":"","name":"f"}"#, .invalidValue, "item.call_id"),
            (#"{"type":"function_call","call_id":"c"}"#, .missingRequiredParameter, "item.name"),
            (#"{"type":"function_call","call_id":"c","name":""}"#, .invalidValue, "item.name"),
            (
                #"{"type":"function_call","call_id":"c","name":"f"}"#, .missingRequiredParameter,
                "item.arguments"
            ),
            (
                #"{"type":"function_call_output","call_id":"c d","output":""}"#, .invalidValue,
                "item.call_id"
            ),
            (
                #"{"type":"function_call_output","call_id":"c","output":{}}"#, .invalidType,
                "item.output"
            ),
            (#"{"type":"message","id":"","role":"user","content":[]}"#, .invalidValue, "item.id"),
            (
                #"{"type":"message","id":"a.b","role":"user","content":[]}"#, .invalidValue,
                "item.id"
            ),
            (
                #"{"type":"message","id":"a\u0000b","role":"user","content":[]}"#, .invalidValue,
                "item.id"
            ),
            (
                #"{"type":"message","id":"root","role":"user","content":[]}"#, .invalidValue,
                "item.id"
            ),
            (
                #"""
                {"type":"message","id":"123456789012345678901234567890123","role":"user",
                "content":[]}
                """#,
                .stringAboveMaximumLength, "item.id"
            ),
            (
                #"{"type":"mcp_list_tools","server_label":"s"}"#, .missingRequiredParameter,
                "item.tools"
            ),
            (#"{"type":"mcp_call","server_label":"s"}"#, .missingRequiredParameter, "item.name"),
            (
                #"{"type":"mcp_call","server_label":"s","name":"n","arguments":"","error":"x"}"#,
                .invalidType, "item.error"
            ),
            (#"{"type":"mcp_approval_request"}"#, .missingRequiredParameter, "item.server_label"),
            (
                #"{"type":"mcp_approval_response","approval_request_id":"q","approve":"yes"}"#,
                .invalidType, "item.approve"
            ),
        ] as [(String, ProtocolError.Code, String)]
    )
    func refuses(item: String, code: ProtocolError.Code, param: String) {
        let error = failure(message(item))?.error
        #expect(error?.code == code)
        #expect(error?.param == param)
    }

    @Test(
        "The label of an item's server says something, in 128 characters at most",
        arguments: ["mcp_list_tools", "mcp_call", "mcp_approval_request"]
    )
    func labels(type: String) {
        func error(_ label: String) -> ProtocolError? {
            let members = #""name":"n","arguments":"{}","tools":[]"#
            let item = #"{"type":"\#(type)","server_label":"\#(label)",\#(members)}"#
            return failure(message(item))?.error
        }
        #expect(error(String(repeating: "l", count: 128)) == nil)
        #expect(error(String(repeating: "l", count: 129))?.code == .stringAboveMaximumLength)
        #expect(error("")?.code == .invalidValue)
        #expect(error("")?.param == "item.server_label")
    }

    @Test(
        "In strict mode unknown members are named",
        arguments: [
            (#"{"type":"message","role":"user","content":[],"x":1}"#, "item.x"),
            (
                #"""
                {"type":"message","role":"user","content":[{"type":"input_text","text":"",
                "x":1}]}
                """#,
                "item.content[0].x"
            ),
            (
                #"{"type":"function_call","call_id":"c","name":"f","arguments":"","output":""}"#,
                "item.output"
            ),
        ]
    )
    func namesUnknownMembers(item: String, param: String) {
        #expect(failure(message(item)) == nil)
        #expect(failure(message(item), strictly: true)?.error.code == .unknownParameter)
        #expect(failure(message(item), strictly: true)?.error.param == param)
    }
}
