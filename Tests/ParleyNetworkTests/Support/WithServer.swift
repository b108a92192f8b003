import ParleyHTTP
import ParleyNetwork

/// A server on the loopback, and a loop for its clients.
struct TestServer: Sendable {
    let server: HTTPServer
    let clientLoop: EventLoop

    var address: SocketAddress { server.address }

    func url(_ path: String, _ scheme: String = "http") throws -> WebURL {
        try WebURL("\(scheme)://\(address)\(path)")
    }

    func client(reads: Bool = true, receiveBuffer: Int32 = 0) async throws -> RawClient {
        try await RawClient(address, clientLoop, reads: reads, receiveBuffer: receiveBuffer)
    }
}

/// Serves while `body` runs, as a task of the clients' loop.
func withServer(
    _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(),
    tls: TLSConfiguration? = nil,
    telemetry: Telemetry = .disabled,
    handler: @escaping HTTPHandler,
    _ body: @escaping @Sendable (TestServer) async throws -> Void
) async throws {
    let group = try EventLoopGroup(count: 1, name: "server")
    defer { group.shutDown() }
    let loop = try EventLoop(name: "client")
    defer { loop.shutDown() }
    let server = try HTTPServer(
        host: "127.0.0.1",
        port: 0,
        group: group,
        tls: tls,
        configuration: configuration,
        telemetry: telemetry,
        handler: handler
    )
    let test = TestServer(server: server, clientLoop: loop)
    let result = await Task(executorPreference: loop) { try await body(test) }.result
    await server.shutDown(grace: .zero)
    try result.get()
}

/// Answers every request with its method, target and body.
let echo: HTTPHandler = { request, body, response in
    let content = try await body.collect(limit: 1 << 20)
    let text = "\(request.method) \(request.target) " + String(decoding: content, as: UTF8.self)
    try await response.respond(HTTPResponse(.ok), body: Array(text.utf8))
}
