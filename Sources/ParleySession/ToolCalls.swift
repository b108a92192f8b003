internal import ParleyJSON
internal import ParleyRealtime

/// Calls of MCP tools whose arguments are whole, up to their results.
///
/// A call outlives its response: what it does cannot be taken back by cancelling the response that
/// asked for it, so neither `response.cancel` nor barge-in ends it.
struct ToolCalls: Sendable {
    enum State: Sendable, Equatable {
        /// The client was asked for leave. Next: ``waiting``, ``running(until:)``,
        /// ``answered(_:wasRun:)``, or ended.
        case unapproved(request: ItemID)
        /// As many calls as may run do. Next: ``running(until:)``.
        case waiting
        /// The server works, and `response.mcp_call.in_progress` says so.
        /// Next: ``answered(_:wasRun:)``, or ended.
        case running(until: Instant)
        /// The result is there, maybe without that the call was run, but its response goes on.
        /// Next: ended.
        case answered(Session.ToolResult, wasRun: Bool)
    }

    /// One call and where its item stands.
    struct Call: Sendable {
        let item: ItemID
        let response: ResponseID
        let outputIndex: Int
        /// Its item is in the conversation.
        let isInConversation: Bool
        let entry: ToolTable.Entry
        var call: MCPCall
        var state: State

        /// `response.mcp_call.in_progress` was sent.
        var wasRun: Bool {
            switch state {
            case .unapproved, .waiting: false
            case .running: true
            case .answered(_, let wasRun): wasRun
            }
        }
    }

    private(set) var calls: [Call] = []
    /// Approval requests that need no answer any more; the newest last.
    private var settled: [ItemID] = []
    private let limits: Limits

    init(limits: Limits) {
        self.limits = limits
    }

    /// When some call is given up.
    var deadline: Instant? { calls.lazy.compactMap(\.deadline).min() }
    /// No more calls can be taken.
    var isFull: Bool { calls.count >= limits.pendingToolCallCount }
    /// Calls whose servers work for them.
    var running: [ItemID] { calls.filter(\.isRunning).map(\.item) }
    /// As many calls run as may.
    var isBusy: Bool { running.count >= limits.runningToolCallCount }

    /// A call that took too long.
    func overdue(at now: Instant) -> ItemID? {
        for call in calls {
            if case .running(let deadline) = call.state, deadline <= now { return call.item }
        }
        return nil
    }

    subscript(item: ItemID) -> Call? {
        get { calls.first { $0.item == item } }
        set {
            guard let index = calls.firstIndex(where: { $0.item == item }) else { return }
            if let newValue { calls[index] = newValue } else { calls.remove(at: index) }
        }
    }

    mutating func add(_ call: Call) {
        calls.append(call)
    }

    /// The call that an approval request is about.
    func call(awaiting request: ItemID) -> Call? {
        calls.first { $0.state == .unapproved(request: request) }
    }

    /// Whether a request was answered, or its call ended without.
    func isSettled(_ request: ItemID) -> Bool { settled.contains(request) }

    mutating func settle(_ request: ItemID) {
        guard !isSettled(request) else { return }
        // Nothing runs for another answer: the oldest may be forgotten.
        settled = settled.suffix(limits.pendingToolCallCount) + [request]
    }

    /// The call that waits longest for a place.
    var nextWaiting: Call? { calls.first { $0.state == .waiting } }

    /// Whether calls of a response are still to come to their ends.
    func hasCalls(of response: ResponseID) -> Bool {
        calls.contains { $0.response == response }
    }

    /// Whether calls of a server go on.
    func isUsing(_ server: ItemID) -> Bool {
        calls.contains { $0.entry.server == server }
    }

    /// Calls of a server that the client never answered for.
    func unapproved(of server: ItemID) -> [Call] {
        calls.filter { call in
            if case .unapproved = call.state { call.entry.server == server } else { false }
        }
    }

    /// Results that wait for the end of a response.
    func results(of response: ResponseID) -> [(item: ItemID, Session.ToolResult)] {
        calls.compactMap { call in
            guard call.response == response, case .answered(let result, _) = call.state else {
                return nil
            }
            return (call.item, result)
        }
    }
}

extension ToolCalls.Call {
    fileprivate var deadline: Instant? {
        if case .running(let deadline) = state { deadline } else { nil }
    }

    fileprivate var isRunning: Bool { deadline != nil }
}

extension MCPCall {
    /// The arguments as a model may read them again: services choke on what is no JSON.
    var soundArguments: String {
        argumentObject.map { $0.isEmpty ? "{}" : arguments } ?? "{}"
    }

    /// The arguments as MCP wants them; nil where the model wrote something else.
    var argumentObject: JSONObject? {
        guard arguments.contains(where: { !$0.isWhitespace }) else { return JSONObject() }
        return (try? JSON.parse(arguments))?.object
    }

    /// Keeps what came of the call.
    mutating func record(_ result: Session.ToolResult) {
        switch result {
        case .output(let text): output = text
        case .failed(let failure): error = failure
        }
    }
}
