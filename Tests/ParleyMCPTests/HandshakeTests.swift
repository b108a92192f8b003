import ParleyHTTP
import ParleyJSON
import Testing

@testable import ParleyMCP

@Suite("MCP: first and last words")
struct HandshakeTests {
    @Test("Nothing is said before something is asked, and then the greeting comes first")
    func greets() throws {
        var talk = try Talk(headers: ["X-Key": "k"])
        #expect(talk.opened.isEmpty)
        talk.feed(.list(.init(1)))
        let request = try talk.last.request
        #expect(request.method == .post)
        #expect(request.url.description == "https://h.example/mcp")
        #expect(request.headers["X-Key"] == "k")
        #expect(request.headers[.accept] == "application/json, text/event-stream")
        #expect(request.headers["MCP-Protocol-Version"] == nil)
        #expect(try talk.message()["method"] == "initialize")
        #expect(try talk.message()["params"]?["protocolVersion"] == "2025-11-25")
        #expect(try talk.message()["params"]?["clientInfo"]?["name"] == "tests")
    }

    @Test("After the greeting the server is told, and what waits is sent, in the session")
    func goesOn() throws {
        var talk = try Talk()
        talk.feed(.call(.init(1), name: "t", arguments: ["a": 1]))
        talk.feed(.list(.init(2)))
        #expect(talk.opened.count == 1)
        try talk.succeed(#"{"protocolVersion":"2025-06-18"}"#, session: "s-1")
        #expect(try talk.message()["method"] == "notifications/initialized")
        #expect(try talk.message()["id"] == nil)
        #expect(talk.opened.count == 2)
        try talk.accept()
        #expect(talk.opened.count == 4)
        let request = try talk.last.request
        #expect(request.headers["Mcp-Session-Id"] == "s-1")
        #expect(request.headers["MCP-Protocol-Version"] == "2025-06-18")
        #expect(try talk.message(2)["params"] == ["name": "t", "arguments": ["a": 1]])
        #expect(try talk.message(3)["method"] == "tools/list")
    }

    @Test("Every version with a handshake is spoken", arguments: MCPVersion.allCases)
    func versions(version: MCPVersion) throws {
        var talk = try Talk()
        talk.feed(.list(.init(1)))
        try talk.shakeHands(version: version.rawValue)
        #expect(try talk.message()["method"] == "tools/list")
    }

    @Test(
        "A greeting that can't be understood fails what was asked",
        arguments: [
            #"{"protocolVersion":"2031-01-01"}"#, #"{"protocolVersion":7}"#, "{}",
        ]
    )
    func badGreeting(result: String) throws {
        var talk = try Talk()
        talk.feed(.list(.init(1)))
        talk.feed(.call(.init(2), name: "t", arguments: [:]))
        try talk.succeed(result)
        #expect(talk.failures.count == 2)
        #expect(talk.client.stage == .fresh)
    }

    @Test("A session id that no header can hold is a violation")
    func badSession() throws {
        var talk = try Talk()
        talk.feed(.list(.init(1)))
        try talk.succeed(#"{"protocolVersion":"2025-11-25"}"#, session: "a b")
        #expect(talk.failures.count == 1)
    }

    @Test("After a failed greeting, whoever asks next tries anew")
    func triesAnew() throws {
        var talk = try Talk()
        talk.feed(.list(.init(1)))
        talk.feed(.lost(try talk.last.id, MCPFailure(.http(code: 502), "gone")))
        #expect(talk.failures == [MCPFailure(.http(code: 502), "gone")])
        talk.feed(.list(.init(2)))
        try talk.shakeHands()
        #expect(try talk.message()["method"] == "tools/list")
    }

    @Test("A session that the server has forgotten is begun anew, once")
    func forgottenSession() throws {
        var talk = try Talk()
        talk.feed(.call(.init(1), name: "t", arguments: [:]))
        try talk.shakeHands(session: "old")
        try talk.answer("", status: 404)
        #expect(talk.failures.isEmpty)
        #expect(try talk.message()["method"] == "initialize")
        #expect(try talk.last.request.headers["Mcp-Session-Id"] == nil)
        try talk.shakeHands(session: "new")
        #expect(try talk.last.request.headers["Mcp-Session-Id"] == "new")
        try talk.answer("", status: 404)
        #expect(talk.failures == [.status(404)])
    }

    @Test("Two calls whose session is forgotten begin one new session")
    func forgottenTwice() throws {
        var talk = try Talk()
        talk.feed(.call(.init(1), name: "a", arguments: [:]))
        talk.feed(.call(.init(2), name: "b", arguments: [:]))
        try talk.shakeHands(session: "old")
        let calls = talk.opened.suffix(2).map(\.id)
        try talk.answer(calls[0], "", status: 404)
        try talk.answer(calls[1], "", status: 404)
        let methods = try (4..<talk.opened.count).map { try talk.message($0)["method"] }
        #expect(methods == ["initialize"])
        try talk.shakeHands(session: "new")
        #expect(try talk.message(-1)["params"]?["name"] == "b")
        #expect(try talk.message(-2)["params"]?["name"] == "a")
    }

    @Test("At the end the session is deleted, and what was asked is cancelled")
    func goodbye() throws {
        var talk = try Talk(headers: ["Authorization": "Bearer k"])
        talk.feed(.call(.init(1), name: "a", arguments: [:]))
        try talk.shakeHands(session: "s")
        talk.feed(.close)
        #expect(talk.failures == [.cancelled])
        let request = try talk.last.request
        #expect(request.method == .delete)
        #expect(request.headers["Mcp-Session-Id"] == "s")
        #expect(request.headers[.authorization] == "Bearer k")
        #expect(!talk.outputs.contains(.closed))
        try talk.begin(try talk.last.id, 405, type: nil)
        #expect(talk.outputs.contains(.closed))
        talk.feed(.list(.init(9)))
        #expect(talk.failures == [.cancelled])
    }

    @Test("Without a session there is nobody to say goodbye to")
    func noGoodbye() throws {
        var talk = try Talk()
        talk.feed(.close)
        #expect(talk.outputs == [.closed])
    }

    // MARK: The older transport

    @Test("A server of old says on its stream where to post, and answers there")
    func legacy() throws {
        var talk = try Talk(url: "https://h.example/sse", headers: ["X-Key": "k"])
        talk.feed(.list(.init(1)))
        try talk.answer("", status: 405)
        let stream = try talk.last
        #expect(stream.request.method == .get)
        #expect(stream.request.isStream)
        #expect(stream.request.headers["X-Key"] == "k")
        try talk.begin(stream.id, 200, type: "text/event-stream")
        try talk.event(stream.id, "event: endpoint\ndata: /messages?session=7\n\n")
        #expect(try talk.last.request.url.description == "https://h.example/messages?session=7")
        #expect(try talk.message()["method"] == "initialize")
        let greeting = try talk.message()["id"]?.description ?? ""
        try talk.accept()
        let result = #"{"protocolVersion":"2024-11-05"}"#
        try talk.event(
            stream.id,
            "data: {\"jsonrpc\":\"2.0\",\"id\":\(greeting),\"result\":\(result)}\n\n"
        )
        #expect(try talk.message()["method"] == "notifications/initialized")
        try talk.accept()
        #expect(try talk.message()["method"] == "tools/list")
        let question = try talk.message()["id"]?.description ?? ""
        try talk.accept()
        try talk.event(
            stream.id,
            "data: {\"jsonrpc\":\"2.0\",\"id\":\(question),\"result\":{\"tools\":[]}}\n\n"
        )
        #expect(talk.outputs.contains(.listed(.init(1), [])))
        talk.feed(.call(.init(2), name: "t", arguments: [:]))
        talk.feed(.end(stream.id))
        #expect(talk.failures.count == 1)
        #expect(talk.client.stage == .fresh)
    }

    @Test(
        "Secrets go to no other origin",
        arguments: ["https://evil.example/m", "//evil.example/m", "http://h.example/m", ""]
    )
    func legacyElsewhere(endpoint: String) throws {
        var talk = try Talk(url: "https://h.example/sse")
        talk.feed(.list(.init(1)))
        try talk.answer("", status: 404)
        let stream = try talk.last
        try talk.begin(stream.id, 200, type: "text/event-stream")
        try talk.event(stream.id, "event: endpoint\ndata: \(endpoint)\n\n")
        #expect(talk.opened.allSatisfy { $0.request.url.host == "h.example" })
        #expect(talk.failures.count == 1)
    }

    @Test("Where there is no stream either, the first refusal is what failed")
    func legacyInVain() throws {
        var talk = try Talk()
        talk.feed(.list(.init(1)))
        try talk.answer("", status: 404)
        try talk.begin(try talk.last.id, 405, type: nil)
        #expect(talk.failures == [.status(404)])
    }
}

extension Talk {
    mutating func event(_ id: MCPClient.ExchangeID, _ text: String) throws {
        feed(.body(id, Array(text.utf8)))
    }
}
