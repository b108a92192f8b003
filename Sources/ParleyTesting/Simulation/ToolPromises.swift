internal import ParleyRealtime

/// What a session promises about MCP: each list and each call that begins ends once, only what was
/// approved runs, results come behind `response.done`, and secrets stay secret.
struct ToolPromises: Sendable {
    private enum Call: Sendable {
        case written, running, ended
    }

    private var lists: Set<ItemID> = []
    private var calls: [ItemID: Call] = [:]
    private var responses: [ItemID: ResponseID] = [:]
    private var done: Set<ResponseID> = []
    /// Requests by what they ask about, and those that were granted or refused.
    private var requests: Set<ItemID> = []
    private var answers: [ItemID: Bool] = [:]

    mutating func take(_ event: ServerEvent.Body) -> [String] {
        switch event {
        case .mcpListToolsInProgress(let id):
            return lists.insert(id).inserted ? [] : ["a list begins once"]
        case .mcpListToolsCompleted(let id), .mcpListToolsFailed(let id):
            return lists.remove(id) != nil ? [] : ["a list ends once, after it began"]
        case .responseMCPCallArgumentsDone(let response, let id, _, _):
            responses[id] = response
            let isNew = calls.updateValue(.written, forKey: id) == nil
            return isNew ? [] : ["arguments end once"]
        case .responseMCPCallInProgress(let id, _):
            let wasWritten = calls.updateValue(.running, forKey: id) == .written
            return wasWritten ? [] : ["a call begins once, when its arguments are whole"]
        case .responseMCPCallCompleted(let id, _), .responseMCPCallFailed(let id, _):
            let wasRunning = calls.updateValue(.ended, forKey: id) == .running
            return (wasRunning ? [] : ["a call ends once, after it began"]) + behindItsResponse(id)
        case .responseDone(let response):
            done.insert(response.id)
            return []
        case .conversationItemAdded(let item, _), .responseOutputItemAdded(_, _, let item):
            return begin(item)
        case .responseOutputItemDone(_, _, let item): return end(item)
        default: return []
        }
    }

    private mutating func begin(_ item: Item) -> [String] {
        switch item.content {
        case .mcpApprovalRequest: requests.insert(item.id)
        case .mcpApprovalResponse(let answer):
            let request = answer.approvalRequestID
            guard requests.contains(request), answers[request] == nil else {
                return ["an approval answers a request that waits"]
            }
            answers[request] = answer.approves
        default: break
        }
        return []
    }

    private mutating func end(_ item: Item) -> [String] {
        guard case .mcpCall(let call) = item.content else { return [] }
        if (call.output == nil) == (call.error == nil) { return ["a call has one result"] }
        if call.output != nil, calls[item.id] != .ended {
            return ["results come of calls that ran"]
        }
        guard let request = call.approvalRequestID else { return [] }
        let wasDenied = answers[request] == false
        if wasDenied, call.output != nil { return ["what was denied doesn't run"] }
        return call.output != nil && answers[request] != true ? ["what was not approved waits"] : []
    }

    private func behindItsResponse(_ id: ItemID) -> [String] {
        let isBehind = responses[id].map(done.contains) ?? false
        return isBehind ? [] : ["results come behind response.done"]
    }
}
