internal import ParleyJSON
internal import ParleyRealtime

/// The MCP servers that a session knows by their labels, from being named to being forgotten.
///
/// - Source: Realtime protocol, "MCP", "MCP with approval".
struct ToolServers: Sendable {
    enum State: Sendable, Equatable {
        /// Its tools were asked for. Next: ``ready(_:)``, ``failed``, or gone.
        case listing(until: Instant)
        /// Its tools may be offered and called. Next: gone.
        case ready([Session.ServerTool])
        /// It has no tools; naming it again tries anew. Next: gone.
        case failed
    }

    /// One server, which is connected while it is listing or ready.
    struct Server: Sendable {
        /// The item that its list is, or would have been; effects know the connection by it.
        let id: ItemID
        /// As the client named it last.
        var tool: MCPTool
        let address: MCPAddress
        var state: State
        /// The session's `tools` name it; others were named by a response.
        var isOfSession: Bool
        /// The client named it no more, but calls go on.
        var isLeaving = false

        var isConnected: Bool { state != .failed }
    }

    private(set) var servers: [Server] = []

    /// When some server's list is given up.
    var deadline: Instant? { servers.lazy.compactMap(\.listDeadline).min() }

    /// A server whose list took too long.
    func overdue(at now: Instant) -> ItemID? {
        for server in servers {
            if case .listing(let deadline) = server.state, deadline <= now { return server.id }
        }
        return nil
    }

    /// The server that a label names.
    subscript(label: String) -> Server? {
        servers.first { $0.tool.serverLabel == label && !$0.isLeaving }
    }

    /// The server behind an item of a list.
    subscript(id: ItemID) -> Server? {
        get { servers.first { $0.id == id } }
        set {
            guard let index = servers.firstIndex(where: { $0.id == id }) else { return }
            if let newValue { servers[index] = newValue } else { servers.remove(at: index) }
        }
    }

    mutating func add(_ server: Server) {
        servers.append(server)
    }
}

extension ToolServers.Server {
    fileprivate var listDeadline: Instant? {
        if case .listing(let deadline) = state { deadline } else { nil }
    }
}

extension Session.ServerTool {
    /// As items of type `mcp_list_tools` show it.
    var shown: JSONObject {
        // Clients demand a description that is a text.
        var shown: JSONObject = [
            "name": .string(name), "description": .string(description ?? ""),
            "input_schema": inputSchema,
        ]
        if let annotations { shown["annotations"] = annotations }
        return shown
    }

    /// It says of itself that it changes nothing.
    var isReadOnly: Bool { annotations?["readOnlyHint"]?.bool == true }
}
