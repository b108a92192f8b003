internal import ParleyRealtime

// A response's function calls: each an item, one after the other.

extension ActiveResponse {
    /// The call that the model is writing.
    struct OpenCall: Sendable {
        let location: CallLocation
        var call: FunctionCall
    }

    /// Begins a call; one that was open is complete by that.
    mutating func beginCall(
        _ name: String,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        closeCall(.completed, in: &conversation, to: &outbox)
        // Speech goes on beside the call: waiting for it would delay the function. Writing is over.
        if case .written = message { closeMessage(.completed, in: &conversation, to: &outbox) }
        let itemID = conversation.newItemID(&outbox)
        let callID = conversation.newCallID(&outbox)
        let call = FunctionCall(callID: callID, name: name, arguments: "")
        let location = CallLocation(
            responseID: plan.id,
            itemID: itemID,
            outputIndex: output.count,
            callID: call.callID
        )
        meter.countOutput(name)
        self.call = OpenCall(location: location, call: call)
        open(.functionCall(call), id: itemID, in: &conversation, to: &outbox)
    }

    /// Takes more of the open call's arguments.
    mutating func writeArguments(_ arguments: String, to outbox: inout Outbox) {
        guard let location = call?.location else {
            outbox.poison("Arguments of no function call")
            return
        }
        guard !arguments.isEmpty else { return }
        meter.countOutput(arguments)
        call?.call.arguments += arguments
        outbox.send(.responseFunctionCallArgumentsDelta(location, delta: arguments))
    }

    /// Ends the open call, if there is one.
    mutating func closeCall(
        _ status: ItemStatus,
        in conversation: inout Conversation,
        to outbox: inout Outbox
    ) {
        guard let open = call else { return }
        call = nil
        let location = open.location
        outbox.send(
            .responseFunctionCallArgumentsDone(
                location,
                name: open.call.name,
                arguments: open.call.arguments
            )
        )
        output[location.outputIndex].status = status
        output[location.outputIndex].content = .functionCall(open.call)
        close(location.outputIndex, in: &conversation, to: &outbox)
    }
}
