import ParleyHTTP
import Testing

@testable import ParleyNetwork

@Suite("A WebSocket that is refused", .timeLimit(.minutes(1))) struct WebSocketRefusalTests {
    private let farewell = WebSocketFarewell(
        text: Array("no".utf8),
        close: WebSocketClose(WebSocketCloseCode(3000), "key")
    )

    /// What the client is told: a text, then the close.
    private let told: [UInt8] = [0x81, 2, 0x6E, 0x6F] + [0x88, 5, 0x0B, 0xB8, 0x6B, 0x65, 0x79]

    private func refuse(
        closeTimeout: Duration = .seconds(600),
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        var configuration = HTTPServerConfiguration()
        configuration.webSocket.closeTimeout = closeTimeout
        // Whatever was gathered would be a violation of this.
        configuration.webSocket.limits.message = 4
        let farewell = farewell
        try await withServer(
            configuration,
            handler: { _, _, response in try await response.refuseWebSocket(with: farewell) },
            body
        )
    }

    @Test("It is told why, and its close ends the connection")
    func told() async throws {
        let told = told
        try await refuse { test in
            let (client, head) = try await openRaw(test)
            #expect(head.hasPrefix("HTTP/1.1 101 "))
            #expect(try await client.read(count: told.count) == told)
            await client.send(closeFrame(WebSocketCloseCode(3000), ""))
            #expect(await client.readToEnd() == "")
            #expect(await !client.wasReset)
        }
    }

    @Test("Megabytes sent along with the handshake, and after it, are skipped unread")
    func skipped() async throws {
        let told = told
        try await refuse { test in
            let client = try await test.client()
            await client.send(
                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Version: 13\r\n\r\n"
            )
            let megabyte = String(repeating: "a", count: 1 << 20)
            for _ in 0..<24 { await client.send(frame(.text, megabyte, isFinal: false)) }
            await client.send(closeFrame(.normal, ""))
            _ = try await client.read(until: "\r\n\r\n")
            #expect(try await client.read(count: told.count) == told)
            // Had any of it been gathered, another close frame would follow.
            #expect(await client.readToEnd() == "")
        }
    }

    @Test("One that does not answer the close is cut off")
    func cutOff() async throws {
        let told = told
        try await refuse(closeTimeout: .milliseconds(5)) { test in
            let (client, _) = try await openRaw(test)
            await client.send(frame(.text, "still here"))
            #expect(try await client.read(count: told.count) == told)
            #expect(await client.readToEnd() == "")
        }
    }

    @Test("A frame that breaks the protocol gets no second close frame")
    func noSecondClose() async throws {
        let told = told
        try await refuse { test in
            let (client, _) = try await openRaw(test)
            await client.send([0x81, 0x01, 0x61])
            #expect(try await client.read(count: told.count) == told)
            #expect(await client.readToEnd() == "")
        }
    }

    @Test("A handshake that is none is refused as HTTP")
    func malformed() async throws {
        try await refuse { test in
            let client = try await test.client()
            await client.send("GET /ws HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await client.read(until: "missing\n")
            #expect(answer.hasPrefix("HTTP/1.1 426 Upgrade Required\r\n"))
        }
    }
}
