internal import ParleyRealtime

/// Collects what a session wants said and done, in order, and names each event.
struct Outbox: Sendable {
    var ids: IdentifierSource
    /// What was found impossible; the session ends after this input.
    private(set) var poison: StaticString?
    private var outputs: [Session.Output] = []

    init(ids: IdentifierSource) {
        self.ids = ids
    }

    mutating func send(_ body: ServerEvent.Body) {
        outputs.append(.send(ServerEvent(id: ids.next(), body)))
    }

    mutating func perform(_ effect: Session.Effect) {
        outputs.append(.perform(effect))
    }

    mutating func fail(_ error: ProtocolError, for event: EventID?) {
        send(.error(error, clientEventID: event))
    }

    /// Reports a fault of ours: traps in debug; in release the session ends and the process lives.
    mutating func poison(_ message: StaticString) {
        assertionFailure("\(message)")
        note(message)
    }

    /// Remembers a fault of ours: what ``poison(_:)`` does in release.
    mutating func note(_ fault: StaticString) {
        poison = fault
    }

    /// Everything collected since the last time.
    mutating func take() -> [Session.Output] {
        let taken = outputs
        outputs = []
        return taken
    }
}
