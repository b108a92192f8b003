/// A client's side of one opening handshake: the request to send, and the judge of the answer.
///
/// - Source: RFC 6455, sections 4.1 and 4.2.2.
package struct WebSocketClientHandshake: Sendable {
    /// How the server answered.
    package enum Outcome: Sendable, Equatable {
        /// Frames follow in the rest of the input.
        case accepted(HTTPResponse, subprotocol: String?)
        /// The server said no; the body is cut at ``bodyLimit``.
        case refused(HTTPResponse, body: [UInt8])
    }

    /// Bytes of an error's body that are kept.
    ///
    /// Chosen: an error object is below 1 kB; proxies send pages of HTML.
    package static let bodyLimit = 64 << 10

    /// The request's bytes.
    package let request: [UInt8]

    private let key: String
    private let protocols: [String]
    private var parser = HTTPResponseParser()
    private var head: HTTPResponse?
    private var body: [UInt8] = []

    /// Prepares a handshake.
    ///
    /// - Parameters:
    ///   - url: Where to; sent to its host and port over TLS if the scheme says so.
    ///   - nonce: 16 random bytes, fresh for each connection; others are cut or filled up with
    ///     zeros.
    ///   - protocols: Subprotocols to offer; those that are no tokens are left out.
    ///   - headers: More headers, such as `Authorization`; those of the handshake itself are left
    ///     out.
    package init(
        _ url: WebURL,
        nonce: [UInt8],
        protocols: [String] = [],
        headers: HTTPHeaders = HTTPHeaders()
    ) {
        let bytes = Array((nonce + [UInt8](repeating: 0, count: 16)).prefix(16))
        key = WebSocketHandshake.base64(bytes)
        self.protocols = protocols.filter(\.isToken)
        var fields: HTTPHeaders = [
            .host: url.hostHeader, .upgrade: "websocket", .connection: "Upgrade",
            .webSocketKey: key, .webSocketVersion: "13",
        ]
        if !self.protocols.isEmpty {
            fields.add(.webSocketProtocol, self.protocols.joined(separator: ", "))
        }
        for field in headers.fields where fields[field.name] == nil { fields.add(field) }
        var bytesOut: [UInt8] = []
        bytesOut.append("GET \(url.requestTarget) HTTP/1.1\r\n")
        for field in fields.fields { HTTPResponseSerializer.write(field, into: &bytesOut) }
        bytesOut.append("\r\n")
        request = bytesOut
    }

    /// Reads on in the server's answer.
    ///
    /// - Parameters:
    ///   - input: The bytes just read.
    ///   - offset: Where in the input to go on; after an acceptance, where frames begin.
    /// - Returns: The outcome; nil when more bytes are needed.
    /// - Throws: ``HTTPFailure`` when the answer is malformed or accepts something else than was
    ///   offered.
    package mutating func next(
        _ input: UnsafeRawBufferPointer,
        at offset: inout Int
    ) throws(HTTPFailure) -> Outcome? {
        while let event = try parser.next(input, at: &offset) {
            switch event {
            case .head(let response):
                if response.status == .switchingProtocols { return try accept(response) }
                head = response
            case .body(let range):
                body += input[range].prefix(Self.bodyLimit - body.count)
            case .end:
                return refusal
            }
        }
        return body.count == Self.bodyLimit ? refusal : nil
    }

    /// Learns that the server has closed the connection.
    ///
    /// - Returns: The outcome, if that was how the body ends.
    /// - Throws: ``HTTPFailure`` when it cut the answer short.
    package mutating func finish() throws(HTTPFailure) -> Outcome? {
        try parser.finish() == nil ? nil : refusal
    }

    private var refusal: Outcome? { head.map { .refused($0, body: body) } }

    private func accept(_ response: HTTPResponse) throws(HTTPFailure) -> Outcome {
        let headers = response.headers
        guard headers.contains(.upgrade, token: "websocket"),
            headers.contains(.connection, token: "upgrade")
        else { throw .bad("The server's 101 does not upgrade to a WebSocket") }
        guard headers.values(.webSocketAccept) == [WebSocketHandshake.acceptKey(for: key)] else {
            throw .bad("The server's Sec-WebSocket-Accept does not answer our key")
        }
        guard headers.list(.webSocketExtensions).isEmpty else {
            throw .bad("The server selected an extension, none was offered")
        }
        let selected = headers.list(.webSocketProtocol)
        guard selected.count <= 1, selected.allSatisfy(protocols.contains) else {
            throw .bad("The server selected a subprotocol that was not offered")
        }
        return .accepted(response, subprotocol: selected.first)
    }
}
