import ParleyHTTP
import Testing

@Suite struct WebSocketClientHandshakeTests {
    /// The nonce of RFC 6455's example.
    private let nonce = Array("the sample nonce".utf8)
    private let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    private func handshake() throws -> WebSocketClientHandshake {
        WebSocketClientHandshake(
            try WebURL("wss://host.example/v1/realtime?model=m"),
            nonce: nonce,
            protocols: ["realtime", "not a token"],
            headers: [.authorization: "Bearer k", .host: "evil", .webSocketKey: "evil"]
        )
    }

    private func outcome(
        _ answer: String,
        cut: Int = .max
    ) throws -> WebSocketClientHandshake.Outcome? {
        var handshake = try handshake()
        for piece in Array(answer.utf8).pieces([cut]) {
            var offset = 0
            let outcome = try piece.withUnsafeBytes { try handshake.next($0, at: &offset) }
            if let outcome { return outcome }
        }
        return try handshake.finish()
    }

    private func switching(_ lines: String) -> String {
        "HTTP/1.1 101 Switching Protocols\r\n\(lines)\r\n"
    }

    private var good: String {
        "Upgrade: WebSocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: \(accept)\r\n"
    }

    @Test("The request holds what the RFC asks for and the caller's headers")
    func request() throws {
        let expected = """
            GET /v1/realtime?model=m HTTP/1.1\r\nHost: host.example\r\nUpgrade: websocket\r\n\
            Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: realtime\r\n\
            Authorization: Bearer k\r\n\r\n
            """
        #expect(String(decoding: try handshake().request, as: UTF8.self) == expected)
    }

    @Test("The server's own judge accepts the request")
    func agrees() throws {
        let parsed = ParsedRequests(try handshake().request)
        let head = try #require(parsed.messages.first).head
        guard case .accept(_, "realtime") = WebSocketHandshake.answer(head, protocols: ["realtime"])
        else {
            Issue.record("refused")
            return
        }
    }

    @Test(
        "A right answer is accepted, and frames behind it are left in the input",
        arguments: [1, 7, .max]
    )
    func accepted(cut: Int) throws {
        let answer = switching(good + "Sec-WebSocket-Protocol: realtime\r\n")
        guard case .accepted(_, "realtime") = try outcome(answer, cut: cut) else {
            Issue.record("not accepted")
            return
        }
        var handshake = try handshake()
        var offset = 0
        let bytes = Array(answer.utf8) + [0x81, 0x00]
        _ = try bytes.withUnsafeBytes { try handshake.next($0, at: &offset) }
        #expect(offset == answer.utf8.count)
    }

    @Test("An answer that does not fit the request is refused")
    func wrong() {
        let wrong = [
            good.replacing(accept, with: "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            good.replacing(": WebSocket", with: ": h2c"),
            good.replacing(": upgrade", with: ": close"),
            good + "Sec-WebSocket-Protocol: other\r\n",
            good + "Sec-WebSocket-Protocol: realtime, realtime\r\n",
            good + "Sec-WebSocket-Extensions: permessage-deflate\r\n",
            good + "Sec-WebSocket-Accept: \(accept)\r\n",
        ]
        for lines in wrong {
            #expect(throws: HTTPFailure.self, "\(lines)") { try outcome(switching(lines)) }
        }
    }

    @Test("An error is handed over with its body", arguments: [1, 5, .max])
    func refused(cut: Int) throws {
        let answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nnope"
        guard case .refused(let response, let body) = try outcome(answer, cut: cut) else {
            Issue.record("not refused")
            return
        }
        #expect(response.status == .unauthorized)
        #expect(body == Array("nope".utf8))
    }

    @Test("An endless error body is cut at the limit")
    func endlessBody() throws {
        let answer = "HTTP/1.1 500 E\r\n\r\n" + String(repeating: "x", count: 100_000)
        guard case .refused(_, let body) = try outcome(answer, cut: 4_096) else {
            Issue.record("not refused")
            return
        }
        #expect(body.count == WebSocketClientHandshake.bodyLimit)
    }

    @Test("An answer that breaks off is an error")
    func brokenOff() {
        #expect(throws: HTTPFailure.self) { try outcome("HTTP/1.1 101 Sw") }
    }
}
