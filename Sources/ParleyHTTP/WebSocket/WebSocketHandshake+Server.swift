extension WebSocketHandshake {
    /// A server's answer to an opening handshake.
    package enum Answer: Sendable, Hashable {
        /// Send with ``HTTPResponseSerializer/interim(_:into:)``; frames follow.
        case accept(HTTPResponse, subprotocol: String?)
        /// Send with this message in the body.
        case refuse(HTTPResponse, String)
    }

    /// Whether the request wants a WebSocket, well formed or not.
    ///
    /// Then ``answer(_:protocols:)`` judges it; otherwise it is an ordinary request.
    package static func isRequested(by request: HTTPRequest) -> Bool {
        request.headers.contains(.upgrade, token: "websocket")
            || request.headers[.webSocketKey] != nil
    }

    /// Judges an opening handshake.
    ///
    /// - Parameters:
    ///   - request: The request; its target is not looked at.
    ///   - protocols: The subprotocols the server speaks, best first.
    /// - Returns: 101, or the error to send: 405 for another method than GET, 426 where upgrading
    ///   or another version would help, 400 for what is malformed.
    /// - Source: RFC 6455, sections 4.2.1 and 4.2.2.
    package static func answer(_ request: HTTPRequest, protocols: [String] = []) -> Answer {
        do throws(Refusal) {
            let key = try key(of: request)
            var headers: HTTPHeaders = [
                .upgrade: "websocket", .connection: "Upgrade",
                .webSocketAccept: acceptKey(for: key),
            ]
            let selected = WebSocketSubprotocols(offeredBy: request).select(from: protocols)
            if let selected { headers.add(.webSocketProtocol, selected) }
            return .accept(
                HTTPResponse(.switchingProtocols, headers: headers),
                subprotocol: selected
            )
        } catch {
            return .refuse(HTTPResponse(error.status, headers: error.headers), error.message)
        }
    }

    private struct Refusal: Error {
        let status: HTTPStatus
        var headers = HTTPHeaders()
        let message: String

        static func bad(_ message: String) -> Refusal {
            Refusal(status: .badRequest, message: message)
        }

        static func upgradeRequired(_ message: String) -> Refusal {
            let headers: HTTPHeaders = [.upgrade: "websocket", .webSocketVersion: "13"]
            return Refusal(status: .upgradeRequired, headers: headers, message: message)
        }
    }

    private static func key(of request: HTTPRequest) throws(Refusal) -> String {
        let headers = request.headers
        guard request.method == .get else {
            throw Refusal(
                status: .methodNotAllowed,
                headers: [.allow: "GET"],
                message: "Found method \(request.method), a WebSocket is opened with GET"
            )
        }
        guard request.version == .http11 else {
            throw .bad("Found HTTP/1.0, a WebSocket is opened with HTTP/1.1")
        }
        guard headers.contains(.upgrade, token: "websocket") else {
            throw .upgradeRequired("This is a WebSocket; the header Upgrade: websocket is missing")
        }
        guard headers.contains(.connection, token: "upgrade") else {
            throw .bad("The header Connection does not hold Upgrade")
        }
        guard request.bodyLength == .none else { throw .bad("A WebSocket handshake has no body") }
        let versions = headers.values(.webSocketVersion)
        guard !versions.isEmpty else { throw .bad("The header Sec-WebSocket-Version is missing") }
        guard versions == ["13"] else {
            throw .upgradeRequired("The only WebSocket version spoken is 13")
        }
        let keys = headers.values(.webSocketKey)
        guard keys.count == 1 else {
            throw .bad("Found \(keys.count) Sec-WebSocket-Key headers, expected one")
        }
        guard isKey(keys[0]) else { throw .bad("Sec-WebSocket-Key is not base64 of 16 bytes") }
        return keys[0]
    }
}
