internal import ParleyRealtime

// MCP servers: what may be named, and how often.

extension Session {
    /// Says what is wrong with the session's tools, beyond what can be told without the session:
    /// too many lists in a short time.
    func sessionToolFault(_ tools: [Tool], at now: Instant) -> ProtocolError? {
        let newCount = servers(of: tools).count { tool, address in
            // One that failed and is sent back as it was shown is no news, and never refused.
            toolServers.ofSession(tool.serverLabel)?.address != address
                && toolServers.connected(tool.serverLabel, address) == nil
        }
        return listFault(newCount, param: "session.tools", at: now)
    }

    /// Says what is wrong with a response's own tools: a label alone must be known, and servers
    /// that are to be connected must find room.
    func responseToolFault(_ tools: [Tool], at now: Instant) -> ProtocolError? {
        let param = "response.tools"
        let limit = birth.limits.toolServerCount
        if let error = birth.toolServers.fault(of: tools, limit: limit, param: param) {
            return error
        }
        var newCount = 0
        for (index, tool) in tools.enumerated() {
            guard let named = tool.server else { continue }
            guard let address = address(of: named) else {
                return ProtocolError(
                    .invalidValue,
                    "The session knows no server \(named.serverLabel.quoted); give its "
                        + "'server_url'.",
                    param: "\(param)[\(index)].server_label"
                )
            }
            if toolServers.connected(named.serverLabel, address) == nil { newCount += 1 }
        }
        guard newCount == 0 || toolServers.connectionCount + newCount <= 2 * limit else {
            return .tooManyServers(2 * limit, param: param)
        }
        return listFault(newCount, param: param, at: now)
    }

    private func listFault(_ newCount: Int, param: String, at now: Instant) -> ProtocolError? {
        guard newCount > 0, newCount > toolServers.listRoom(at: now) else { return nil }
        let seconds = birth.limits.toolListPeriod.components.seconds
        return ProtocolError(
            .rateLimitExceeded,
            "MCP servers are asked for at most \(birth.limits.toolListCount) lists of tools in "
                + "\(seconds) s; try again later.",
            param: param,
            kind: .rateLimit
        )
    }
}

extension ToolServerRules {
    /// Says what is wrong with the servers among some tools; nil when nothing is.
    func fault(of tools: [Tool], limit: Int, param: String) -> ProtocolError? {
        var count = 0
        for (index, tool) in tools.enumerated() {
            guard let server = tool.server else { continue }
            let param = "\(param)[\(index)]"
            if let error = fault(of: server.target, param: param) { return error }
            count += 1
            guard count <= limit else { return .tooManyServers(limit, param: param) }
        }
        return nil
    }
}

extension ProtocolError {
    fileprivate static func tooManyServers(_ limit: Int, param: String) -> Self {
        Self(.invalidValue, "At most \(limit) MCP servers can be used.", param: param)
    }
}
