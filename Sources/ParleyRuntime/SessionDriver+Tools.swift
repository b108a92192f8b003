internal import ParleyEngine
internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleySession

// MCP: servers of tools, their lists, their calls.

extension SessionDriver {
    func listTools(_ list: ItemID, _ address: MCPAddress) {
        guard let tools else {
            handle(.tools(list, .failed(.http(code: 501, message: "No server can be reached."))))
            return
        }
        let connection = tools.connection(to: ToolServerAddress(address))
        toolServers[list] = connection
        start(.toolList(list)) { driver in
            await driver.list(list, connection)
        }
    }

    private func list(_ list: ItemID, _ connection: any ToolConnection) async {
        let watch = CallWatch(.tools, metrics)
        do throws(ToolError) {
            let tools = try await connection.listTools()
            guard !Task.isCancelled else { return }
            watch.end()
            log.debug("MCP tools listed", ["mcp.tools": "\(tools.count)"])
            handle(.tools(list, .listed(tools.map(Session.ServerTool.init))))
        } catch {
            guard let failure = failure(error, "MCP tools not listed") else { return }
            handle(.tools(list, .failed(failure)))
        }
    }

    func callTool(_ item: ItemID, _ request: Session.ToolRequest) {
        guard let connection = toolServers[request.server] else {
            let message = "The server is not connected any more."
            handle(.toolResult(item, .failed(.http(code: 410, message: message))))
            return
        }
        start(.toolCall(item)) { driver in
            await driver.call(item, request, connection)
        }
    }

    private func call(
        _ item: ItemID,
        _ request: Session.ToolRequest,
        _ connection: any ToolConnection
    ) async {
        let watch = CallWatch(.tools, metrics)
        do throws(ToolError) {
            let text = try await connection.call(request.name, arguments: request.arguments)
            guard !Task.isCancelled else { return }
            watch.end()
            handle(.toolResult(item, .output(text)))
        } catch {
            guard let failure = failure(error, "MCP call failed") else { return }
            handle(.toolResult(item, .failed(failure)))
        }
    }

    /// Says goodbye in the background; who ends the session waits for it.
    func disconnectTools(_ list: ItemID) {
        tasks.cancel(.toolList(list))
        guard let connection = toolServers.removeValue(forKey: list) else { return }
        start(.farewell(list)) { _ in await connection.close() }
    }

    /// What the session is told of an error; nil when nobody waits for it.
    private func failure(_ error: ToolError, _ what: StaticString) -> MCPCallError? {
        guard !Task.isCancelled else { return nil }
        metrics.failure(.tools)
        log.warning(what, ["mcp.detail": error.detail])
        return switch error.fault {
        case .protocolViolation(let code):
            .protocolViolation(code: code, message: error.message)
        case .toolExecution: .toolExecution(message: error.message)
        case .http(let code): .http(code: code, message: error.message)
        case .cancelled: nil
        }
    }
}

extension ToolServerAddress {
    /// The session's address in the engine's terms.
    fileprivate init(_ address: MCPAddress) {
        self.init(
            url: address.url.description,
            headers: address.headers.fields.map {
                Header(name: $0.name.spelling, value: $0.value)
            }
        )
    }
}

extension Session.ServerTool {
    /// The engine's description in the session's terms.
    fileprivate init(_ tool: ToolDescription) {
        self.init(
            name: tool.name,
            description: tool.description,
            inputSchema: tool.inputSchema,
            annotations: tool.annotations
        )
    }
}
