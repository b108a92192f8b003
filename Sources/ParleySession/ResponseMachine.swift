internal import ParleyRealtime

/// The responses in progress: at most one in the conversation, and a bounded number beside it.
///
/// A response is here from `response.created` to `response.done`; reports about others are stale.
struct ResponseMachine: Sendable {
    private var responses: [ActiveResponse] = []

    /// The response of the conversation that is in progress.
    var inConversation: ResponseID? { responses.first(where: \.plan.isInConversation)?.id }

    var isIdle: Bool { responses.isEmpty }
    var count: Int { responses.count }
    var ids: [ResponseID] { responses.map(\.id) }

    /// Whether a response has yet to end.
    func isInProgress(_ id: ResponseID) -> Bool { responses.contains { $0.id == id } }

    /// When the engines of some response are given up.
    var deadline: Instant? { responses.lazy.map(\.deadline).min() }

    /// The first response whose engines were silent for too long.
    func overdue(at now: Instant) -> ResponseID? {
        responses.first { $0.deadline <= now }?.id
    }

    mutating func add(_ response: ActiveResponse) {
        responses.append(response)
    }

    /// Takes a response out, to end it.
    mutating func remove(_ id: ResponseID) -> ActiveResponse? {
        guard let index = responses.firstIndex(where: { $0.id == id }) else { return nil }
        return responses.remove(at: index)
    }

    /// Changes a response in place, if it is in progress.
    ///
    /// The conversation and the outbox are passed through, because a closure must not reach around
    /// into the session.
    mutating func update<Result>(
        _ id: ResponseID,
        _ conversation: inout Conversation,
        _ outbox: inout Outbox,
        _ body: (inout ActiveResponse, inout Conversation, inout Outbox) -> Result?
    ) -> Result? {
        guard let index = responses.firstIndex(where: { $0.id == id }) else { return nil }
        return body(&responses[index], &conversation, &outbox)
    }

    /// Fills a gap in the context of every response that waits for it.
    mutating func resolve(_ resolution: TranscriptionTracker.Resolution) {
        for index in responses.indices { responses[index].resolve(resolution) }
    }

    /// Whether a response can't begin before an item's text is there.
    func awaits(_ itemID: ItemID) -> Bool {
        responses.contains { $0.awaits(itemID) }
    }

    /// A response; nil when it is not in progress (any more).
    subscript(id: ResponseID) -> ActiveResponse? {
        responses.first { $0.id == id }
    }

    /// Whether some response began with a server.
    func isUsing(_ server: ItemID) -> Bool {
        responses.contains { $0.uses.contains { $0.server == server } }
    }

    /// A server's list came, or never will.
    ///
    /// - Returns: The responses that waited for it.
    mutating func noteList(_ list: ItemID) -> [ResponseID] {
        var waiting: [ResponseID] = []
        for index in responses.indices where responses[index].awaitedLists.remove(list) != nil {
            waiting.append(responses[index].id)
        }
        return waiting
    }

    /// What a response can do next; nil when it is not in progress (any more).
    func step(of id: ResponseID) -> ActiveResponse.Step? {
        self[id]?.step
    }

    /// What an item in progress has become so far; nil where no response makes it.
    func content(of itemID: ItemID) -> ItemContent? {
        responses.lazy.compactMap { $0.content(of: itemID) }.first
    }

    /// A client has cut an item; one that is being spoken tells no more words.
    mutating func cut(_ itemID: ItemID) {
        for index in responses.indices { responses[index].cut(itemID) }
    }

    /// Speech of an item that is being spoken now.
    func speech(of itemID: ItemID) -> SpokenMessage<PartLocation>? {
        for response in responses {
            if case .spoken(let speech) = response.message, speech.location.itemID == itemID {
                return speech
            }
        }
        return nil
    }
}
