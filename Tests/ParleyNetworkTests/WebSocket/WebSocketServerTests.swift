import ParleyHTTP
import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct WebSocketServerTests {
    @Test("The best subprotocol that both know is agreed upon")
    func subprotocol() async throws {
        let seen = Recorded<String?>(nil)
        let handler = webSocketHandler(protocols: ["realtime"]) { webSocket in
            seen.update { $0 = webSocket.subprotocol }
        }
        try await withWebSockets(handler: handler) { test in
            let (_, head) = try await openRaw(test, protocols: "other, realtime")
            #expect(head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
            #expect(head.contains("Sec-WebSocket-Protocol: realtime\r\n"))
        }
        #expect(seen.value == "realtime")
    }

    @Test("A malformed handshake is refused as HTTP")
    func refused() async throws {
        try await withWebSockets(handler: webSocketHandler(echoMessages)) { test in
            let client = try await test.client()
            await client.send("GET /ws HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await client.read(until: "missing\n")
            #expect(answer.hasPrefix("HTTP/1.1 426 Upgrade Required\r\n"))
            #expect(answer.contains("Sec-WebSocket-Version: 13\r\n"))
        }
    }

    @Test("Frames sent along with the handshake are not lost")
    func early() async throws {
        try await withWebSockets(handler: webSocketHandler(echoMessages)) { test in
            let client = try await test.client()
            let handshake =
                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            await client.send(Array(handshake.utf8) + frame(.text, "one") + frame(.text, "two"))
            _ = try await client.read(until: "\r\n\r\n")
            #expect(
                try await client.read(count: 10) == [0x81, 3] + "one".utf8 + [0x81, 3] + "two".utf8
            )
        }
    }

    @Test("Fragments make one message, with a ping answered in between")
    func fragments() async throws {
        try await withWebSockets(handler: webSocketHandler(echoMessages)) { test in
            let (client, _) = try await openRaw(test)
            await client.send(frame(.text, "he", isFinal: false))
            await client.send(frame(.ping, "?"))
            #expect(try await client.read(count: 3) == serverFrame(.pong, Array("?".utf8)))
            await client.send(frame(.continuation, "llo"))
            #expect(try await client.read(count: 7) == serverFrame(.text, Array("hello".utf8)))
        }
    }

    /// A handler whose client says nothing, until the connection has ended in some way.
    private func waitForEnding(_ ending: Recorded<WebSocketEnding?>) -> HTTPHandler {
        webSocketHandler { webSocket in
            let message = try await webSocket.nextMessage()
            #expect(message == nil)
            let found = await webSocket.ending
            ending.update { $0 = found }
        }
    }

    @Test("What breaks the protocol is told so, and the connection ends without a reset")
    func violation() async throws {
        let ending = Recorded<WebSocketEnding?>(nil)
        let handler = waitForEnding(ending)
        try await withWebSockets(handler: handler) { test in
            let (client, _) = try await openRaw(test)
            // Text that is no UTF-8, and more behind it that nobody will read.
            await client.send(
                [0x81, 0x81, 0, 0, 0, 0, 0xFF] + [UInt8](repeating: 0, count: 100_000)
            )
            let head = try await client.read(count: 4)
            #expect(head[0] == 0x88)
            #expect(Array(head[2...]) == [0x03, 0xEF])
            _ = await client.readToEnd()
            #expect(await !client.wasReset)
        }
        guard case .violation(let close)? = ending.value else {
            Issue.record("\(String(describing: ending.value))")
            return
        }
        #expect(close.code == .invalidPayload)
    }

    @Test("A message beyond the limit is refused with 1009")
    func tooBig() async throws {
        try await withWebSockets({ $0.limits.message = 4 }, handler: webSocketHandler(echoMessages))
        {
            test in
            let (client, _) = try await openRaw(test)
            await client.send(frame(.text, "12345"))
            let head = try await client.read(count: 4)
            #expect(Array(head[2...]) == [0x03, 0xF1])
        }
    }

    @Test("The peer's close is answered, after what came before it was delivered")
    func closedByPeer() async throws {
        let log = Recorded<[String]>([])
        let handler = webSocketHandler { webSocket in
            while let message = try await webSocket.nextMessage() {
                log.update { $0.append(String(decoding: message.bytes, as: UTF8.self)) }
            }
            let ending = await webSocket.ending
            log.update {
                $0.append(String(describing: ending == .byPeer(WebSocketClose(.normal, "bye"))))
            }
        }
        try await withWebSockets(handler: handler) { test in
            let (client, _) = try await openRaw(test)
            await client.send(
                frame(.text, "a") + frame(.text, "b") + closeFrame(.normal, "bye")
            )
            #expect(try await client.read(count: 7) == [0x88, 5, 0x03, 0xE8] + "bye".utf8)
            #expect(await client.readToEnd() == "")
        }
        #expect(log.value == ["a", "b", "true"])
    }

    @Test("A handler that returns closes its WebSocket with 1000, one that fails with 1011")
    func closedByReturning() async throws {
        struct Broken: Error {}
        let handler = webSocketHandler { webSocket in
            if try await webSocket.nextMessage() == .text(Array("fail".utf8)) { throw Broken() }
        }
        try await withWebSockets(handler: handler) { test in
            for (word, code) in [("fail", [0x03, 0xF3]), ("end", [0x03, 0xE8])]
                as [(String, [UInt8])]
            {
                let (client, _) = try await openRaw(test)
                await client.send(frame(.text, word))
                #expect(try await client.read(count: 4) == [0x88, 2] + code)
                await client.send(frame(.close, ""))
                #expect(await client.readToEnd() == "")
            }
        }
    }

    @Test("A peer that does not answer our close is not waited for longer than allowed")
    func closeTimeout() async throws {
        let closed = Gate()
        let handler = webSocketHandler { webSocket in
            await webSocket.close(.policyViolation, reason: "enough")
            #expect(
                await webSocket.ending == .byUs(WebSocketClose(.policyViolation, "enough"))
            )
            closed.open()
        }
        try await withWebSockets({ $0.closeTimeout = .milliseconds(5) }, handler: handler) { test in
            let (client, _) = try await openRaw(test)
            #expect(try await client.read(count: 10) == [0x88, 8, 0x03, 0xF0] + "enough".utf8)
            await closed.wait()
        }
    }

    @Test("A peer that answers no pings is dropped after two")
    func missedPongs() async throws {
        let ending = Recorded<WebSocketEnding?>(nil)
        let handler = waitForEnding(ending)
        try await withWebSockets({ $0.pingInterval = .milliseconds(3) }, handler: handler) { test in
            let (client, _) = try await openRaw(test)
            let all = Array((await client.readToEnd()).utf8)
            // U+FFFD where the ping's first byte is no UTF-8.
            #expect(all == Array(String(decoding: [0x89, 0, 0x89, 0], as: UTF8.self).utf8))
        }
        #expect(ending.value == .unresponsive)
    }

    @Test("A peer that goes without a word is lost")
    func lost() async throws {
        let ending = Recorded<WebSocketEnding?>(nil)
        let handler = webSocketHandler { webSocket in
            _ = try await webSocket.nextMessage()
            let found = await webSocket.ending
            ending.update { $0 = found }
            await #expect(throws: WebSocketClosed(ending: .lost)) { try await webSocket.send("x") }
        }
        try await withWebSockets(handler: handler) { test in
            let (client, _) = try await openRaw(test)
            await client.reset()
        }
        #expect(ending.value == .lost)
    }
}
