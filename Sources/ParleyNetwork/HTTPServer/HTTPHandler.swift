package import ParleyHTTP

/// Answers one request: reads the body if it wants to, writes the response.
///
/// It runs on the connection's loop, in the connection's task, and must not block. Without an
/// answer the client hears 500; an ``HTTPFailure`` that is thrown before the response has begun is
/// the answer. When the client is gone, or the server has to end, its task is cancelled; what it
/// still writes is sent as far as that goes.
package typealias HTTPHandler =
    @Sendable (HTTPRequest, HTTPRequestBody, HTTPResponseWriter) async throws -> Void

/// The body of a request, piece by piece as it arrives.
///
/// Not reading it slows the client down. `Expect: 100-continue` is answered at the first read.
package struct HTTPRequestBody: Sendable, AsyncSequence {
    let connection: HTTPServerConnection
    let number: Int

    /// The next piece; nil at the end.
    ///
    /// - Throws: ``HTTPFailure`` when the body is malformed, too large or late;
    ///   ``HTTPConnectionError`` when the client is gone; `CancellationError`.
    package func next() async throws -> [UInt8]? {
        try await connection.nextBodyPiece(of: number)
    }

    /// The whole body.
    ///
    /// - Parameter limit: How much may come.
    /// - Returns: All its bytes.
    /// - Throws: ``HTTPFailure`` with 413 when more comes; otherwise as ``next()``.
    package func collect(limit: Int) async throws -> [UInt8] {
        var whole: [UInt8] = []
        while let piece = try await next() {
            guard whole.count + piece.count <= limit else {
                throw HTTPFailure(.contentTooLarge, "The body exceeds \(limit) bytes")
            }
            if whole.isEmpty { whole = piece } else { whole += piece }
        }
        return whole
    }

    package struct Iterator: AsyncIteratorProtocol {
        let body: HTTPRequestBody

        package mutating func next() async throws -> [UInt8]? { try await body.next() }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(body: self) }
}

/// Writes the response to one request.
package struct HTTPResponseWriter: Sendable {
    let connection: HTTPServerConnection
    let number: Int
    /// Who sent the request, as far as the network knows.
    package let peer: SocketAddress?

    /// The loop that the request is served on.
    package var loop: EventLoop { connection.loop }

    /// Sends a whole response.
    ///
    /// - Throws: ``HTTPConnectionError`` when the client is gone or the response was begun before.
    package func respond(_ response: HTTPResponse, body: [UInt8] = []) async throws {
        try await connection.begin(response, .fixed(body.count), of: number)
        try await connection.write(body, of: number)
        try await connection.finish(of: number)
    }

    /// Sends a whole response.
    package func respond(_ reply: HTTPReply) async throws {
        try await respond(reply.response, body: reply.body)
    }

    /// Sends the head of a response that comes in pieces.
    ///
    /// - Parameters:
    ///   - response: Status and headers.
    ///   - length: How much will follow, if that is known.
    /// - Throws: ``HTTPConnectionError`` when the client is gone or the response was begun before.
    package func begin(_ response: HTTPResponse, length: HTTPBodyLength = .chunked) async throws {
        try await connection.begin(response, length, of: number)
    }

    /// Sends a piece; waits while the client is slow.
    package func write(_ bytes: [UInt8]) async throws {
        try await connection.write(bytes, of: number)
    }

    /// Ends a response that came in pieces.
    package func finish(trailers: HTTPHeaders = HTTPHeaders()) async throws {
        try await connection.finish(trailers, of: number)
    }

    /// Turns the connection into a WebSocket, if the request asks for one properly.
    ///
    /// The socket is closed when the handler returns.
    /// - Parameters:
    ///   - protocols: The subprotocols spoken here, best first.
    ///   - headers: More headers for the answer.
    /// - Returns: Nil when the handshake was refused, which the client has been told.
    /// - Throws: ``HTTPConnectionError`` when the client is gone or the response was begun before.
    package func acceptWebSocket(
        protocols: [String] = [],
        headers: HTTPHeaders = HTTPHeaders()
    ) async throws -> WebSocketConnection? {
        try await connection.acceptWebSocket(protocols: protocols, headers: headers, of: number)
    }

    /// Accepts a WebSocket only to say why there is none: one message, then the close.
    ///
    /// Nothing that the client sends is gathered, however much it is. A handshake that is none is
    /// refused as HTTP. Returns when the connection has ended.
    /// - Parameters:
    ///   - protocols: The subprotocols spoken here, best first.
    ///   - farewell: What the client is told.
    /// - Throws: As ``acceptWebSocket(protocols:headers:)``.
    package func refuseWebSocket(
        protocols: [String] = [],
        with farewell: WebSocketFarewell
    ) async throws {
        let accepted = try await connection.acceptWebSocket(
            protocols: protocols,
            farewell: farewell,
            of: number
        )
        await accepted?.close(farewell)
    }
}
