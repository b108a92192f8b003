import ParleyHTTP
import Testing

@Suite struct WebSocketHandshakeTests {
    private func upgrade(_ changes: HTTPHeaders = [:], without: HTTPFieldName? = nil) -> HTTPRequest
    {
        var headers: HTTPHeaders = [
            .host: "h", .upgrade: "WebSocket", .connection: "keep-alive, Upgrade",
            .webSocketVersion: "13", .webSocketKey: "dGhlIHNhbXBsZSBub25jZQ==",
        ]
        for field in changes.fields { headers[field.name] = field.value }
        if let without { headers[without] = nil }
        return HTTPRequest(.get, HTTPTarget("/v1/realtime"), headers: headers)
    }

    private func refusal(_ request: HTTPRequest) -> HTTPResponse? {
        guard case .refuse(let response, let message) = WebSocketHandshake.answer(request) else {
            return nil
        }
        #expect(!message.isEmpty)
        return response
    }

    @Test("The RFC's example is accepted with the RFC's answer")
    func accepted() {
        let expected = HTTPResponse(
            .switchingProtocols,
            headers: [
                .upgrade: "websocket", .connection: "Upgrade",
                .webSocketAccept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            ]
        )
        #expect(WebSocketHandshake.answer(upgrade()) == .accept(expected, subprotocol: nil))
    }

    @Test("Another method is refused with 405 and Allow")
    func method() {
        var request = upgrade()
        request.method = .post
        #expect(refusal(request)?.status == .methodNotAllowed)
        #expect(refusal(request)?.headers[.allow] == "GET")
    }

    @Test("Without Upgrade the client is told to upgrade")
    func noUpgrade() {
        let response = refusal(upgrade(without: .upgrade))
        #expect(response?.status == .upgradeRequired)
        #expect(response?.headers[.upgrade] == "websocket")
    }

    @Test(
        "Another version is refused with 426 and the version spoken",
        arguments: ["8", "14", "13, 8"]
    )
    func version(version: String) {
        let response = refusal(upgrade([.webSocketVersion: version]))
        #expect(response?.status == .upgradeRequired)
        #expect(response?.headers[.webSocketVersion] == "13")
    }

    @Test(
        "What is missing or malformed is refused with 400",
        arguments: [
            (HTTPFieldName.connection, nil), (.connection, "close"), (.webSocketVersion, nil),
            (.webSocketKey, nil), (.webSocketKey, "short"), (.webSocketKey, ""),
            (.webSocketKey, "dGhlIHNhbXBsZSBub25jZQ=a"),
            (.webSocketKey, "!GhlIHNhbXBsZSBub25jZQ=="),
            (.webSocketKey, "dGhlIHNhbXBsZSBub25jZSBsb25nZXI="),
        ]
    )
    func malformed(name: HTTPFieldName, value: String?) {
        let request = value.map { upgrade([name: $0]) } ?? upgrade(without: name)
        #expect(refusal(request)?.status == .badRequest)
    }

    @Test("Two keys, a body and HTTP/1.0 are refused with 400")
    func odd() {
        var twoKeys = upgrade()
        twoKeys.headers.add(.webSocketKey, "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(refusal(twoKeys)?.status == .badRequest)
        var withBody = upgrade()
        withBody.bodyLength = .chunked
        #expect(refusal(withBody)?.status == .badRequest)
        var old = upgrade()
        old.version = .http10
        #expect(refusal(old)?.status == .badRequest)
    }

    @Test("A request is one for a WebSocket if it says so in either way")
    func isRequested() {
        #expect(WebSocketHandshake.isRequested(by: upgrade()))
        #expect(WebSocketHandshake.isRequested(by: upgrade(without: .upgrade)))
        #expect(!WebSocketHandshake.isRequested(by: HTTPRequest(.get, HTTPTarget("/"))))
    }

    @Test("Of the subprotocols offered only the known one is selected, and keys are found")
    func subprotocols() {
        let offer = "openai-insecure-api-key.sk-1, realtime, openai-beta.realtime-v1"
        let request = upgrade([.webSocketProtocol: offer])
        let offered = WebSocketSubprotocols(offeredBy: request)
        #expect(offered.value(after: "openai-insecure-api-key.") == "sk-1")
        #expect(offered.contains("openai-beta.realtime-v1"))
        #expect(!"\(offered)".contains("sk-1"))
        guard
            case .accept(let response, let subprotocol) = WebSocketHandshake.answer(
                request,
                protocols: ["realtime"]
            )
        else {
            Issue.record("not accepted")
            return
        }
        #expect(subprotocol == "realtime")
        #expect(response.headers.values(.webSocketProtocol) == ["realtime"])
    }

    @Test("If the known subprotocol was not offered, none is selected")
    func noSubprotocol() {
        let request = upgrade([.webSocketProtocol: "openai-insecure-api-key.sk-1"])
        guard
            case .accept(let response, nil) = WebSocketHandshake.answer(
                request,
                protocols: ["realtime"]
            )
        else {
            Issue.record("not accepted without a subprotocol")
            return
        }
        #expect(response.headers[.webSocketProtocol] == nil)
    }

    @Test(
        "SHA-1 gives the digests of FIPS 180-4's examples",
        arguments: [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
            (String(repeating: "a", count: 1_000), "291e9a6c66994949b57ba5e650361e98fc36b1ba"),
        ]
    )
    func sha1(text: String, digest: String) {
        let hex = SHA1.digest(Array(text.utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        #expect(hex.joined() == digest)
    }
}
