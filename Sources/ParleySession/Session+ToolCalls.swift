internal import ParleyRealtime

// Calls of MCP tools: from whole arguments to a result that the model may read.

extension Session {
    /// Takes a call that the model has written to its end.
    mutating func admit(_ call: ToolCalls.Call, at now: Instant) {
        guard !toolCalls.isFull else {
            let limit = birth.limits.pendingToolCallCount
            return refuse(call, "More than \(limit) calls wait for approval or for their results.")
        }
        guard call.entry.needsApproval else {
            toolCalls.add(call)
            return run(call.item, at: now)
        }
        // The response began with a server of the session that the client has removed since.
        guard !call.entry.isOfSession || toolServers[call.entry.server]?.isOfSession == true else {
            return refuse(call, Self.serverIsGone)
        }
        var call = call
        let request = conversation.newItemID(&outbox, prefix: ItemPrefix.approvalRequest)
        call.state = .unapproved(request: request)
        call.call.approvalRequestID = request
        toolCalls.add(call)
        let content = MCPApprovalRequest(
            serverLabel: call.call.serverLabel,
            name: call.call.name,
            arguments: call.call.arguments
        )
        let item = ItemContent.mcpApprovalRequest(content)
        _ = responses.update(call.response, &conversation, &outbox) {
            $0.addWhole(item, id: request, in: &$1, to: &$2)
        }
    }

    /// Runs a call, or lets it wait for a place.
    private mutating func run(_ item: ItemID, at now: Instant) {
        guard let call = toolCalls[item] else { return }
        guard !toolCalls.isBusy else {
            toolCalls[item]?.state = .waiting
            return
        }
        toolCalls[item]?.state = .running(until: now + birth.limits.toolCallWait)
        outbox.send(
            .responseMCPCallInProgress(itemID: item, outputIndex: call.outputIndex)
        )
        guard let arguments = call.call.argumentObject else {
            let message = "The model wrote arguments that are no JSON object."
            return accept(
                ToolResult.failed(
                    .protocolViolation(code: Self.invalidParameters, message: message)
                ),
                of: item,
                at: now
            )
        }
        let request = ToolRequest(
            server: call.entry.server,
            name: call.call.name,
            arguments: arguments
        )
        outbox.perform(.callTool(item, request))
    }

    /// - Source: JSON-RPC 2.0, "Error object".
    private static let invalidParameters = -32_602

    /// A call that is never run; its response is still going on.
    private mutating func refuse(_ call: ToolCalls.Call, _ reason: String) {
        var call = call
        call.state = .answered(.failed(.toolExecution(message: reason)), wasRun: false)
        toolCalls.add(call)
    }

    // MARK: Results

    /// Accepts what a server reports of a call; a report about a call that ended is stale.
    mutating func accept(_ result: ToolResult, of item: ItemID, at now: Instant) {
        guard let call = toolCalls[item], case .running = call.state else { return }
        conclude(item, result, at: now)
    }

    /// Ends a call as soon as its response is done.
    mutating func conclude(_ item: ItemID, _ result: ToolResult, at now: Instant) {
        guard let call = toolCalls[item] else { return }
        if let request = call.call.approvalRequestID { toolCalls.settle(request) }
        guard !responses.isInProgress(call.response) else {
            toolCalls[item]?.state = .answered(result, wasRun: call.wasRun)
            return startWaiting(at: now)
        }
        finish(item, result, at: now)
    }

    /// A response is done: results that came before are told now.
    mutating func noteToolEnd(of response: ResponseID, at now: Instant) {
        for (item, result) in toolCalls.results(of: response) { finish(item, result, at: now) }
        for server in toolServers.servers { dropIfUnused(server.id) }
    }

    /// Ends a call and its item.
    private mutating func finish(_ item: ItemID, _ result: ToolResult, at now: Instant) {
        guard var ended = toolCalls[item] else { return }
        toolCalls[item] = nil
        let result = result.cut(to: birth.limits.toolOutputByteCount)
        if ended.wasRun {
            let index = ended.outputIndex
            switch result {
            case .output: outbox.send(.responseMCPCallCompleted(itemID: item, outputIndex: index))
            case .failed: outbox.send(.responseMCPCallFailed(itemID: item, outputIndex: index))
            }
        }
        ended.call.record(result)
        close(ended)
        startWaiting(at: now)
        dropIfUnused(ended.entry.server)
        guard ended.isInConversation, !toolCalls.hasCalls(of: ended.response) else { return }
        continuation.isOwed = birth.continuesAfterTools
        payContinuation(at: now)
    }

    private mutating func close(_ ended: ToolCalls.Call) {
        // With a result or an error, the item is complete; incomplete is what was never whole.
        let item = Item(id: ended.item, content: .mcpCall(ended.call))
        if ended.isInConversation {
            conversation.update(item.id) { $0.item = item }
            let previous = conversation.predecessor(of: item.id)
            outbox.send(.conversationItemDone(item: item, previousItemID: previous))
        }
        outbox.send(
            .responseOutputItemDone(
                responseID: ended.response,
                outputIndex: ended.outputIndex,
                item: item
            )
        )
    }

    private mutating func startWaiting(at now: Instant) {
        while !toolCalls.isBusy, let next = toolCalls.nextWaiting { run(next.item, at: now) }
    }

    // MARK: Approval

    /// Says what is wrong with an answer to an approval request; nil when it can be taken.
    func approvalFault(_ answer: MCPApprovalResponse) -> ProtocolError? {
        let request = answer.approvalRequestID
        guard toolCalls.call(awaiting: request) == nil else { return nil }
        let name = request.rawValue.excerpt
        let isSettled = toolCalls.isSettled(request)
        // A client may give back what was asked and answered elsewhere: nothing runs for that.
        if !isSettled, conversation[request]?.item.content.isApprovalRequest == true { return nil }
        return ProtocolError(
            .invalidValue,
            isSettled
                ? "The approval request '\(name)' needs no answer any more."
                : "There is no approval request '\(name)' that waits for an answer.",
            param: "item.approval_request_id"
        )
    }

    /// Runs the call that was asked about, or ends it.
    mutating func accept(_ answer: MCPApprovalResponse, at now: Instant) {
        let asked = toolCalls.call(awaiting: answer.approvalRequestID)
        toolCalls.settle(answer.approvalRequestID)
        guard let call = asked else { return }
        guard !answer.approves else { return run(call.item, at: now) }
        let reason = answer.reason.map { " The reason given: \($0)" } ?? ""
        let denial = ToolResult.failed(
            .toolExecution(message: "The user did not approve this call.\(reason)")
        )
        conclude(call.item, denial, at: now)
    }

    // MARK: Going on

    /// Lets the model read the results, where the operator wants that without being asked.
    mutating func payContinuation(at now: Instant) {
        guard continuation.isOwed, responses.inConversation == nil, input.segment == nil else {
            return
        }
        continuation.isOwed = false
        guard continuation.count < birth.limits.continuationCount else { return }
        continuation.count += 1
        var options = ResponseOptions()
        // A choice that demands a call was met.
        if configuration.toolChoice != .none { options.toolChoice = .auto }
        createResponse(options, for: nil, at: now)
    }
}

extension ItemContent {
    fileprivate var isApprovalRequest: Bool {
        if case .mcpApprovalRequest = self { true } else { false }
    }
}

/// Responses that the server makes by itself when tools have answered.
struct Continuation: Sendable, Equatable {
    /// Results are there that no response has read.
    var isOwed = false
    /// How many were made since the user or the client last said something.
    var count = 0
}
