import ParleyHTTP
import ParleyJSON
import ParleyRealtime
import Testing

@Suite("MCP tools")
struct MCPToolDecoderTests {
    private func tool(_ members: String) throws -> MCPTool {
        let text = #"[{"type":"mcp","server_label":"s","server_url":"https://h:1/m"\#(members)}]"#
        let update = try SessionDecoder().decode(["tools": try JSON.parse(text)])
        guard case .set(let tools) = update.tools, case .mcp(let tool)? = tools.first else {
            throw ProtocolError(nil, "no tool")
        }
        return tool
    }

    private func refusal(_ members: String) -> ProtocolError? {
        do {
            _ = try tool(members)
            return nil
        } catch {
            return error as? ProtocolError
        }
    }

    private func address(_ tool: MCPTool) throws -> MCPAddress {
        guard case .server(let address)? = tool.target else {
            throw ProtocolError(nil, "no address")
        }
        return address
    }

    @Test("A server has its URL and its headers; an authorization is a bearer token")
    func readsAddress() throws {
        let address = try address(tool(#","headers":{"X-Key":"k"},"authorization":"token""#))
        #expect(address.url.description == "https://h:1/m")
        #expect(address.headers["X-Key"] == "k")
        #expect(address.headers[.authorization] == "Bearer token")
        let whole = try self.address(tool(#","authorization":"Bearer token""#))
        #expect(whole.headers[.authorization] == "Bearer token")
    }

    @Test("Printed in any way, a tool shows no secret")
    func hidesSecrets() throws {
        let tool = try tool(#","headers":{"X-Key":"hidden1"},"authorization":"hidden2""#)
        var dumped = ""
        dump(tool, to: &dumped)
        for text in ["\(tool)", String(reflecting: tool), dumped, "\(tool.shown)"] {
            #expect(!text.contains("hidden"))
        }
        #expect(tool.shown["server_url"] == "https://h:1/m")
    }

    @Test("A response may name a server by its label, with another secret or without")
    func readsLabel() throws {
        func target(_ members: String) throws -> MCPTarget? {
            let tools = #"[{"type":"mcp","server_label":"s"\#(members)}]"#
            let text = #"{"type":"response.create","response":{"tools":\#(tools)}}"#
            let event = try EventDecoder().decode(Array(text.utf8))
            guard case .responseCreate(let options) = event.body,
                case .mcp(let tool)? = options.tools?.first
            else { throw ProtocolError(nil, "no tool") }
            return tool.target
        }
        #expect(try target("") == nil)
        let opened = try target(#","authorization":"hidden""#)
        #expect(opened == .known(MCPHeaders([.authorization: "Bearer hidden"])))
        var dumped = "\(opened as Any) \(String(reflecting: opened))"
        dump(opened, to: &dumped)
        #expect(!dumped.contains("hidden"))
    }

    @Test(
        "What is allowed is a list of names, or names and nature",
        arguments: [
            (#"["a","b"]"#, ToolFilter(names: ["a", "b"])),
            (#"{"tool_names":["a"],"read_only":true}"#, ToolFilter(names: ["a"], isReadOnly: true)),
            (#"{"read_only":false}"#, ToolFilter(isReadOnly: false)), ("{}", ToolFilter()),
            ("null", nil),
        ] as [(String, ToolFilter?)]
    )
    func readsAllowedTools(text: String, filter: ToolFilter?) throws {
        #expect(try tool(#","allowed_tools":\#(text)"#).allowedTools == filter)
    }

    @Test("What is neither a list nor an object should be a list, which is usual")
    func namesAllowedTools() throws {
        let error = #expect(throws: ProtocolError.self) { try tool(#","allowed_tools":5"#) }
        #expect(error?.code == .invalidType)
        #expect(error?.param == "session.tools[0].allowed_tools")
        #expect(error?.message.contains("expected an array") == true)
    }

    @Test(
        "Approval is asked for always, never, or by filters",
        arguments: [
            (#""always""#, .always), (#""never""#, .never), ("null", nil),
            (
                #"{"never":{"tool_names":["a"]}}"#,
                .filtered(always: nil, never: ToolFilter(names: ["a"]))
            ),
            (
                #"{"always":{"read_only":false},"never":{"read_only":true}}"#,
                .filtered(
                    always: ToolFilter(isReadOnly: false),
                    never: ToolFilter(isReadOnly: true)
                )
            ),
            // A filter that names nothing would let everything run unasked.
            (#"{"never":{}}"#, .filtered(always: nil, never: ToolFilter(names: []))),
        ] as [(String, ApprovalRule?)]
    )
    func readsApproval(text: String, rule: ApprovalRule?) throws {
        #expect(try tool(#","require_approval":\#(text)"#).approval == rule)
    }

    @Test("What neither filter names must be approved, and what both name")
    func judgesApproval() {
        let rule = ApprovalRule.filtered(
            always: ToolFilter(names: ["a"]),
            never: ToolFilter(names: ["a", "b"])
        )
        #expect(rule.demands("a", isReadOnly: false))
        #expect(!rule.demands("b", isReadOnly: false))
        #expect(rule.demands("c", isReadOnly: true))
    }

    @Test(
        "What no HTTP line can hold is refused, and not repeated",
        arguments: [
            (#","headers":{"X":"hidden\r\nY: 1"}"#, "session.tools[0].headers.X"),
            (#","headers":{"X":"hidden\u0000"}"#, "session.tools[0].headers.X"),
            (#","headers":{"X hidden":"1"}"#, "session.tools[0].headers"),
            (#","headers":{"Host":"hidden"}"#, "session.tools[0].headers.Host"),
            (#","headers":{"mcp-session-id":"hidden"}"#, "session.tools[0].headers.mcp-session-id"),
            (#","authorization":"hidden\n""#, "session.tools[0].authorization"),
            (
                #","authorization":"hidden","headers":{"authorization":"hidden"}"#,
                "session.tools[0].authorization"
            ),
        ]
    )
    func refusesHeaders(members: String, param: String) throws {
        let error = try #require(refusal(members))
        #expect(error.code == .invalidValue)
        #expect(error.param == param)
        #expect(!error.message.contains("hidden"))
    }

    @Test(
        "A URL that is none is refused",
        arguments: ["u", "ftp://h/", "wss://h/", "https://user:pass@h/", "https://h/a b"]
    )
    func refusesURLs(url: String) throws {
        let text = #"[{"type":"mcp","server_label":"s","server_url":"\#(url)"}]"#
        do throws(ProtocolError) {
            _ = try SessionDecoder().decode(["tools": (try? JSON.parse(text)) ?? .null])
            Issue.record("taken")
        } catch {
            #expect(error.param == "session.tools[0].server_url")
            #expect(!error.message.contains("pass"))
        }
    }
}

@Suite("Which MCP servers may be named")
struct ToolServerRulesTests {
    private func fault(_ url: String, _ rules: ToolServerRules) throws -> ProtocolError? {
        rules.fault(of: .server(MCPAddress(try WebURL(url))), param: "t")
    }

    @Test("Servers of the internet may, those nearby may not until they are allowed")
    func judgesPlaces() throws {
        var rules = ToolServerRules()
        #expect(try fault("https://example.org/", rules) == nil)
        let refusal = try #require(try fault("http://192.168.1.2/", rules))
        #expect(refusal.param == "t.server_url")
        #expect(refusal.message.contains("mcp.allow_private"))
        rules.allowsPrivateAddresses = true
        #expect(try fault("http://192.168.1.2/", rules) == nil)
        rules.hosts = ["example.org"]
        #expect(try fault("http://192.168.1.2/", rules)?.message.contains("mcp.hosts") == true)
    }

    @Test("Connectors, tunnels and servers of a server without MCP are refused by name")
    func refusesKinds() {
        var rules = ToolServerRules()
        #expect(rules.fault(of: .connector, param: "t")?.param == "t.connector_id")
        #expect(rules.fault(of: .tunnel, param: "t")?.code == .notImplemented)
        #expect(rules.fault(of: nil, param: "t") == nil)
        rules.isEnabled = false
        #expect(rules.fault(of: nil, param: "t")?.param == "t.type")
    }
}
