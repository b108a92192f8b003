internal import ParleyHTTP

extension HTTPServerConnection {
    /// One request and its response.
    struct Exchange {
        /// Where the request's body stands.
        enum Body {
            /// Nothing of it was asked for. Next: ``reading``, or ``ended``.
            case untouched
            case reading
            case ended
        }

        /// Where the response stands.
        enum Reply {
            /// Nothing is sent. Next: ``begun(_:)``.
            case none
            /// The head is sent. Next: ``ended(_:)``.
            case begun(HTTPStatus)
            case ended(HTTPStatus)
        }

        let number: Int
        let request: HTTPRequest
        let began: ContinuousClock.Instant
        /// Bytes of the body that were read.
        var bodyCount = 0
        /// How long the client kept us waiting for its body.
        var waited = Duration.zero
        var serializer: HTTPResponseSerializer
        var body = Body.untouched
        var reply = Reply.none

        /// Whether the client still waits for leave to send its body.
        var awaitsContinue: Bool { request.expectsContinue && body == .untouched }

        /// Whether the rest of the body is known to be short enough to be skipped for the sake of
        /// the next request.
        var leavesLittle: Bool {
            switch (body, request.bodyLength) {
            case (.ended, _), (_, .none): true
            case (_, .fixed(let count)): !awaitsContinue && count - bodyCount <= Limits.skippedBody
            case (_, .chunked): false
            }
        }
    }

    // MARK: The request's body

    /// The next piece of the body of exchange `number`; nil at its end.
    func nextBodyPiece(of number: Int) async throws -> [UInt8]? {
        guard let exchange, exchange.number == number else { throw HTTPConnectionError.outOfTurn }
        if exchange.body == .ended { return nil }
        if exchange.awaitsContinue, case .none = exchange.reply, !hasUnparsedInput {
            write { HTTPResponseSerializer.interim(HTTPResponse(.continue), into: &$0) }
        }
        self.exchange?.body = .reading
        switch try await nextInput() {
        case .body(let piece):
            self.exchange?.bodyCount += piece.count
            return piece
        case .end, .head, nil:
            self.exchange?.body = .ended
            return nil
        }
    }

    // MARK: The response

    /// Writes the head of the response to exchange `number`.
    func begin(
        _ response: HTTPResponse,
        _ length: HTTPBodyLength,
        of number: Int
    ) throws(HTTPConnectionError) {
        var exchange = try current(number)
        guard case .none = exchange.reply else { throw .outOfTurn }
        // A body that nobody reads would be taken for the next request.
        let closes = server.isDraining || inputFailure != nil || !exchange.leavesLittle
        exchange.serializer = HTTPResponseSerializer(answering: exchange.request, closes: closes)
        exchange.reply = .begun(response.status)
        var response = response
        if response.headers[.date] == nil { response.headers.add(.date, WallClock.httpDate) }
        write { exchange.serializer.head(response, body: length, into: &$0) }
        self.exchange = exchange
    }

    /// Writes a piece of the response; waits while the client is slow.
    func write(_ bytes: [UInt8], of number: Int) async throws {
        var exchange = try current(number)
        guard case .begun = exchange.reply else { throw HTTPConnectionError.outOfTurn }
        write { exchange.serializer.body(bytes, into: &$0) }
        self.exchange = exchange
        try await drained()
    }

    /// Ends the response.
    func finish(
        _ trailers: HTTPHeaders = HTTPHeaders(),
        of number: Int
    ) throws(HTTPConnectionError) {
        var exchange = try current(number)
        guard case .begun(let status) = exchange.reply else { throw .outOfTurn }
        write { exchange.serializer.end(trailers: trailers, into: &$0) }
        exchange.reply = .ended(status)
        self.exchange = exchange
    }

    private func current(_ number: Int) throws(HTTPConnectionError) -> Exchange {
        guard let exchange, exchange.number == number else { throw .outOfTurn }
        guard socket.isOpen, case .exchange = phase else { throw .closed }
        return exchange
    }

    // MARK: Upgrade

    /// Answers an opening handshake; nil when it was refused, which the client has been told.
    func acceptWebSocket(
        protocols: [String],
        headers: HTTPHeaders = HTTPHeaders(),
        farewell: WebSocketFarewell? = nil,
        of number: Int
    ) async throws -> WebSocketConnection? {
        let exchange = try current(number)
        guard case .none = exchange.reply else { throw HTTPConnectionError.outOfTurn }
        switch WebSocketHandshake.answer(exchange.request, protocols: protocols) {
        case .refuse(let response, let message):
            var reply = server.configuration.failureReply(HTTPFailure(response.status, message))
            reply.response.headers.add(response.headers)
            try begin(reply.response, .fixed(reply.body.count), of: number)
            try await write(reply.body, of: number)
            try finish(of: number)
            return nil
        case .accept(var response, let subprotocol):
            response.headers.add(headers)
            // An upgrade has no body: what the parser still owes is the end of the head.
            while exchange.body != .ended, case .body? = try await nextInput() {}
            socket.write { HTTPResponseSerializer.interim(response, into: &$0) }
            return try upgrade(subprotocol, farewell)
        }
    }

    private func upgrade(
        _ subprotocol: String?,
        _ farewell: WebSocketFarewell?
    ) throws -> WebSocketConnection {
        let rest = takeRest()
        let webSocket = WebSocketConnection(
            socket,
            .server,
            subprotocol: subprotocol,
            peer: peer,
            configuration: server.configuration.webSocket
        )
        // For the length of the WebSocket nobody asks for the request's headers any more.
        guard stop(for: webSocket) else { throw HTTPConnectionError.closed }
        webSocket.assumeIsolated { $0.start(rest, farewell: farewell) }
        return webSocket
    }
}
