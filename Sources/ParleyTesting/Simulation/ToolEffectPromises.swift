internal import ParleyRealtime
internal import ParleySession

/// What a session promises about servers of tools: what is connected is disconnected as soon as
/// nothing needs it, only listed tools are called, and each call ends once.
struct ToolEffectPromises: Sendable {
    private enum Server: Sendable {
        case listing, listed, failed
    }

    private var servers: [ItemID: Server] = [:]
    private var calls: [ItemID: ItemID] = [:]
    /// How many servers the session's tools name.
    private var namedCount = 0
    /// Responses in progress, and calls whose items are not done: they may need more servers.
    private var responses: Set<ResponseID> = []
    private var openCalls: Set<ItemID> = []

    var isIdle: Bool { servers.isEmpty && calls.isEmpty }

    mutating func take(_ effect: Session.Effect) -> [String] {
        switch effect {
        case .listTools(let id, _):
            let isNew = servers.updateValue(.listing, forKey: id) == nil
            return isNew ? [] : ["a server is connected once"]
        case .callTool(let id, let request):
            guard servers[request.server] == .listed else {
                return ["only tools of connected servers are called"]
            }
            return calls.updateValue(request.server, forKey: id) == nil
                ? [] : ["a tool is called once for each item"]
        case .cancelTool(let id):
            return calls.removeValue(forKey: id) != nil ? [] : ["only what runs is cancelled"]
        case .disconnectTools(let id):
            guard servers.removeValue(forKey: id) != nil else {
                return ["only what is connected is disconnected"]
            }
            return calls.values.contains(id) ? ["no server leaves before its calls end"] : []
        default: return []
        }
    }

    mutating func take(_ event: ServerEvent.Body) {
        switch event {
        case .sessionCreated(let session), .sessionUpdated(let session):
            namedCount = session.configuration.tools.count { tool in
                if case .mcp = tool { true } else { false }
            }
        case .responseCreated(let response): responses.insert(response.id)
        case .responseDone(let response): responses.remove(response.id)
        case .responseMCPCallArgumentsDone(_, let id, _, _): openCalls.insert(id)
        case .responseOutputItemDone(_, _, let item): openCalls.remove(item.id)
        default: break
        }
    }

    /// What came before is over, and another input comes.
    mutating func take(_ input: Session.Input) -> [String] {
        let isNeeded = !responses.isEmpty || !openCalls.isEmpty || servers.count <= namedCount
        switch input {
        case .tools(let id, .listed) where servers[id] == .listing: servers[id] = .listed
        case .tools(let id, .failed) where servers[id] == .listing: servers[id] = .failed
        case .toolResult(let id, _): calls[id] = nil
        default: break
        }
        return isNeeded ? [] : ["servers that nothing needs are let go"]
    }
}
