import ParleyHTTP
import ParleyJSON
import ParleyNetwork

/// A Realtime server that says what a test wants, on a port of its own.
final class FakeServer: Sendable {
    /// Answers one event of the client; an empty list says nothing.
    typealias Answers = @Sendable (_ type: String, _ event: JSON) -> [JSON]

    let group: EventLoopGroup
    private let server: HTTPServer

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - refusal: Refuses every handshake so.
    ///   - greeting: What is said before the client speaks.
    ///   - close: Closes so after the greeting.
    ///   - answers: What the client's events bring.
    /// - Throws: What the network has to say.
    init(
        refusal: HTTPReply? = nil,
        greeting: [JSON] = [["type": "session.created", "session": ["model": "fake"]]],
        close: WebSocketClose? = nil,
        answers: @escaping Answers = { _, _ in [] }
    ) throws {
        group = try EventLoopGroup(count: 1, name: "fake")
        server = try HTTPServer(host: "127.0.0.1", port: 0, group: group) { request, _, writer in
            if let refusal { return try await writer.respond(refusal) }
            guard let socket = try await writer.acceptWebSocket() else { return }
            for event in greeting { socket.enqueue(text: event.serialized()) }
            if let close { return await socket.close(close.code, reason: close.reason) }
            while let message = try await socket.nextMessage() {
                let event = try JSON.parse(message.bytes)
                for answer in answers(event["type"]?.string ?? "", event) {
                    socket.enqueue(text: answer.serialized())
                }
            }
        }
    }

    /// What a client is told.
    var address: String { "http://127.0.0.1:\(server.address.port)" }

    var loop: EventLoop { group.loops[0] }

    func stop() async {
        await server.shutDown(grace: .zero)
        group.shutDown()
    }
}
