internal import ParleyJSON
internal import ParleyRealtime
internal import ParleySession

/// Servers that list random tools and give random answers, or none.
struct SimulatedToolServers: Sendable {
    private var lists: [ItemID] = []
    private var calls: [(id: ItemID, server: ItemID)] = []
    /// Reports may still come about these.
    private var past: [ItemID] = []

    mutating func perform(_ effect: Session.Effect) {
        switch effect {
        case .listTools(let id, _): lists.append(id)
        case .callTool(let id, let request): calls.append((id, request.server))
        case .cancelTool(let id):
            calls.removeAll { $0.id == id }
            past = past.suffix(4) + [id]
        case .disconnectTools(let id):
            lists.removeAll { $0 == id }
            past = past.suffix(4) + [id]
        default: break
        }
    }

    mutating func report(_ random: inout SeededRandom) -> Session.Input? {
        if random.once(in: 20), let id = random.pick(past) {
            return random.once(in: 2)
                ? .tools(id, .listed([])) : .toolResult(id, .output("Too late."))
        }
        if random.once(in: 2), let index = random.pick(lists.indices) {
            return .tools(lists.remove(at: index), listing(&random))
        }
        // Slow enough that some run out of time.
        guard random.once(in: 8), let index = random.pick(calls.indices) else { return nil }
        return .toolResult(calls.remove(at: index).id, result(&random))
    }

    private func listing(_ random: inout SeededRandom) -> Session.ToolListing {
        if random.once(in: 5) { return .failed(.http(code: 502, message: "Bad gateway.")) }
        let names = ["read", "write", "get_time", "a.b", "read", ""]
        let tools = (0..<random.number(0...5)).map { _ in
            Session.ServerTool(
                name: random.pick(names) ?? "",
                annotations: random.once(in: 2) ? ["readOnlyHint": true] : nil
            )
        }
        return .listed(tools)
    }

    private func result(_ random: inout SeededRandom) -> Session.ToolResult {
        switch random.number(0...7) {
        case 0: .failed(.http(code: 500, message: "It broke."))
        case 1: .failed(.protocolViolation(code: -32_600, message: "What?"))
        case 2: .failed(.toolExecution(message: "It failed."))
        case 3: .output(String(repeating: "ä", count: random.number(0...400)))
        default: .output("42")
        }
    }
}
