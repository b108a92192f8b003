internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyRealtime

extension [Tool] {
    /// Reads `get_time,get_weather`; a name with `mcp:` before it is a server.
    ///
    /// `mcp:files` names it by its label alone, `mcp:files@files.example` says where it is, and
    /// `mcp:files@files.example@key` what opens it (`mcp:files@@key` that alone). Behind that,
    /// `!always`, `!never`, `!never-read-write` or `!never-readonly` are its rule of approval, and
    /// `+read+write` the tools that are allowed (`+readonly`: those that only read).
    init?(trace: String) {
        var tools: [Tool] = []
        for name in trace.split(separator: ",") {
            guard name.hasPrefix("mcp:") else {
                tools.append(.function(FunctionTool(name: String(name))))
                continue
            }
            guard let server = MCPTool(trace: name.dropFirst(4)) else { return nil }
            tools.append(.mcp(server))
        }
        self = tools
    }
}

extension MCPTool {
    fileprivate init?(trace: Substring) {
        let allowed = trace.split(separator: "+").dropFirst().map(String.init)
        let parts = trace.prefix { $0 != "+" }.split(separator: "!")
        guard let place = parts.first?.split(separator: "@", omittingEmptySubsequences: false),
            let label = place.first
        else { return nil }
        self.init(
            serverLabel: String(label),
            definition: ["type": "mcp", "server_label": .string(String(label))]
        )
        var headers = HTTPHeaders()
        if place.count > 2 { headers.add(.authorization, String(place[2])) }
        switch place.dropFirst().first {
        case nil: break
        case "connector": target = .connector
        case "tunnel": target = .tunnel
        case "": target = .known(MCPHeaders(headers))
        case let host?:
            guard let url = try? WebURL("https://\(host)/mcp") else { return nil }
            target = .server(MCPAddress(url, headers: headers))
            shown["server_url"] = .string("\(url)")
        }
        if parts.count > 1 { approval = ApprovalRule(trace: parts[1]) }
        if !allowed.isEmpty { allowedTools = ToolFilter(trace: allowed) }
    }
}

extension ToolFilter {
    fileprivate init(trace names: [String]) {
        self = names == ["readonly"] ? ToolFilter(isReadOnly: true) : ToolFilter(names: Set(names))
    }
}

extension ApprovalRule {
    fileprivate init(trace: Substring) {
        let words = trace.split(separator: "-").map(String.init)
        let filter = ToolFilter(trace: Array(words.dropFirst()))
        switch (words.first, words.count) {
        case ("never", 1): self = .never
        case ("never", _): self = .filtered(always: nil, never: filter)
        case ("always", 2...): self = .filtered(always: filter, never: nil)
        default: self = .always
        }
    }
}

extension ToolChoice {
    /// Reads `auto`, `none`, `required`, a function's name, `mcp:label` or `mcp:label/tool`.
    init(trace: String) {
        switch trace {
        case "auto": self = .auto
        case "none": self = .none
        case "required": self = .required
        case _ where trace.hasPrefix("mcp:"):
            let parts = trace.dropFirst(4).split(separator: "/").map(String.init)
            self = .mcp(serverLabel: parts.first ?? "", name: parts.dropFirst().first)
        default: self = .function(name: trace)
        }
    }
}

extension MCPCall {
    /// Reads `label name "{}" "output"`.
    init(_ words: inout TraceWords) throws(TraceError) {
        self.init(
            serverLabel: try words.next("a label"),
            name: try words.next("a tool"),
            arguments: try words.next("arguments")
        )
        output = words.nextIfAny()
    }
}
