internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyRealtime

/// Random tools of a random client.
enum SimulatedTools {
    private static let labels = ["a", "b", "c"]

    static func tools(_ random: inout SeededRandom, forResponse: Bool = false) -> [Tool] {
        var tools: [Tool] = []
        for name in ["get_time", "get_name"] where random.once(in: 2) {
            tools.append(.function(FunctionTool(name: name)))
        }
        for label in labels where random.once(in: 2) {
            tools.append(.mcp(server(label, &random, forResponse: forResponse)))
        }
        return tools
    }

    private static func server(
        _ label: String,
        _ random: inout SeededRandom,
        forResponse: Bool
    ) -> MCPTool {
        var server = MCPTool(serverLabel: label)
        let host = random.pick(["one.example", "one.example", "two.example", "127.0.0.1"])
        let headers: HTTPHeaders = random.once(in: 4) ? [.authorization: "key"] : [:]
        if !forResponse || random.once(in: 2), let url = try? WebURL("https://\(host ?? "")/") {
            let address = MCPAddress(url, headers: headers)
            server.target = random.once(in: 30) ? .connector : .server(address)
        } else if forResponse, random.once(in: 4) {
            server.target = .known(MCPHeaders(headers))
        }
        server.approval = random.pick([
            .never, .never, .always, .filtered(always: nil, never: ToolFilter(isReadOnly: true)),
        ])
        if random.once(in: 3) { server.allowedTools = ToolFilter(names: ["read", "a.b"]) }
        return server
    }

    static func choice(_ random: inout SeededRandom) -> ToolChoice {
        let label = random.pick(labels) ?? ""
        return random.pick([
            .auto, .none, .required, .function(name: "get_time"),
            .mcp(serverLabel: label, name: nil), .mcp(serverLabel: label, name: "read"),
        ]) ?? .auto
    }

    /// An item that only the server makes, or that a client gives back.
    static func item(_ random: inout SeededRandom) -> ItemContent {
        var call = MCPCall(serverLabel: "a", name: "read", arguments: "{}")
        if random.once(in: 2) { call.output = "Before." }
        return random.pick([
            .mcpCall(call), .mcpListTools(MCPListTools(serverLabel: "a", tools: [])),
            .mcpApprovalRequest(MCPApprovalRequest(serverLabel: "a", name: "t", arguments: "")),
        ]) ?? .mcpCall(call)
    }
}
