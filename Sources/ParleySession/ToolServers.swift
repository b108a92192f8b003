internal import ParleyJSON
internal import ParleyRealtime

/// The MCP servers that a session is connected to or failed to reach, from being named to being
/// needed no more.
///
/// The session's `tools` name them, or those of a response, which keeps what it named to its end.
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
        /// What it is called, and what its list shows.
        var naming: MCPTool
        let address: MCPAddress
        var state: State
        /// The session's `tools` name it; others are there for responses and calls that go on.
        var isOfSession: Bool

        var isConnected: Bool { state != .failed }
    }

    /// A server as one response names it, which holds to its end, whatever the session and other
    /// responses say of that server.
    struct Use: Sendable {
        let server: ItemID
        /// What may be offered, and what must be approved.
        let naming: MCPTool
        /// The session's naming is meant: nobody can be asked about the server once that is gone.
        let isOfSession: Bool
    }

    private(set) var servers: [Server] = []
    /// Where servers are that responses named, the newest last: later ones may name them by their
    /// labels alone.
    private var places: [(label: String, address: MCPAddress)] = []
    /// When the latest lists were asked for, the newest last.
    private var listTimes: [Instant] = []
    private let limits: Limits

    init(limits: Limits) {
        self.limits = limits
    }

    /// When some server's list is given up.
    var deadline: Instant? { servers.lazy.compactMap(\.listDeadline).min() }

    var connectionCount: Int { servers.count(where: \.isConnected) }

    /// A server whose list took too long.
    func overdue(at now: Instant) -> ItemID? {
        for server in servers {
            if case .listing(let deadline) = server.state, deadline <= now { return server.id }
        }
        return nil
    }

    /// The server behind an item of a list.
    subscript(id: ItemID) -> Server? {
        get { servers.first { $0.id == id } }
        set {
            guard let index = servers.firstIndex(where: { $0.id == id }) else { return }
            if let newValue { servers[index] = newValue } else { servers.remove(at: index) }
        }
    }

    /// The server that the session's `tools` name so.
    func ofSession(_ label: String) -> Server? {
        servers.first { $0.isOfSession && $0.naming.serverLabel == label }
    }

    /// The connection to a server, whoever named it.
    func connected(_ label: String, _ address: MCPAddress) -> Server? {
        servers.first {
            $0.isConnected && $0.naming.serverLabel == label && $0.address == address
        }
    }

    /// Adds a server whose list is asked for now.
    mutating func add(_ server: Server, at now: Instant) {
        servers.append(server)
        listTimes.removeAll { $0 + limits.toolListPeriod <= now }
        listTimes.append(now)
    }

    /// How many more lists may be asked for now.
    func listRoom(at now: Instant) -> Int {
        limits.toolListCount - listTimes.count { $0 + limits.toolListPeriod > now }
    }

    // MARK: Places

    /// Where the server is that a label alone names.
    func place(of label: String) -> MCPAddress? {
        ofSession(label)?.address ?? places.last { $0.label == label }?.address
    }

    /// Keeps where a response's server is; the oldest place is forgotten.
    mutating func notePlace(of label: String, _ address: MCPAddress) {
        places.removeAll { $0.label == label }
        places = (places + [(label, address)]).suffix(limits.toolServerCount)
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

extension Tool {
    /// The server, where the tool is one.
    var server: MCPTool? {
        if case .mcp(let server) = self { server } else { nil }
    }

    /// The function, where the tool is one.
    var function: FunctionTool? {
        if case .function(let function) = self { function } else { nil }
    }
}

extension MCPTool {
    /// It says where the server is; otherwise the label alone does.
    var namesPlace: Bool {
        switch target {
        case .server, .connector, .tunnel: true
        case .known, nil: false
        }
    }

    /// The same, with what it leaves open taken from another naming.
    func completed(by known: MCPTool) -> Self {
        var completed = self
        completed.serverDescription = serverDescription ?? known.serverDescription
        completed.allowedTools = allowedTools ?? known.allowedTools
        completed.approval = approval ?? known.approval
        return completed
    }
}
