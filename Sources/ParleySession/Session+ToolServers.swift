internal import ParleyJSON
internal import ParleyRealtime

// MCP servers: from being named in `tools` to being named no more.

extension Session {
    /// Follows the session's `tools`: asks new servers for their tools, leaves those named no more.
    mutating func followTools(at now: Instant) {
        // Transcription sessions have no model that could call anything.
        let isAnswering = configuration.kind == .realtime
        let named = isAnswering ? configuration.tools.compactMap(\.server) : []
        for server in toolServers.servers where server.isOfSession && !server.isLeaving {
            let isNamed = named.contains {
                $0.serverLabel == server.tool.serverLabel && address(of: $0) == server.address
            }
            if !isNamed { leave(server.id, at: now) }
        }
        for tool in named { connect(tool, isOfSession: true, at: now) }
    }

    /// Makes a server known, or takes what the client says of a known one.
    ///
    /// - Returns: The item of its list, where that is still to come.
    @discardableResult
    mutating func connect(_ tool: MCPTool, isOfSession: Bool, at now: Instant) -> ItemID? {
        guard let address = address(of: tool) else { return nil }
        if let known = toolServers[tool.serverLabel] {
            if known.address == address, known.isConnected {
                toolServers[known.id]?.isOfSession = known.isOfSession || isOfSession
                if isOfSession { toolServers[known.id]?.tool = tool }
                if case .listing = known.state { return known.id }
                return nil
            }
            leave(known.id, at: now)
        }
        let id = conversation.newItemID(&outbox, prefix: ItemPrefix.toolList)
        toolServers.add(
            ToolServers.Server(
                id: id,
                tool: tool,
                address: address,
                state: .listing(until: now + birth.limits.toolListWait),
                isOfSession: isOfSession
            )
        )
        outbox.send(.mcpListToolsInProgress(itemID: id))
        outbox.perform(.listTools(id, address))
        return id
    }

    /// Makes the servers known that a response brings along.
    ///
    /// - Returns: The lists that it has to wait for: without them it would lack what it brought.
    mutating func connectServers(of options: ResponseOptions, at now: Instant) -> Set<ItemID> {
        let named = options.tools?.compactMap(\.server) ?? []
        return Set(named.compactMap { connect($0, isOfSession: false, at: now) })
    }

    /// Where a server is, where that is said; one that is sent back as it was shown, without its
    /// secrets, keeps them.
    private func address(of tool: MCPTool) -> MCPAddress? {
        guard case .server(let address) = tool.target else { return nil }
        return address.completed(by: toolServers[tool.serverLabel]?.address)
    }

    /// The client named a server no more.
    ///
    /// What was asked of the client about it is void; calls that run come to their ends, and so do
    /// responses that began with its tools.
    private mutating func leave(_ id: ItemID, at now: Instant) {
        guard let server = toolServers[id] else { return }
        toolServers[id]?.isLeaving = true
        for call in toolCalls.unapproved(of: id) {
            conclude(call.item, .failed(.toolExecution(message: Self.serverIsGone)), at: now)
        }
        switch server.state {
        case .listing: endListing(id, at: now)
        case .ready, .failed: dropIfUnused(id)
        }
    }

    static let serverIsGone = "The server was removed before the call was approved."

    /// Disconnects a server that is named no more, has no calls, and will have none.
    mutating func dropIfUnused(_ id: ItemID) {
        guard let server = toolServers[id], server.isLeaving, !toolCalls.isUsing(id),
            !responses.offers(id)
        else { return }
        if server.isConnected { outbox.perform(.disconnectTools(id)) }
        toolServers[id] = nil
    }

    // MARK: Lists

    /// Takes a server's tools; a report about a server that is gone is stale.
    mutating func takeTools(_ id: ItemID, _ report: ToolListing, at now: Instant) {
        guard let server = toolServers[id], case .listing = server.state else { return }
        switch report {
        case .listed(let tools):
            let kept = kept(of: tools)
            toolServers[id]?.state = .ready(kept)
            let allowed = kept.filter { tool in
                server.tool.allowedTools?.admits(tool.name, isReadOnly: tool.isReadOnly) ?? true
            }
            let list = MCPListTools(
                serverLabel: server.tool.serverLabel,
                tools: allowed.map { .object($0.shown) }
            )
            announce(Conversation.Entry(Item(id: id, content: .mcpListTools(list))))
            outbox.send(.mcpListToolsCompleted(itemID: id))
        case .failed:
            toolServers[id]?.state = .failed
            outbox.perform(.disconnectTools(id))
            outbox.send(.mcpListToolsFailed(itemID: id))
        }
        release(responses.noteList(id), at: now)
    }

    /// A list that never comes.
    private mutating func endListing(_ id: ItemID, at now: Instant) {
        outbox.perform(.disconnectTools(id))
        toolServers[id] = nil
        outbox.send(.mcpListToolsFailed(itemID: id))
        release(responses.noteList(id), at: now)
    }

    private mutating func release(_ ids: [ResponseID], at now: Instant) {
        for response in ids { advance(response, at: now) }
    }

    /// What of a list is kept: tools with names of their own, up to the bounds.
    private func kept(of tools: [ServerTool]) -> [ServerTool] {
        var names: Set<String> = []
        var byteCount = 0
        var kept: [ServerTool] = []
        for tool in tools where !tool.name.isEmpty && names.insert(tool.name).inserted {
            byteCount += tool.shown.serialized().count
            guard kept.count < birth.limits.toolCountPerServer,
                byteCount <= birth.limits.toolListByteCount
            else { break }
            kept.append(tool)
        }
        return kept
    }

    // MARK: Time and end

    /// Gives up lists and calls that took too long.
    mutating func expireTools(at now: Instant) {
        while let id = toolServers.overdue(at: now) {
            let seconds = birth.limits.toolListWait.components.seconds
            let message = "The server did not list its tools in \(seconds) s."
            takeTools(id, .failed(.http(code: 504, message: message)), at: now)
        }
        while let item = toolCalls.overdue(at: now) {
            outbox.perform(.cancelTool(item))
            let seconds = birth.limits.toolCallWait.components.seconds
            let message = "The tool did not answer in \(seconds) s."
            takeResult(item, .failed(.toolExecution(message: message)), at: now)
        }
    }

    /// Stops all work for tools without a word.
    mutating func endTools() {
        for item in toolCalls.running { outbox.perform(.cancelTool(item)) }
        for server in toolServers.servers where server.isConnected {
            outbox.perform(.disconnectTools(server.id))
        }
    }
}

// MARK: - What may be named

extension Session {
    /// Says what is wrong with a response's own tools: a label alone must be known, and a label
    /// with a URL must not stand for another server already.
    func responseToolFault(_ tools: [Tool]) -> ProtocolError? {
        let param = "response.tools"
        let limit = birth.limits.toolServerCount
        if let error = birth.toolServers.fault(of: tools, limit: limit, param: param) {
            return error
        }
        var newCount = 0
        for (index, tool) in tools.enumerated() {
            guard case .mcp(let named) = tool else { continue }
            let known = toolServers[named.serverLabel]
            let address = address(of: named)
            if known == nil, address != nil { newCount += 1 }
            let isOther = known.map { address != nil && address != $0.address } ?? false
            guard known != nil || address != nil, !isOther else {
                return ProtocolError(
                    .invalidValue,
                    isOther
                        ? "The session knows another server as '\(named.serverLabel.prefix(64))'."
                        : "The session knows no server '\(named.serverLabel.prefix(64))'; give its "
                            + "'server_url'.",
                    param: "\(param)[\(index)].server_label"
                )
            }
        }
        guard toolServers.servers.count + newCount <= 2 * limit else {
            return .tooManyServers(2 * limit, param: param)
        }
        return nil
    }
}

extension ToolServerRules {
    /// Says what is wrong with the servers among some tools; nil when nothing is.
    func fault(of tools: [Tool], limit: Int, param: String) -> ProtocolError? {
        var count = 0
        for (index, tool) in tools.enumerated() {
            guard case .mcp(let server) = tool else { continue }
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

extension Tool {
    /// The server, where the tool is one.
    fileprivate var server: MCPTool? {
        if case .mcp(let server) = self { server } else { nil }
    }
}
