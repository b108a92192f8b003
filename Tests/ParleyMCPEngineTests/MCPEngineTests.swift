import ParleyEngine
import ParleyHTTP
import ParleyJSON
import ParleyMCPEngine
import ParleyNetwork
import Testing

@Suite("MCP over HTTP", .timeLimit(.minutes(1)))
struct MCPEngineTests {
    @Test("Tools are listed and called, and the session ends with a goodbye")
    func wholeTalk() async throws {
        try await withMCP(.answers(streams: false)) { fake, connection, _ in
            let tools = try await connection.listTools()
            #expect(tools.map(\.name) == ["t"])
            let answer = try await connection.call("t", arguments: ["a": 1])
            #expect(answer == "done")
            await connection.close()
            #expect(
                fake.log == [
                    "initialize", "notifications/initialized", "tools/list", "tools/call", "DELETE",
                ]
            )
            #expect(fake.requests.allSatisfy { $0.headers["X-Key"] == "k" })
            let sessions = fake.requests.map { $0.headers["Mcp-Session-Id"] }
            #expect(sessions == [nil, "session-1", "session-1", "session-1", "session-1"])
            #expect(fake.requests[3].body?["params"]?["arguments"] == ["a": 1])
        }
    }

    @Test("Answers may stream, and calls may overlap")
    func overlap() async throws {
        try await withMCP(.answers(streams: true)) { _, connection, _ in
            async let first = connection.call("t", arguments: [:])
            async let second = connection.call("t", arguments: [:])
            let answers = try await [first, second]
            #expect(answers == ["done", "done"])
        }
    }

    @Test("An answer that breaks off is gone on with, and the tool runs once")
    func resumes() async throws {
        try await withMCP(.breaksOff) { fake, connection, _ in
            let answer = try await connection.call("t", arguments: [:])
            #expect(answer == "done")
            #expect(fake.log.suffix(2) == ["tools/call", "GET"])
            #expect(fake.requests.last?.headers["Mcp-Session-Id"] == "session-1")
        }
    }

    @Test("Cancelling ends a call that hangs, and the server is told")
    func cancels() async throws {
        try await withMCP(.hangs) { fake, connection, _ in
            let call = Task { try await connection.call("t", arguments: [:]) }
            await fake.heard("tools/call")
            call.cancel()
            let error = await #expect(throws: ToolError.self) { try await call.value }
            #expect(error?.fault == .cancelled)
            await fake.heard("notifications/cancelled")
        }
    }

    @Test("Closing ends a call that hangs")
    func closes() async throws {
        try await withMCP(.hangs) { fake, connection, _ in
            let call = Task { try await connection.call("t", arguments: [:]) }
            await fake.heard("tools/call")
            await connection.close()
            let error = await #expect(throws: ToolError.self) { try await call.value }
            #expect(error?.fault == .cancelled)
            #expect(fake.log.last == "DELETE")
        }
    }

    @Test("A status that is no success is an error of its own kind", arguments: [401, 500])
    func statuses(code: Int) async throws {
        try await withMCP(.status(code)) { _, connection, _ in
            let error = await #expect(throws: ToolError.self) {
                try await connection.call("t", arguments: [:])
            }
            #expect(error?.fault == .http(code: code))
        }
    }

    @Test("A redirect elsewhere is not followed")
    func redirects() async throws {
        try await withMCP(.redirects("http://127.0.0.1:1/")) { fake, connection, _ in
            let error = await #expect(throws: ToolError.self) {
                try await connection.call("t", arguments: [:])
            }
            #expect(error?.fault == .http(code: 307))
        }
    }

    @Test("An answer without end is broken off")
    func floods() async throws {
        try await withMCP(.floods) { _, connection, _ in
            let error = await #expect(throws: ToolError.self) {
                try await connection.call("t", arguments: [:])
            }
            guard case .protocolViolation = error?.fault else {
                Issue.record("\(String(describing: error?.fault))")
                return
            }
        }
    }

    @Test("A server that nobody runs can't be reached; the log learns the host and no more")
    func unreachable() async throws {
        let loop = try EventLoop(name: "client")
        defer { loop.shutDown() }
        var configuration = MCPEngine.Configuration()
        configuration.rules = .everything
        let engine = try MCPEngine(configuration, on: [loop])
        await Task(executorPreference: loop) {
            let address = ToolServerAddress(
                url: "http://127.0.0.1:1/secret-path?key=secret-key",
                headers: [.init(name: "Authorization", value: "secret-token")]
            )
            let connection = engine.connection(to: address)
            let error = await #expect(throws: ToolError.self) { try await connection.listTools() }
            #expect(error?.fault == .http(code: 502))
            #expect(error?.detail.contains("127.0.0.1:1") == true)
            #expect("\(error as Any) \(address) \(engine)".contains("secret") == false)
            await connection.close()
        }.value
    }

    @Test("Without leave, no address of this machine is reached, whatever name leads there")
    func guarded() async throws {
        try await withMCP(.answers(streams: false), rules: HostRules()) { fake, connection, url in
            let error = await #expect(throws: ToolError.self) { try await connection.listTools() }
            #expect(error?.fault == .http(code: 403))
            #expect(fake.log.isEmpty)
        }
    }

    @Test("A host on the list is reached, and no other")
    func listed() async throws {
        var rules = HostRules()
        rules.hosts = ["localhost"]
        try await withMCP(.answers(streams: false), rules: rules) { _, connection, _ in
            let tools = try await connection.listTools()
            #expect(tools.count == 1)
        }
        rules.hosts = ["elsewhere.example"]
        try await withMCP(.answers(streams: false), rules: rules) { fake, connection, _ in
            _ = await #expect(throws: ToolError.self) { try await connection.listTools() }
            #expect(fake.log.isEmpty)
        }
    }
}
