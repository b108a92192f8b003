internal import ParleyHTTP
internal import ParleyJSON

/// Reads tools of type `mcp`.
///
/// No error repeats a value that may be a secret.
///
/// - Source: Realtime protocol, "Tools".
struct MCPToolDecoder {
    let isStrict: Bool
    /// A response may name a server of the session by its label alone.
    let isResponse: Bool

    private static let targets = ["server_url", "connector_id", "tunnel_id"]
    private static let members = [
        "type", "server_label", "authorization", "headers", "server_description", "allowed_tools",
        "require_approval", "allowed_callers", "defer_loading",
    ]
    /// Headers that belong to the connection or to the protocol.
    private static let reserved: [HTTPFieldName] = [
        .host, .contentLength, .transferEncoding, .connection, .upgrade, .trailer, .expect,
        .accept, .contentType, "TE", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection",
        "Mcp-Session-Id", "MCP-Protocol-Version", "Last-Event-ID",
    ]

    func tool(_ tool: JSONReader) throws(JSONReadError) -> MCPTool {
        var result = MCPTool(
            serverLabel: try tool["server_label"].serverLabel(),
            definition: try tool.object()
        )
        result.target = try target(tool)
        result.serverDescription = try tool["server_description"].present?.string(
            maximumLength: WireLimit.serverDescriptionLength
        )
        result.allowedTools = try tool["allowed_tools"].present.map(allowedTools)
        result.approval = try tool["require_approval"].present.map(approval)
        if isStrict { try tool.refuseMembers(otherThan: Self.targets + Self.members) }
        return result
    }

    // MARK: Target

    private func target(_ tool: JSONReader) throws(JSONReadError) -> MCPTarget? {
        var given: [String] = []
        for target in Self.targets {
            let longest = WireLimit.serverURLLength
            guard try tool[target].present?.name(maximumLength: longest) != nil else { continue }
            given.append(target)
        }
        guard given.count == 1 || (isResponse && given.isEmpty) else {
            throw JSONReadError(
                tool.path,
                .value(
                    found: "a server with \(given.count) targets",
                    expected: "exactly one of 'server_url', 'connector_id', 'tunnel_id'"
                )
            )
        }
        let headers = try headers(tool)
        switch given.first {
        case "server_url":
            return .server(MCPAddress(try url(tool["server_url"]), headers: headers))
        case "connector_id": return .connector
        case "tunnel_id": return .tunnel
        default: return headers.fields.isEmpty ? nil : .known(MCPHeaders(headers))
        }
    }

    private func url(_ reader: JSONReader) throws(JSONReadError) -> WebURL {
        let text = try reader.string(maximumLength: WireLimit.serverURLLength)
        let url: WebURL
        do throws(WebURL.ParseFailure) {
            url = try WebURL(text)
        } catch {
            throw wrongURL(reader, error.message)
        }
        guard !url.scheme.isWebSocket else {
            throw wrongURL(reader, "The URL's scheme must be http or https")
        }
        return url
    }

    private func wrongURL(_ reader: JSONReader, _ reason: String) -> JSONReadError {
        JSONReadError(
            reader.path,
            .value(found: "no URL of a server (\(reason))", expected: "http or https")
        )
    }

    // MARK: Headers

    private func headers(_ tool: JSONReader) throws(JSONReadError) -> HTTPHeaders {
        var headers = HTTPHeaders()
        if let given = try tool["headers"].present?.object() {
            guard given.count <= WireLimit.headerCount else {
                throw JSONReadError(
                    tool["headers"].path,
                    .value(
                        found: "\(given.count) headers",
                        expected: "at most \(WireLimit.headerCount)"
                    )
                )
            }
            for member in given.members {
                let name = try headerName(member.key, tool["headers"])
                headers.add(name, try headerValue(tool["headers"][member.key]))
            }
        }
        guard let authorization = tool["authorization"].present else { return headers }
        guard headers[.authorization] == nil else {
            throw JSONReadError(
                authorization.path,
                .value(found: "given twice", expected: "it here or in 'headers'")
            )
        }
        let token = try headerValue(authorization)
        let isWhole = token.lowercased().hasPrefix("bearer ")
        headers.add(.authorization, isWhole ? token : "Bearer \(token)")
        return headers
    }

    private func headerName(
        _ text: String,
        _ headers: JSONReader
    ) throws(JSONReadError) -> HTTPFieldName {
        guard let name = HTTPFieldName(text) else {
            throw JSONReadError(
                headers.path,
                .value(found: "not made of header names", expected: "names of HTTP headers")
            )
        }
        guard !Self.reserved.contains(name) else {
            throw JSONReadError(
                headers[text].path,
                .value(found: "a header that the server sets by itself", expected: "others")
            )
        }
        return name
    }

    /// What HTTP can carry in one line, and not more.
    private func headerValue(_ reader: JSONReader) throws(JSONReadError) -> String {
        let value = try reader.string(maximumLength: WireLimit.headerLength)
        guard !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
            throw JSONReadError(
                reader.path,
                .value(found: "text with line ends or other controls", expected: "one line")
            )
        }
        return value
    }

    // MARK: Filters

    private func allowedTools(_ reader: JSONReader) throws(JSONReadError) -> ToolFilter {
        if case .object? = reader.value { return try filter(reader) }
        return ToolFilter(names: try names(reader))
    }

    private func filter(_ reader: JSONReader) throws(JSONReadError) -> ToolFilter {
        _ = try reader.object()
        if isStrict { try reader.refuseMembers(otherThan: ["tool_names", "read_only"]) }
        return ToolFilter(
            names: try reader["tool_names"].present.map(names),
            isReadOnly: try reader["read_only"].present?.boolean()
        )
    }

    private func names(_ reader: JSONReader) throws(JSONReadError) -> Set<String> {
        var names: Set<String> = []
        for element in try reader.elements(maximumCount: WireLimit.toolCount) {
            names.insert(try element.string())
        }
        return names
    }

    private func approval(_ reader: JSONReader) throws(JSONReadError) -> ApprovalRule {
        if case .string(let name)? = reader.value {
            switch name {
            case "always": return .always
            case "never": return .never
            default: throw reader.unexpected(expected: ["'always'", "'never'", "an object"])
            }
        }
        _ = try reader.object()
        if isStrict { try reader.refuseMembers(otherThan: ["always", "never"]) }
        return .filtered(
            always: try reader["always"].present.map(filter),
            never: try reader["never"].present.map(narrowFilter)
        )
    }

    /// A filter that names nothing would let everything run unasked: it names nothing here.
    private func narrowFilter(_ reader: JSONReader) throws(JSONReadError) -> ToolFilter {
        let filter = try filter(reader)
        return filter == ToolFilter() ? ToolFilter(names: []) : filter
    }
}
