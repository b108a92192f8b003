import ParleyHTTP

@testable import ParleyNetwork

/// A raw client that has opened a WebSocket to the server, with the head of the answer.
func openRaw(
    _ test: TestServer,
    protocols: String? = nil,
    reads: Bool = true,
    receiveBuffer: Int32 = 0
) async throws -> (client: RawClient, head: String) {
    let client = try await test.client(receiveBuffer: receiveBuffer)
    let offer = protocols.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? ""
    await client.send(
        "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + offer + "\r\n"
    )
    let head = try await client.read(until: "\r\n\r\n")
    if !reads { await client.stopReading() }
    return (client, head)
}

/// A client's frame.
func frame(
    _ opcode: WebSocketOpcode,
    _ payload: String,
    isFinal: Bool = true
) -> [UInt8] {
    var bytes: [UInt8] = []
    WebSocketFrame.write(
        opcode,
        Array(payload.utf8),
        isFinal: isFinal,
        mask: WebSocketMask(0x1234_5678),
        into: &bytes
    )
    return bytes
}

/// A client's close frame.
func closeFrame(_ code: WebSocketCloseCode, _ reason: String) -> [UInt8] {
    var bytes: [UInt8] = []
    WebSocketFrame.writeClose(
        WebSocketClose(code, reason),
        mask: WebSocketMask(0x1234_5678),
        into: &bytes
    )
    return bytes
}

/// A server's short frame, as it is on the wire.
func serverFrame(_ opcode: WebSocketOpcode, _ payload: [UInt8]) -> [UInt8] {
    [0x80 | opcode.rawValue, UInt8(payload.count)] + payload
}

/// Serves while `body` runs, with WebSockets as configured.
func withWebSockets(
    _ change: (inout WebSocketConfiguration) -> Void = { _ in },
    handler: @escaping HTTPHandler,
    _ body: @escaping @Sendable (TestServer) async throws -> Void
) async throws {
    var configuration = HTTPServerConfiguration()
    change(&configuration.webSocket)
    try await withServer(configuration, handler: handler, body)
}

/// A handler that accepts a WebSocket and lends it to `body`.
func webSocketHandler(
    protocols: [String] = [],
    _ body: @escaping @Sendable (WebSocketConnection) async throws -> Void
) -> HTTPHandler {
    { _, _, response in
        guard let webSocket = try await response.acceptWebSocket(protocols: protocols) else {
            return
        }
        try await body(webSocket)
    }
}

/// Sends every message back.
let echoMessages: @Sendable (WebSocketConnection) async throws -> Void = { webSocket in
    while let message = try await webSocket.nextMessage() {
        switch message {
        case .text(let bytes): try await webSocket.send(text: bytes)
        case .binary(let bytes): try await webSocket.send(binary: bytes)
        }
    }
}
