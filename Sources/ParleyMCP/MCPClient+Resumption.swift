internal import ParleyHTTP

// Answers that break off, and their rests.

extension MCPClient {
    /// The network has failed in the middle of an exchange.
    mutating func breakOff(_ id: ExchangeID, _ failure: MCPFailure) {
        if case .http = failure.kind, resume(id) { return }
        lose(id, failure)
    }

    /// Asks for the rest of a stream that broke off, if the server has named its events.
    ///
    /// What was asked is not asked again: a tool runs once.
    ///
    /// - Returns: Whether there may be a rest.
    /// - Source: MCP 2025-11-25, "Transports", "Resumability and Redelivery".
    mutating func resume(_ id: ExchangeID) -> Bool {
        guard let exchange = exchanges[id], case .events = exchange.reader,
            case .request(let question) = exchange.purpose, case .work? = questions[question],
            let last = exchange.resumption.lastEventID, last.isHeaderText,
            exchange.sessionID == sessionID,
            exchange.resumption.count < limits.resumptionCount
        else { return false }
        abandon(id)
        var fields = headers
        fields.add(.accept, "text/event-stream")
        fields.add("Last-Event-ID", last)
        var request = MCPHTTPRequest(method: .get, url: url, headers: fields)
        request.pause = max(exchange.resumption.pause ?? .zero, limits.resumptionPause)
        let next = open(request, exchange.purpose)
        exchanges[next]?.resumption = exchange.resumption
        exchanges[next]?.resumption.count += 1
        return true
    }
}

extension MCPExchange {
    /// It asks for the rest of an answer.
    var isResumed: Bool { resumption.count > 0 }
}

extension MCPExchange.Resumption {
    /// Learns from an event where to go on, and when.
    mutating func note(_ event: StreamEvent) {
        // An empty id takes back the one before.
        lastEventID = event.id.map { $0.isEmpty ? nil : $0 } ?? lastEventID
        pause = event.retry ?? pause
    }
}

extension MCPFailure {
    static let brokenOff = violation("The server's answer ended before it was whole.")
}
