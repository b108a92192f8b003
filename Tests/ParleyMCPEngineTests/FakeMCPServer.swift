import ParleyEngine
import ParleyHTTP
import ParleyJSON
import ParleyMCP
import ParleyMCPEngine
import ParleyNetwork
import Synchronization

/// An MCP server of a few lines on the loopback, which remembers what it was asked.
final class FakeMCPServer: Sendable {
    struct Asked: Sendable {
        var method: String
        var headers: HTTPHeaders
        var body: JSON?

        /// The method of the message, or that of HTTP.
        var what: String { body?["method"]?.string ?? method }
    }

    /// What becomes of a call.
    enum Manner: Sendable {
        /// The result, as JSON or as an event.
        case answers(streams: Bool)
        /// Nothing comes.
        case hangs
        /// The stream ends before the result, which the next one brings.
        case breaksOff
        case status(Int)
        case redirects(String)
        case floods
    }

    private let manner: Manner
    private let asked = Mutex<[Asked]>([])
    private let waiters = Mutex<[(what: String, CheckedContinuation<Void, Never>)]>([])

    init(_ manner: Manner) {
        self.manner = manner
    }

    var log: [String] { asked.withLock { $0.map(\.what) } }
    var requests: [Asked] { asked.withLock(\.self) }

    /// Waits until something was asked.
    func heard(_ what: String) async {
        await withCheckedContinuation { continuation in
            let isThere = asked.withLock { asked in
                if asked.contains(where: { $0.what == what }) { return true }
                waiters.withLock { $0.append((what, continuation)) }
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func note(_ request: HTTPRequest, _ body: JSON?) {
        let one = Asked(method: request.method.name, headers: request.headers, body: body)
        let woken = asked.withLock { asked in
            asked.append(one)
            return waiters.withLock { waiters in
                let woken = waiters.filter { $0.what == one.what }
                waiters.removeAll { $0.what == one.what }
                return woken
            }
        }
        for waiter in woken { waiter.1.resume() }
    }

    func answer(
        _ request: HTTPRequest,
        _ body: HTTPRequestBody,
        _ writer: HTTPResponseWriter
    ) async throws {
        let message = try? JSON.parse(try await body.collect(limit: 1 << 20))
        note(request, message)
        if request.headers["Last-Event-ID"] == "e1" {
            let message = requests.last { $0.what == "tools/call" }?.body
            return try await stream(writer, "data: \(envelope(message, Self.result))")
        }
        guard request.method == .post else {
            return try await writer.respond(HTTPResponse(.ok))
        }
        switch message?["method"]?.string {
        case "initialize":
            var headers: HTTPHeaders = [.contentType: "application/json"]
            headers.add("Mcp-Session-Id", "session-1")
            try await respond(
                writer,
                message,
                ["protocolVersion": "2025-11-25", "capabilities": [:]],
                headers
            )
        case "tools/list":
            let tool: JSON = ["name": "t", "description": "T", "inputSchema": ["type": "object"]]
            try await respond(writer, message, ["tools": [tool]])
        case "tools/call": try await call(writer, message)
        default: try await writer.respond(HTTPResponse(HTTPStatus(202)))
        }
    }

    private func call(_ writer: HTTPResponseWriter, _ message: JSON?) async throws {
        switch manner {
        case .answers(streams: false): try await respond(writer, message, Self.result)
        case .answers(streams: true):
            try await stream(writer, "data: \(envelope(message, Self.result))")
        case .breaksOff: try await stream(writer, "id: e1\ndata:")
        case .hangs:
            let (stream, _) = AsyncStream.makeStream(of: Never.self)
            for await _ in stream {}
        case .status(let code): try await writer.respond(HTTPResponse(HTTPStatus(code)))
        case .redirects(let place):
            try await writer.respond(HTTPResponse(HTTPStatus(307), headers: ["Location": place]))
        case .floods:
            let headers: HTTPHeaders = [.contentType: "application/json"]
            try await writer.begin(HTTPResponse(.ok, headers: headers))
            while true { try await writer.write([UInt8](repeating: 32, count: 65_536)) }
        }
    }

    private static let result: JSON = ["content": [["type": "text", "text": "done"]]]

    /// Sends a stream of one event.
    private func stream(_ writer: HTTPResponseWriter, _ event: String) async throws {
        let headers: HTTPHeaders = [.contentType: "text/event-stream"]
        try await writer.begin(HTTPResponse(.ok, headers: headers))
        try await writer.write(Array("\(event)\n\n".utf8))
        try await writer.finish()
    }

    private func envelope(_ message: JSON?, _ result: JSON) -> JSON {
        ["jsonrpc": "2.0", "id": message?["id"] ?? .null, "result": result]
    }

    private func respond(
        _ writer: HTTPResponseWriter,
        _ message: JSON?,
        _ result: JSON,
        _ headers: HTTPHeaders = [.contentType: "application/json"]
    ) async throws {
        try await writer.respond(
            HTTPResponse(.ok, headers: headers),
            body: envelope(message, result).serialized()
        )
    }
}

/// Runs a server and an engine that may reach it, as a task of a loop.
func withMCP(
    _ manner: FakeMCPServer.Manner,
    rules: HostRules = .everything,
    _ body: @escaping @Sendable (FakeMCPServer, any ToolConnection, String) async throws -> Void
) async throws {
    let fake = FakeMCPServer(manner)
    let group = try EventLoopGroup(count: 1, name: "server")
    defer { group.shutDown() }
    let loop = try EventLoop(name: "client")
    defer { loop.shutDown() }
    let server = try HTTPServer(host: "127.0.0.1", port: 0, group: group) {
        try await fake.answer($0, $1, $2)
    }
    var configuration = MCPEngine.Configuration()
    configuration.rules = rules
    configuration.limits.resumptionPause = .zero
    let engine = try MCPEngine(configuration, on: [loop])
    let url = "http://localhost:\(server.address.port)/mcp"
    let result = await Task(executorPreference: loop) {
        let headers = [ToolServerAddress.Header(name: "X-Key", value: "k")]
        let connection = engine.connection(to: ToolServerAddress(url: url, headers: headers))
        try await body(fake, connection, url)
        await connection.close()
    }.result
    await server.shutDown(grace: .zero)
    try result.get()
}

extension HostRules {
    static var everything: HostRules {
        var rules = HostRules()
        rules.allowsPrivateAddresses = true
        return rules
    }
}
