package import ParleyHTTP

/// What a server allows its clients, and how long it waits for them.
package struct HTTPServerConfiguration: Sendable {
    /// Sizes of heads and bodies.
    package var limits = HTTPLimits()
    /// From a request's first byte (or from the connection's start) to the end of its head.
    package var headTimeout: Duration = .seconds(15)
    /// Between two pieces of a body that the handler is waiting for.
    package var bodyTimeout: Duration = .seconds(30)
    /// Bytes a second that a body must come at, on average, once that time is spent.
    ///
    /// Chosen: a modem's; who is slower holds a connection rather than uses it.
    package var bodyRate = 1 << 10
    /// Between two requests of one connection.
    package var idleTimeout: Duration = .seconds(75)
    /// How long a client may take nothing of what is ready for it.
    package var writeTimeout: Duration = .seconds(60)
    /// How long the end of a connection may take: see the last words out, hear the client's end.
    package var lingerTimeout: Duration = .seconds(3)
    /// Connections at once; those beyond hear 503.
    package var maximumConnections = 20_000
    /// Output that waits for a slow client before its handler does.
    package var outputHighWater = 256 << 10
    /// Input that waits for a slow handler before its client does.
    ///
    /// Chosen: as much as one reading brings, since strangers without a key may make us hold it.
    package var inputHighWater = 64 << 10
    /// For connections that become WebSockets.
    package var webSocket = WebSocketConfiguration()
    /// Says in the product's own form what went wrong; plain text unless told otherwise.
    package var failureReply: @Sendable (HTTPFailure) -> HTTPReply = HTTPReply.plain

    package init() {}
}

/// A whole response.
package struct HTTPReply: Sendable {
    /// Status and headers.
    package var response: HTTPResponse
    /// The body.
    package var body: [UInt8]

    package init(_ response: HTTPResponse, body: [UInt8] = []) {
        self.response = response
        self.body = body
    }

    /// A failure's message as plain text.
    package static func plain(_ failure: HTTPFailure) -> HTTPReply {
        let headers: HTTPHeaders = [.contentType: "text/plain; charset=utf-8"]
        return HTTPReply(
            HTTPResponse(failure.status, headers: headers),
            body: Array((failure.message + "\n").utf8)
        )
    }
}

/// Why a request's body or a response could not go on.
package enum HTTPConnectionError: Error, Sendable, Equatable {
    /// The client is gone, or took too long.
    case closed
    /// The exchange that this belongs to is over, or the response was begun twice.
    case outOfTurn
}
