import Glibc
import ParleyHTTP
import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct WebSocketClientTests {
    @Test(
        "Messages of any size come back as they went",
        arguments: [0, 1, 125, 126, 65_536, 5_000_000]
    )
    func echoes(size: Int) async throws {
        try await withServer(handler: webSocketHandler(echoMessages)) { test in
            let webSocket = try await WebSocketClient.connect(
                try test.url("/ws", "ws"),
                on: test.clientLoop
            )
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await webSocket.send(binary: bytes)
            #expect(try await webSocket.nextMessage() == .binary(bytes))
            try await webSocket.send(String(repeating: "ü", count: size / 2))
            let text = try await webSocket.nextMessage()
            #expect(text == .text(Array(String(repeating: "ü", count: size / 2).utf8)))
            await webSocket.close()
            #expect(await webSocket.ending == .byUs(WebSocketClose(.normal)))
        }
    }

    @Test("Headers, query and subprotocols reach the server")
    func handshake() async throws {
        let seen = Recorded<HTTPRequest?>(nil)
        try await withServer(handler: { request, _, response in
            seen.update { $0 = request }
            let webSocket = try await response.acceptWebSocket(protocols: ["realtime"])
            _ = try await webSocket?.nextMessage()
        }) { test in
            var options = WebSocketClient.Options()
            options.headers = [.authorization: "Bearer x"]
            options.subprotocols = ["other", "realtime"]
            let webSocket = try await WebSocketClient.connect(
                try test.url("/v1/realtime?model=m", "ws"),
                options,
                on: test.clientLoop
            )
            #expect(webSocket.subprotocol == "realtime")
            #expect(webSocket.peer == test.address)
            await webSocket.close()
        }
        #expect(seen.value?.headers[.authorization] == "Bearer x")
        #expect(seen.value?.target.description == "/v1/realtime?model=m")
    }

    @Test("A server that says no is heard, with its words")
    func refused() async throws {
        try await withServer(handler: { _, _, _ in throw HTTPFailure(.unauthorized, "No key") }) {
            test in
            let url = try test.url("/?api_key=secret", "ws")
            let error = await #expect(throws: NetworkError.self) {
                try await WebSocketClient.connect(url, on: test.clientLoop)
            }
            #expect(error?.kind == .refused)
            #expect(error?.reply?.response.status == .unauthorized)
            #expect(error?.reply?.body == Array("No key\n".utf8))
            #expect(error?.message.contains("secret") == false)
        }
    }

    private func failure(
        _ url: WebURL,
        timeout: Duration = .seconds(30)
    ) async throws -> NetworkError? {
        try await withLoop { loop in
            var options = WebSocketClient.Options()
            options.timeout = timeout
            do throws(NetworkError) {
                _ = try await WebSocketClient.connect(url, options, on: loop)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test("Nobody at the address is a failure to connect, a name without one a failure to resolve")
    func unreachable() async throws {
        let error = try await withDeafAddress { address in
            try await failure(try WebURL("ws://\(address)/"))
        }
        #expect(error?.kind == .connect)
        #expect(try await failure(try WebURL("ws://nowhere.invalid/"))?.kind == .resolve)
    }

    /// Gives `body` the address of a socket that accepts and then does as `accept` says.
    private func withListener(
        _ accept: @escaping @Sendable (Int32) -> Void,
        _ body: @escaping @Sendable (SocketAddress, EventLoop) async throws -> Void
    ) async throws {
        try await withLoop { loop in
            let listener = try Listener(
                host: "127.0.0.1",
                port: 0,
                on: loop,
                log: .disabled
            ) { accept($0.fd) }
            listener.start()
            try await body(listener.address, loop)
            listener.stop()
        }
    }

    @Test("A server that never answers is a time-out", arguments: ["ws", "wss"])
    func silent(scheme: String) async throws {
        let held = Recorded<[Int32]>([])
        try await withListener({ fd in held.update { $0.append(fd) } }) { address, _ in
            let url = try WebURL("\(scheme)://\(address)/")
            let error = try await failure(url, timeout: .milliseconds(20))
            #expect(error?.kind == .timeout)
        }
        for fd in held.value { Glibc.close(fd) }
    }

    @Test("A server that closes at once is a reset, one that talks rubbish breaks the protocol")
    func rubbish() async throws {
        try await withListener({ fd in _ = Glibc.close(fd) }) { address, _ in
            let error = try await failure(try WebURL("ws://\(address)/"))
            #expect(error?.kind == .reset)
        }
        let held = Recorded<[Int32]>([])
        try await withListener({ fd in
            write(fd, "SSH-2.0\r\n", 9)
            held.update { $0.append(fd) }
        }) { address, _ in
            let error = try await failure(try WebURL("ws://\(address)/"))
            #expect(error?.kind == .protocolViolation)
        }
        for fd in held.value { Glibc.close(fd) }
    }

    @Test("Connecting ends when its task is cancelled")
    func cancelled() async throws {
        let held = Recorded<[Int32]>([])
        let accepted = Gate()
        try await withListener({ fd in
            held.update { $0.append(fd) }
            accepted.open()
        }) { address, loop in
            let url = try WebURL("ws://\(address)/")
            let task = Task { _ = try await WebSocketClient.connect(url, on: loop) }
            await accepted.wait()
            task.cancel()
            let outcome = await task.result
            let error = #expect(throws: NetworkError.self) { try outcome.get() }
            #expect(error?.kind == .cancelled)
        }
        for fd in held.value { Glibc.close(fd) }
    }

    @Test("Draining ends a server's WebSockets when its time is over")
    func drain() async throws {
        try await withServer(handler: webSocketHandler(echoMessages)) { test in
            let webSocket = try await WebSocketClient.connect(
                try test.url("/ws", "ws"),
                on: test.clientLoop
            )
            async let drained: Void = test.server.shutDown(grace: .zero)
            let message = try await webSocket.nextMessage()
            #expect(message == nil)
            #expect(await webSocket.ending == .byPeer(WebSocketClose(.goingAway)))
            await drained
        }
    }
}
