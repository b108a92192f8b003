import ParleyJSON
import ParleyRealtime
import Testing

@Suite("Tools and tool choice")
struct ToolDecoderTests {
    private func tools(_ list: String) throws -> Change<[Tool]> {
        try SessionDecoder().decode(["tools": try JSON.parse(list)]).tools
    }

    private func error(_ member: String, _ value: String) throws -> ProtocolError? {
        let session: JSON = .object(JSONObject([(member, try JSON.parse(value))]))
        do throws(ProtocolError) {
            _ = try SessionDecoder().decode(session)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "Functions are read, flat or nested, with a type or without",
        arguments: [
            #"{"name":"f","description":"d","parameters":{"type":"object"}}"#,
            #"{"type":null,"name":"f","description":"d","parameters":{"type":"object"}}"#,
            #"{"type":"function","name":"f","description":"d","parameters":{"type":"object"}}"#,
            #"""
            {"type":"function","function":{"name":"f","description":"d",
            "parameters":{"type":"object"}}}
            """#,
        ]
    )
    func readsFunctions(text: String) throws {
        let function = FunctionTool(name: "f", description: "d", parameters: ["type": "object"])
        #expect(try tools("[\(text)]") == .set([.function(function)]))
    }

    @Test("Members of a function may be null")
    func readsNulls() throws {
        let text = #"[{"type":"function","name":"f","description":null,"parameters":null}]"#
        #expect(try tools(text) == .set([.function(FunctionTool(name: "f"))]))
    }

    @Test(
        "A wrong tool gives its path",
        arguments: [
            (#"["f"]"#, .invalidType, "session.tools[0]"),
            (#"[{}]"#, .missingRequiredParameter, "session.tools[0].name"),
            (#"[{"type":"web"}]"#, .invalidValue, "session.tools[0].type"),
            (#"[{"type":"function"}]"#, .missingRequiredParameter, "session.tools[0].name"),
            (#"[{"type":"function","name":null}]"#, .invalidType, "session.tools[0].name"),
            (
                #"[{"type":"function","function":{}}]"#, .missingRequiredParameter,
                "session.tools[0].function.name"
            ),
            (
                #"[{"type":"function","name":"f","parameters":"{}"}]"#, .invalidType,
                "session.tools[0].parameters"
            ),
            (#"[{"type":"mcp"}]"#, .missingRequiredParameter, "session.tools[0].server_label"),
            (#"[{"type":"mcp","server_label":"s"}]"#, .invalidValue, "session.tools[0]"),
            (
                #"[{"type":"mcp","server_label":"s","server_url":"http://u","connector_id":"c"}]"#,
                .invalidValue, "session.tools[0]"
            ),
            (
                #"""
                [{"type":"mcp","server_label":"s","server_url":"http://u"},{"type":"mcp",
                "server_label":"s","server_url":"http://v"}]
                """#,
                .invalidValue, "session.tools[1].server_label"
            ),
            (
                #"[{"type":"mcp","server_label":"s","server_url":"http://u","headers":{"X":1}}]"#,
                .invalidType, "session.tools[0].headers.X"
            ),
            (
                #"""
                [{"type":"mcp","server_label":"s","server_url":"http://u","authorization":"t",
                "headers":{"Authorization":"t"}}]
                """#,
                .invalidValue, "session.tools[0].authorization"
            ),
        ] as [(String, ProtocolError.Code, String)]
    )
    func refuses(list: String, code: ProtocolError.Code, param: String) throws {
        let error = try error("tools", list)
        #expect(error?.code == code)
        #expect(error?.param == param)
    }

    @Test("A response may name a server of the session by its label alone")
    func namesServers() throws {
        let text =
            #"{"type":"response.create","response":{"tools":[{"type":"mcp","server_label":"s"}]}}"#
        guard case .responseCreate(let options) = try decode(text).get().body else {
            Issue.record("another event")
            return
        }
        let shown: JSONObject = ["type": "mcp", "server_label": "s"]
        #expect(options.tools == [.mcp(MCPTool(serverLabel: "s", definition: shown))])
    }

    @Test(
        "Choices are read",
        arguments: [
            (#""auto""#, .auto), (#""none""#, .none), (#""required""#, .required),
            (#"{"type":"function","name":"f"}"#, .function(name: "f")),
            (#"{"type":"function","function":{"name":"f"}}"#, .function(name: "f")),
            (#"{"type":"mcp","server_label":"s"}"#, .mcp(serverLabel: "s", name: nil)),
            (#"{"type":"mcp","server_label":"s","name":"t"}"#, .mcp(serverLabel: "s", name: "t")),
        ] as [(String, ToolChoice)]
    )
    func readsChoices(text: String, choice: ToolChoice) throws {
        let update = try SessionDecoder().decode(["tool_choice": try JSON.parse(text)])
        #expect(update.toolChoice == .set(choice))
    }

    @Test(
        "A wrong choice gives its path",
        arguments: [
            (#""any""#, .invalidValue, "session.tool_choice"),
            ("1", .invalidType, "session.tool_choice"),
            ("{}", .missingRequiredParameter, "session.tool_choice.type"),
            (#"{"type":"function"}"#, .missingRequiredParameter, "session.tool_choice.name"),
            (#"{"type":"mcp"}"#, .missingRequiredParameter, "session.tool_choice.server_label"),
        ] as [(String, ProtocolError.Code, String)]
    )
    func refusesChoices(text: String, code: ProtocolError.Code, param: String) throws {
        let error = try error("tool_choice", text)
        #expect(error?.code == code)
        #expect(error?.param == param)
    }
}
