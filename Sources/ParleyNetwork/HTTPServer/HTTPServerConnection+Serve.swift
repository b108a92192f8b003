internal import ParleyHTTP

extension HTTPServerConnection {
    /// Serves one request after the other, then ends the connection.
    func serve() async {
        do {
            becomeIdle()
            while case .head(let request)? = try await nextInput() {
                becomeExchange(request)
                guard try await handle(request, number: exchangeCount) == .goesOn else { return }
                becomeIdle()
                if hasUnparsedInput { await loop.giveWay() }
                // Nobody hears the answers any more, if the client left meanwhile.
                guard !isClosed else { return }
            }
            closeInOrder()
        } catch let failure as HTTPFailure {
            refuse(failure)
            closeInOrder()
        } catch {
            abort()
        }
    }

    private enum Outcome {
        case goesOn
        /// The connection has ended, or is on its way there.
        case ended
    }

    private func handle(_ request: HTTPRequest, number: Int) async throws -> Outcome {
        let body = HTTPRequestBody(connection: self, number: number)
        let writer = HTTPResponseWriter(connection: self, number: number, peer: peer)
        var failure: (any Error)?
        do {
            try await server.handler(request, body, writer)
        } catch {
            failure = error
        }
        server.record(exchange)
        if case .upgraded(let webSocket) = phase {
            return await end(webSocket, after: failure)
        }
        guard !isClosed else { return .ended }
        try await complete(number, failure)
        return try await settle()
    }

    /// Sees to it that the client has a whole answer, or none.
    private func complete(_ number: Int, _ failure: (any Error)?) async throws {
        switch exchange?.reply {
        case .none?:
            let reply = server.configuration.failureReply(told(failure))
            try begin(reply.response, .fixed(reply.body.count), of: number)
            try await write(reply.body, of: number)
            try finish(of: number)
        case .begun:
            // A handler that failed midway must not make its answer look whole.
            guard failure == nil else { throw HTTPConnectionError.closed }
            try finish(of: number)
        case .ended, nil: break
        }
    }

    private func told(_ failure: (any Error)?) -> HTTPFailure {
        if let failure = failure as? HTTPFailure { return failure }
        if failure is CancellationError {
            return HTTPFailure(.serviceUnavailable, "The server is shutting down")
        }
        let detail = failure.map { String(describing: $0) } ?? "no response"
        server.log.repeatable(.error, "An HTTP handler failed", ["error": Private(detail)])
        return HTTPFailure(.internalServerError, "The server has failed")
    }

    /// Makes the connection ready for the next request, if there can be one.
    private func settle() async throws -> Outcome {
        try await drained()
        guard case .exchange(let exchange) = phase, exchange.serializer.keepsAlive,
            !server.isDraining
        else {
            closeInOrder()
            return .ended
        }
        becomeSettling(exchange)
        if exchange.body == .ended { return .goesOn }
        while case .body? = try await nextInput() {}
        return .goesOn
    }

    private func end(
        _ webSocket: WebSocketConnection,
        after failure: (any Error)?
    ) async -> Outcome {
        let close =
            switch failure {
            case nil: WebSocketClose(.normal)
            case is CancellationError: WebSocketClose(.goingAway)
            case _?: WebSocketClose(.internalError)
            }
        await webSocket.close(close)
        endUpgrade()
        return .ended
    }

    /// Tells the client what was wrong with its bytes.
    private func refuse(_ failure: HTTPFailure) {
        guard !hasStopped else { return }
        if let reply = exchange?.reply {
            // Half an answer cannot be turned into another one.
            guard case .none = reply else { return }
        }
        var reply = server.configuration.failureReply(failure)
        reply.response.headers.add(.date, WallClock.httpDate)
        var serializer = HTTPResponseSerializer(answering: exchange?.request, closes: true)
        write { serializer.respond(reply.response, body: reply.body, into: &$0) }
    }
}
