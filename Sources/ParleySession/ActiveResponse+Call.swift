internal import ParleyRealtime

// A response's calls, of functions and of MCP tools: each an item, one after the other.

extension ActiveResponse {
    /// The call that the model is writing.
    struct OpenCall: Sendable {
        enum Kind: Sendable {
            /// The client runs it.
            case function(FunctionCall, CallLocation)
            /// We run it.
            case tool(MCPCall, ToolTable.Entry)
        }

        let itemID: ItemID
        let outputIndex: Int
        /// By which the model knows it.
        let name: String
        let kind: Kind
        /// What the model has written of them; beside the kind, where each piece would copy all
        /// before it.
        var arguments = ""

        /// The call as far as it is written.
        var content: ItemContent {
            switch kind {
            case .function(var function, _):
                function.arguments = arguments
                return .functionCall(function)
            case .tool(var tool, _):
                tool.arguments = arguments
                return .mcpCall(tool)
            }
        }
    }

    /// Begins a call; the one before is closed by now.
    mutating func beginCall(
        _ name: String,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        guard !hasAllCalls else { return }
        // The message goes on beside the call: clients know one message a response, whatever is
        // said behind the call.
        meter.countOutput(name)
        let kind: OpenCall.Kind
        let content: ItemContent
        let itemID: ItemID
        if let entry = tools[name] {
            itemID = conversation.newItemID(&outbox, prefix: ItemPrefix.toolCall)
            let call = MCPCall(serverLabel: entry.label, name: entry.tool.name, arguments: "")
            kind = .tool(call, entry)
            content = .mcpCall(call)
        } else {
            itemID = conversation.newItemID(&outbox)
            let callID = conversation.newCallID(&outbox)
            let call = FunctionCall(callID: callID, name: name, arguments: "")
            kind = .function(call, location(of: itemID, callID))
            content = .functionCall(call)
        }
        call = OpenCall(itemID: itemID, outputIndex: output.count, name: name, kind: kind)
        open(content, id: itemID, in: &conversation, to: &outbox)
    }

    private func location(of itemID: ItemID, _ callID: FunctionCallID) -> CallLocation {
        CallLocation(
            responseID: plan.id,
            itemID: itemID,
            outputIndex: output.count,
            callID: callID
        )
    }

    /// The client wants one call at most, and has it: some services don't know that wish, and some
    /// models don't heed it.
    private var hasAllCalls: Bool {
        guard plan.configuration.allowsParallelToolCalls == false else { return false }
        return output.contains { $0.content.isCall }
    }

    /// Takes more of the open call's arguments.
    mutating func writeArguments(_ arguments: String, to outbox: inout Outbox) {
        if call == nil, hasAllCalls { return }
        // Before it is looked at, as long as the text is held once.
        call?.arguments += arguments
        guard let open = call else {
            outbox.poison("Arguments of no function call")
            return
        }
        guard !arguments.isEmpty else { return }
        meter.countOutput(arguments)
        switch open.kind {
        case .function(_, let location):
            outbox.send(.responseFunctionCallArgumentsDelta(location, delta: arguments))
        case .tool:
            outbox.send(
                .responseMCPCallArgumentsDelta(
                    responseID: plan.id,
                    itemID: open.itemID,
                    outputIndex: open.outputIndex,
                    delta: arguments
                )
            )
        }
    }

    /// Ends the open call, if there is one and the model goes on to something else.
    ///
    /// - Returns: The call, where it is ours to run.
    mutating func closeCall(
        before report: Session.Generation,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) -> ToolCalls.Call? {
        switch report {
        case .toolCallArguments, .failed: nil
        case .text, .toolCallStarted: closeCall(.completed, in: &conversation, to: &outbox)
        case .finished(let result):
            closeCall(
                result.incomplete == nil ? .completed : .incomplete,
                in: &conversation,
                to: &outbox
            )
        }
    }

    /// Ends the open call, if there is one.
    ///
    /// - Returns: The call, where it is ours to run; its item stays in progress.
    mutating func closeCall(
        _ status: ItemStatus,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) -> ToolCalls.Call? {
        guard let open = call else { return nil }
        call = nil
        switch open.kind {
        case .function(_, let location):
            output[open.outputIndex].status = status
            output[open.outputIndex].content = open.content
            writtenCalls.append(location)
            return nil
        case .tool:
            return closeTool(open, status, in: &conversation, to: &outbox)
        }
    }

    /// Tells the client of the functions that it is to run.
    ///
    /// At the end of the response, behind the speech before them: a client answers a call as soon
    /// as it is whole, and asks for the next response, which can't be had while this one speaks.
    ///
    /// - Source: Realtime protocol, "Function call round trip".
    mutating func announceCalls(in conversation: inout Conversation, to outbox: inout Outbox) {
        for location in writtenCalls {
            guard case .functionCall(let call) = output[location.outputIndex].content else {
                continue
            }
            outbox.send(
                .responseFunctionCallArgumentsDone(
                    location,
                    name: call.name,
                    arguments: call.arguments
                )
            )
            close(location.outputIndex, in: &conversation, to: &outbox)
        }
        writtenCalls = []
    }

    private mutating func closeTool(
        _ open: OpenCall,
        _ status: ItemStatus,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) -> ToolCalls.Call? {
        guard case .tool(var tool, let entry) = open.kind else { return nil }
        tool.arguments = open.arguments
        let index = open.outputIndex
        outbox.send(
            .responseMCPCallArgumentsDone(
                responseID: plan.id,
                itemID: open.itemID,
                outputIndex: index,
                arguments: tool.arguments
            )
        )
        output[index].content = .mcpCall(tool)
        guard status == .completed else {
            tool.error = .toolExecution(message: "The response ended before the call was whole.")
            output[index].status = .incomplete
            output[index].content = .mcpCall(tool)
            close(index, in: &conversation, to: &outbox) { entry in
                entry.detail = .toolCall(name: open.name)
            }
            return nil
        }
        conversation.update(open.itemID) { entry in
            entry.item.content = .mcpCall(tool)
            entry.detail = .toolCall(name: open.name)
        }
        return ToolCalls.Call(
            item: open.itemID,
            response: plan.id,
            outputIndex: index,
            isInConversation: plan.isInConversation,
            entry: entry,
            call: tool,
            state: .waiting
        )
    }
}

extension ItemContent {
    /// The model called a function or a tool.
    fileprivate var isCall: Bool {
        switch self {
        case .functionCall, .mcpCall, .mcpApprovalRequest: true
        case .message, .functionCallOutput, .mcpListTools, .mcpApprovalResponse: false
        }
    }
}
