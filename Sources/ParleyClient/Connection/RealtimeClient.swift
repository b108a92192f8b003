internal import ParleyHTTP
internal import ParleyJSON
package import ParleyNetwork

/// A connection to a Realtime server, as a client has it: messages out, events in.
///
/// It lives on one loop; an actor of that loop calls it without a hop.
package struct RealtimeClient: Sendable {
    private let connection: WebSocketConnection

    /// Longest wait for our close frame's answer.
    ///
    /// Chosen: nobody waits for a program to end.
    private static let closeTimeout = Duration.seconds(1)

    /// Connects and shakes hands; the first event has not come by then.
    ///
    /// - Parameters:
    ///   - url: Where to.
    ///   - apiKey: Goes into `Authorization: Bearer`; nil sends none.
    ///   - timeout: For everything up to the open socket.
    ///   - loop: Where the connection lives.
    /// - Returns: The open connection; whoever gets it closes it.
    /// - Throws: ``ConnectionError``, one line that names the server.
    package static func connect(
        to url: RealtimeURL,
        apiKey: String? = nil,
        timeout: Duration = .seconds(30),
        on loop: EventLoop
    ) async throws(ConnectionError) -> RealtimeClient {
        var options = WebSocketClient.Options()
        options.timeout = timeout
        options.configuration.closeTimeout = closeTimeout
        if let apiKey { options.headers.add(.authorization, "Bearer \(apiKey)") }
        do throws(NetworkError) {
            let connection = try await WebSocketClient.connect(url.socket, options, on: loop)
            return RealtimeClient(connection: connection)
        } catch {
            throw ConnectionError(error, url)
        }
    }

    /// Sends a client event, without waiting; a closed connection drops it.
    package func send(_ message: [UInt8]) {
        connection.enqueue(text: message)
    }

    /// The next event; nil once the connection is closed, by whomever.
    ///
    /// - Throws: `CancellationError`.
    package func nextMessage() async throws -> ServerMessage? {
        // A Realtime server has nothing to say in binary.
        while let message = try await connection.nextMessage() {
            if case .text(let bytes) = message { return ServerMessage(bytes) }
        }
        return nil
    }

    /// How the connection ended, in one line; nil while it is open.
    package var farewell: String? {
        get async {
            switch await connection.ending {
            case nil: return nil
            case .byPeer(let close): return "the server closed the connection\(Self.words(close))"
            case .byUs: return "the connection was closed"
            case .violation(let close): return "the server broke the protocol: \(close.reason)"
            case .lost: return "the connection broke"
            case .unresponsive: return "the server no longer answers"
            case .tooSlow: return "the server takes no more data"
            }
        }
    }

    /// Begins to close; ``nextMessage()`` then gives nil.
    package func beginClose() {
        connection.enqueueClose(.normal)
    }

    /// Closes, and waits for the end.
    package func close() async {
        await connection.close(.normal)
    }

    private static func words(_ close: WebSocketClose) -> String {
        if close.code == .noStatus { return "" }
        return " (\(close.code)\(close.reason.isEmpty ? "" : ", \(close.reason)"))"
    }
}

extension ConnectionError {
    /// What a failure of the network means to the one who typed the address.
    init(_ error: NetworkError, _ url: RealtimeURL) {
        switch error.kind {
        case .tls: self.init(.tls, error.message + Self.hint(tls: error.message))
        case .timeout: self.init(.timeout, error.message)
        case .refused:
            let status = error.reply?.response.status
            let isKey = status == .unauthorized || status == .forbidden
            let detail = error.reply.flatMap { Self.message(of: $0.body) }.map { ": \($0)" } ?? ""
            self.init(isKey ? .unauthorized : .refused, error.message + detail)
        case .protocolViolation, .tooLarge, .forbidden: self.init(.refused, error.message)
        case .connect:
            let hint = url.isLoopback ? "; start a server with: parley serve" : ""
            self.init(.unreachable, error.message + hint)
        case .reset where !url.socket.scheme.isSecure:
            // So ends a talk in the clear with a server that wants TLS.
            self.init(.unreachable, error.message + "; if it speaks TLS: --url https://…")
        case .resolve, .reset, .cancelled: self.init(.unreachable, error.message)
        }
    }

    /// What to do about TLS that failed.
    private static func hint(tls message: String) -> String {
        message.contains("certificate")
            ? "; to trust a certificate of your own: SSL_CERT_FILE=certificate.pem parley …"
            : "; if it speaks without TLS: --url http://…"
    }

    /// The message in an error's body; nil where there is none to show.
    private static func message(of body: [UInt8]) -> String? {
        (try? JSON.parse(body))?["error"]?["message"]?.string
    }
}
