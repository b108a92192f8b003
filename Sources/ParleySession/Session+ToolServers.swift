internal import ParleyJSON
internal import ParleyRealtime

// MCP servers: from being named in `tools` to being named no more.

extension Session {
    /// Follows the session's `tools`: asks new servers for their tools, leaves those named no more.
    mutating func followTools(at now: Instant) {
        let named = servers(of: configuration.tools)
        let triesAnew = toolServers.listRoom(at: now) >= named.count
        for server in toolServers.servers where server.isOfSession {
            let isNamed = named.contains {
                $0.naming.serverLabel == server.naming.serverLabel && $0.address == server.address
            }
            guard !isNamed || (!server.isConnected && triesAnew) else { continue }
            leave(server.id, at: now)
        }
        for (naming, address) in named {
            if let known = toolServers.ofSession(naming.serverLabel) {
                toolServers[known.id]?.naming = naming
            } else {
                let id = connect(naming, at: address, at: now)
                toolServers[id]?.naming = naming
                toolServers[id]?.isOfSession = true
            }
        }
    }

    /// The servers that the session's tools name, and where they are.
    func servers(of tools: [Tool]) -> [(naming: MCPTool, address: MCPAddress)] {
        // Transcription sessions have no model that could call anything.
        guard configuration.kind == .realtime else { return [] }
        return tools.compactMap(\.server).compactMap { tool in
            address(of: tool).map { (tool, $0) }
        }
    }

    /// Finds the servers of a response: those of the session as they are, and those that it names
    /// itself, for whose lists it waits.
    mutating func findServers(
        for response: inout ActiveResponse,
        _ options: ResponseOptions,
        at now: Instant
    ) {
        guard let tools = options.tools else {
            response.uses = response.plan.configuration.tools.compactMap(\.server).compactMap {
                borrow($0)
            }
            return
        }
        response.uses = tools.compactMap(\.server).compactMap { use($0, at: now) }
        for use in response.uses {
            guard case .listing = toolServers[use.server]?.state else { continue }
            response.awaitedLists.insert(use.server)
        }
    }

    /// A server of the session, as that names it.
    private func borrow(_ tool: MCPTool) -> ToolServers.Use? {
        toolServers.ofSession(tool.serverLabel).map {
            ToolServers.Use(server: $0.id, naming: tool, isOfSession: true)
        }
    }

    /// A server as a response names it; by its label alone, it is as the session names it.
    private mutating func use(_ named: MCPTool, at now: Instant) -> ToolServers.Use? {
        guard let address = address(of: named) else { return nil }
        let known = named.namesPlace ? nil : toolServers.ofSession(named.serverLabel)
        let tool = known.map { named.completed(by: $0.naming) } ?? named
        let id = connect(tool, at: address, at: now)
        if known == nil { toolServers.notePlace(of: tool.serverLabel, address) }
        return ToolServers.Use(server: id, naming: tool, isOfSession: id == known?.id)
    }

    /// Where a server is, where that is said or known; one of the session that is sent back as it
    /// was shown, without its secrets, keeps them.
    func address(of tool: MCPTool) -> MCPAddress? {
        switch tool.target {
        case .server(let address):
            address.completed(by: toolServers.ofSession(tool.serverLabel)?.address)
        case nil: toolServers.place(of: tool.serverLabel)
        case .known(let headers): toolServers.place(of: tool.serverLabel)?.opened(with: headers)
        case .connector, .tunnel: nil
        }
    }

    /// The connection to a server: the one that there is, or a new one.
    private mutating func connect(
        _ tool: MCPTool,
        at address: MCPAddress,
        at now: Instant
    ) -> ItemID {
        if let known = toolServers.connected(tool.serverLabel, address) { return known.id }
        let id = conversation.newItemID(&outbox, prefix: ItemPrefix.toolList)
        let server = ToolServers.Server(
            id: id,
            naming: tool,
            address: address,
            state: .listing(until: now + birth.limits.toolListWait),
            isOfSession: false
        )
        toolServers.add(server, at: now)
        outbox.send(.mcpListToolsInProgress(itemID: id))
        outbox.perform(.listTools(id, address))
        return id
    }

    /// The session names a server no more.
    ///
    /// What was asked of the client about it is void; calls that run come to their ends, and so do
    /// responses that began with its tools.
    private mutating func leave(_ id: ItemID, at now: Instant) {
        toolServers[id]?.isOfSession = false
        for call in toolCalls.unapproved(of: id) where call.entry.isOfSession {
            conclude(call.item, .failed(.toolExecution(message: Self.serverIsGone)), at: now)
        }
        dropIfUnused(id)
    }

    static let serverIsGone = "The server was removed before the call was approved."

    /// Disconnects a server that the session does not name, no response may still call, and no
    /// call is left of.
    mutating func dropIfUnused(_ id: ItemID) {
        guard let server = toolServers[id], !server.isOfSession, !toolCalls.isUsing(id),
            !responses.isUsing(id)
        else { return }
        toolServers[id] = nil
        if server.isConnected { outbox.perform(.disconnectTools(id)) }
        if case .listing = server.state { outbox.send(.mcpListToolsFailed(itemID: id)) }
    }

    // MARK: Lists

    /// Accepts a server's tools; a report about a server that is gone is stale.
    mutating func accept(_ report: ToolListing, of id: ItemID, at now: Instant) {
        guard let server = toolServers[id], case .listing = server.state else { return }
        switch report {
        case .listed(let tools):
            let kept = kept(of: tools)
            toolServers[id]?.state = .ready(kept)
            let allowed = kept.filter { tool in
                server.naming.allowedTools?.admits(tool.name, isReadOnly: tool.isReadOnly) ?? true
            }
            let list = MCPListTools(
                serverLabel: server.naming.serverLabel,
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
            accept(ToolListing.failed(.http(code: 504, message: message)), of: id, at: now)
        }
        while let item = toolCalls.overdue(at: now) {
            outbox.perform(.cancelTool(item))
            let seconds = birth.limits.toolCallWait.components.seconds
            let message = "The tool did not answer in \(seconds) s."
            accept(ToolResult.failed(.toolExecution(message: message)), of: item, at: now)
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
