internal import ParleyHTTP
internal import ParleyJSON

// What servers send: heads, bodies, messages.

extension MCPClient {
    mutating func readHead(of id: ExchangeID, _ status: Int, _ headers: HTTPHeaders) {
        guard let exchange = exchanges[id], case .head = exchange.reader else { return }
        if let target = redirect(exchange, status, headers) {
            return follow(id, exchange, to: target)
        }
        let isSuccess = (200...299).contains(status)
        switch exchange.purpose {
        case .request where exchange.isResumed:
            guard isSuccess, headers.mediaType == "text/event-stream" else {
                return lose(id, .brokenOff)
            }
            exchanges[id]?.reader = .events
        case .request(let question): readHead(of: id, question, status, headers)
        case .initialized:
            exchanges[id]?.reader = .ignored
            if isSuccess { finishGreeting() } else { failGreeting(.status(status)) }
        case .courtesy: exchanges[id]?.reader = .ignored
        case .stream:
            guard isSuccess, headers.mediaType == "text/event-stream" else {
                abandon(id)
                return failGreeting(.status(status))
            }
            exchanges[id]?.reader = .events
        case .goodbye:
            exchanges[id] = nil
            outputs.append(.abandon(id))
            outputs.append(.closed)
        }
    }

    private mutating func readHead(
        of id: ExchangeID,
        _ question: Int,
        _ status: Int,
        _ headers: HTTPHeaders
    ) {
        let isGreeting = questions[question] == .greeting
        guard (200...299).contains(status) else {
            return readRefusal(of: id, question, status, headers)
        }
        if isGreeting { greetedSession = headers["Mcp-Session-Id"] }
        if case .legacy = transport {
            exchanges[id]?.reader = .ignored
            return
        }
        switch (status, headers.mediaType) {
        case (202, _), (204, _):
            abandon(id)
            fail(question, .violation("The server took a request without answering it."))
        case (_, "application/json"): exchanges[id]?.reader = .message
        case (_, "text/event-stream"):
            exchanges[id]?.reader = .events
        default:
            abandon(id)
            fail(question, .violation("The server answered with neither JSON nor events."))
        }
    }

    private mutating func readRefusal(
        of id: ExchangeID,
        _ question: Int,
        _ status: Int,
        _ headers: HTTPHeaders
    ) {
        let about = questions[question]
        if about == .greeting, [400, 404, 405].contains(status), !hasTriedLegacy {
            abandon(id)
            return tryLegacy(after: status)
        }
        if status == 404, case .work(let work)? = about, let session = exchanges[id]?.sessionID {
            abandon(id)
            questions[question] = nil
            return restart(work, after: session)
        }
        guard headers.mediaType == "application/json", status != 401, status != 403 else {
            abandon(id)
            return fail(question, .status(status))
        }
        exchanges[id]?.reader = .refusal(status: status)
    }

    // MARK: Redirects

    /// Where a message must be sent instead, as long as that is the same origin.
    private func redirect(
        _ exchange: MCPExchange,
        _ status: Int,
        _ headers: HTTPHeaders
    ) -> WebURL? {
        guard status == 307 || status == 308, exchange.redirectCount < limits.redirectCount,
            !exchange.isResumed
        else { return nil }
        return headers["Location"].flatMap(exchange.request.url.sameOrigin)
    }

    private mutating func follow(_ id: ExchangeID, _ exchange: MCPExchange, to target: WebURL) {
        if exchange.request.url == url { url = target }
        var request = exchange.request
        request.url = target
        abandon(id)
        let next = open(request, exchange.purpose, redirectCount: exchange.redirectCount + 1)
        guard exchange.purpose == .stream, case .legacy(_, let endpoint) = transport else { return }
        transport = .legacy(stream: next, endpoint: endpoint)
    }

    // MARK: Bodies

    mutating func read(_ bytes: [UInt8], of id: ExchangeID) {
        switch exchanges[id]?.reader {
        case .message, .refusal: collect(bytes, of: id)
        case .events: readEvents(bytes, of: id)
        case .head, .ignored, nil: break
        }
    }

    private mutating func collect(_ bytes: [UInt8], of id: ExchangeID) {
        exchanges[id]?.body += bytes
        guard let count = exchanges[id]?.body.count, count > limits.messageByteCount else { return }
        lose(id, .violation("The server's answer is larger than allowed."))
    }

    private mutating func readEvents(_ bytes: [UInt8], of id: ExchangeID) {
        var offset = 0
        // An event may end its own exchange.
        while exchanges[id] != nil {
            let event: StreamEvent?
            do throws(EventStreamParser.TooLarge) {
                event = try exchanges[id]?.events.next(bytes.span, at: &offset)
            } catch {
                return lose(id, .violation("An event of the server's is larger than allowed."))
            }
            guard let event else { return }
            take(event, of: id)
        }
    }

    private mutating func take(_ event: StreamEvent, of id: ExchangeID) {
        exchanges[id]?.resumption.note(event)
        if event.event == "endpoint", exchanges[id]?.purpose == .stream {
            return takeEndpoint(event.data)
        }
        // Empty ones only carry an id, to resume from.
        guard event.event == "message", !event.data.isEmpty else { return }
        guard let messages = RPCMessage.messages(in: Array(event.data.utf8)) else {
            return lose(id, .violation("An event of the server's is no message of JSON-RPC."))
        }
        for message in messages { take(message) }
    }

    mutating func readEnd(of id: ExchangeID) {
        guard let exchange = exchanges[id] else { return }
        exchanges[id]?.hasEnded = true
        switch exchange.reader {
        case .message:
            guard let messages = RPCMessage.messages(in: exchange.body) else {
                return lose(id, .violation("The server's answer is no message of JSON-RPC."))
            }
            for message in messages { take(message) }
        case .refusal(let status):
            if case .request(let question) = exchange.purpose {
                fail(question, Self.failure(status, exchange.body, limits))
            }
        case .events: if resume(id) { return }
        case .head, .ignored: break
        }
        lose(id, .brokenOff)
    }

    /// Servers may say with JSON-RPC what a status alone leaves open.
    private static func failure(
        _ status: Int,
        _ bytes: [UInt8],
        _ limits: MCPLimits
    ) -> MCPFailure {
        guard case .error(_, let error)? = RPCMessage.messages(in: bytes)?.first else {
            return .status(status)
        }
        return MCPFailure(error, limits)
    }

    // MARK: Losses

    /// An exchange is over; what it should have answered has failed.
    mutating func lose(_ id: ExchangeID, _ failure: MCPFailure) {
        guard let exchange = exchanges[id] else { return }
        let isWithout =
            if case .ignored = exchange.reader { true } else { false }
        abandon(id)
        switch exchange.purpose {
        case .request(let question): if !isWithout { fail(question, failure) }
        case .initialized: if !isWithout { failGreeting(failure) }
        case .courtesy: break
        case .stream:
            stage = .fresh
            failGreeting(failure)
        case .goodbye: outputs.append(.closed)
        }
    }

    /// A question gets no answer.
    private mutating func fail(_ question: Int, _ failure: MCPFailure) {
        switch questions.removeValue(forKey: question) {
        case .greeting: failGreeting(failure)
        case .work(let id): fail(id, failure)
        case nil: break
        }
    }

    // MARK: Messages

    private mutating func take(_ message: RPCMessage) {
        switch message {
        case .result(let id, let result):
            guard let question = id.integer, let about = forget(question) else { return }
            switch about {
            case .greeting: takeGreeting(result, session: greetedSession)
            case .work(let work): take(result, of: work)
            }
        case .error(let id, let error):
            guard let question = id.integer, let about = forget(question) else { return }
            let failure = MCPFailure(error, limits)
            switch about {
            case .greeting: failGreeting(failure)
            case .work(let work): fail(work, failure)
            }
        case .request(let id, let method, _): answer(id, method)
        case .notification: break
        }
    }

    /// Takes a question off the list, and ends the exchange that brought its answer.
    private mutating func forget(_ question: Int) -> Question? {
        guard let about = questions.removeValue(forKey: question) else { return nil }
        for (id, exchange) in exchanges where exchange.purpose == .request(question) {
            // The answer may have come elsewhere, and this one would go on for ever.
            if exchange.hasEnded { exchanges[id] = nil } else { abandon(id) }
        }
        return about
    }

    /// Servers may ask for a sign of life; for all else we have said that we can't.
    private mutating func answer(_ id: JSON, _ method: String) {
        let open = exchanges.values.count { $0.purpose == .courtesy }
        guard open < limits.replyCount, stage != .closed else { return }
        send(method == "ping" ? .result(id: id, [:]) : .error(id: id, .methodNotFound), .courtesy)
    }
}

extension MCPFailure {
    /// What a server says in the protocol.
    fileprivate init(_ error: RPCError, _ limits: MCPLimits) {
        let words = String(error.message.prefix(limits.errorLength))
        self.init(
            .protocolViolation(code: error.code),
            words.isEmpty ? "The server refused the request (\(error.code))." : words
        )
    }
}

extension HTTPHeaders {
    /// The media type without its parameters, in lower case.
    fileprivate var mediaType: String? {
        self[.contentType].map { text in
            let type = text.prefix { $0 != ";" }.lowercased()
            return String(type.filter { $0 != " " && $0 != "\t" })
        }
    }
}
