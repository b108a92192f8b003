package import ParleyHTTP

/// Opens WebSockets to servers.
package enum WebSocketClient {
    /// What to connect to, and how.
    package struct Options: Sendable {
        /// More headers for the handshake, such as `Authorization`.
        package var headers = HTTPHeaders()
        /// Subprotocols to offer, best first.
        package var subprotocols: [String] = []
        /// Whom to believe; nil believes the system's roots.
        package var tls: TLSClientConfiguration?
        /// For everything up to the open connection.
        package var timeout: Duration = .seconds(10)
        /// Limits and intervals of the connection.
        package var configuration = WebSocketConfiguration()

        package init() {}
    }

    /// Resolves, connects, agrees on TLS where the URL says `wss`, and shakes hands.
    ///
    /// - Parameters:
    ///   - url: `ws` or `wss`; `http` and `https` stand for them.
    ///   - options: What else there is to say.
    ///   - loop: Where the connection lives.
    /// - Returns: The open connection; whoever gets it closes it.
    /// - Throws: ``NetworkError``; a server that says no gives kind `refused`, with its answer.
    package static func connect(
        _ url: WebURL,
        _ options: Options = Options(),
        on loop: EventLoop
    ) async throws(NetworkError) -> WebSocketConnection {
        try await WebSocketOpening(url.forWebSocket, options, loop).run()
    }
}
