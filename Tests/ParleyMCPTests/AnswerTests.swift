import ParleyHTTP
import ParleyJSON
import Testing

@testable import ParleyMCP

@Suite("MCP: lists, calls and what servers answer")
struct AnswerTests {
    /// A talk whose handshake is over, with one call on its way.
    private func calling(
        session: String? = "s",
        configure: (inout MCPLimits) -> Void = { _ in }
    ) throws -> Talk {
        var talk = try Talk(configure: configure)
        talk.feed(.call(.init(1), name: "t", arguments: [:]))
        try talk.shakeHands(session: session)
        return talk
    }

    private func listing(configure: (inout MCPLimits) -> Void = { _ in }) throws -> Talk {
        var talk = try Talk(configure: configure)
        talk.feed(.list(.init(1)))
        try talk.shakeHands()
        return talk
    }

    // MARK: Lists

    @Test("A list comes page by page")
    func pages() throws {
        var talk = try listing()
        let schema = #"{"type":"object","properties":{"a":{"type":"string"}}}"#
        try talk.succeed(
            #"""
            {"tools":[{"name":"a","description":"A","inputSchema":\#(schema),
            "annotations":{"readOnlyHint":true}}],"nextCursor":"c2"}
            """#
        )
        #expect(try talk.message()["params"] == ["cursor": "c2"])
        try talk.succeed(#"{"tools":[{"name":"b","title":"B"},{"name":""},{"noName":1}]}"#)
        let tools = try #require(
            talk.outputs.compactMap { if case .listed(_, let tools) = $0 { tools } else { nil } }
                .first
        )
        #expect(tools.map(\.name) == ["a", "b"])
        #expect(tools[0].inputSchema["properties"]?["a"]?["type"] == "string")
        #expect(tools[0].annotations?["readOnlyHint"] == true)
        #expect(tools[1].description == "B")
        #expect(tools[1].inputSchema == ["type": "object"])
    }

    @Test("A list without end is a violation")
    func endlessList() throws {
        var talk = try listing { $0.pageCount = 3 }
        try talk.succeed(#"{"tools":[],"nextCursor":"a"}"#)
        try talk.succeed(#"{"tools":[],"nextCursor":"a"}"#)
        #expect(talk.failures.count == 1)
        var other = try listing { $0.pageCount = 3 }
        for cursor in ["a", "b", "c"] {
            try other.succeed(#"{"tools":[],"nextCursor":"\#(cursor)"}"#)
        }
        #expect(other.failures.count == 1)
        var large = try listing { $0.toolCount = 1 }
        try large.succeed(#"{"tools":[{"name":"a"},{"name":"b"}]}"#)
        #expect(large.failures.count == 1)
    }

    @Test("The pages of a list are bounded together")
    func largeList() throws {
        var talk = try listing { $0.listByteCount = 60 }
        try talk.succeed(#"{"tools":[{"name":"a","description":"Ten words."}],"nextCursor":"b"}"#)
        try talk.succeed(#"{"tools":[{"name":"c","description":"Ten words."}]}"#)
        #expect(talk.failures.count == 1)
    }

    // MARK: Results

    @Test(
        "A result of any kind becomes text",
        arguments: [
            (#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#, "a\nb"),
            (#"{"content":[],"structuredContent":{"sum":3}}"#, #"{"sum":3}"#),
            (#"{"content":[{"type":"text","text":"3"}],"structuredContent":{"sum":3}}"#, "3"),
            (
                #"{"content":[{"type":"image","mimeType":"image/png","data":"AAAA"}]}"#,
                "[image image/png, 1 kB]"
            ),
            (
                #"{"content":[{"type":"resource","resource":{"uri":"f:/a","text":"inside"}}]}"#,
                "inside"
            ),
            (
                #"""
                {"content":[{"type":"resource","resource":{"uri":"f:/a","blob":"AAAA",
                "mimeType":"x/y"}}]}
                """#,
                "[file x/y, f:/a, 1 kB]"
            ),
            (
                #"{"content":[{"type":"resource_link","uri":"f:/a","name":"A"}]}"#,
                "[link f:/a, A]"
            ),
            (#"{"content":[{"type":"smell"},7]}"#, "[smell]"), ("{}", ""),
        ]
    )
    func results(result: String, text: String) throws {
        var talk = try calling()
        try talk.succeed(result)
        #expect(talk.outputs.contains(.called(.init(1), text)))
    }

    @Test("A tool that says it failed has failed")
    func toolFailure() throws {
        var talk = try calling()
        try talk.succeed(#"{"content":[{"type":"text","text":"no file"}],"isError":true}"#)
        #expect(talk.failures == [MCPFailure(.toolExecution, "no file")])
    }

    @Test("An error of the protocol has its code and the server's words, cut short")
    func protocolError() throws {
        var talk = try calling { $0.errorLength = 5 }
        let id = try talk.message()["id"]?.description ?? ""
        let error = #"{"code":-32602,"message":"Unknown tool"}"#
        try talk.answer(#"{"jsonrpc":"2.0","id":\#(id),"error":\#(error)}"#)
        #expect(talk.failures == [MCPFailure(.protocolViolation(code: -32_602), "Unkno")])
    }

    @Test(
        "A status that is no success is told as such",
        arguments: [400, 401, 403, 429, 500, 503]
    )
    func statuses(status: Int) throws {
        var talk = try calling(session: nil)
        try talk.answer("{}", status: status)
        #expect(talk.failures == [.status(status)])
    }

    @Test("A status may come with an error of the protocol, which says more")
    func statusWithError() throws {
        var talk = try calling(session: nil)
        let error = #"{"code":-32600,"message":"Bad"}"#
        try talk.answer(#"{"jsonrpc":"2.0","id":null,"error":\#(error)}"#, status: 400)
        #expect(talk.failures == [MCPFailure(.protocolViolation(code: -32_600), "Bad")])
    }

    @Test(
        "What is no answer is a violation",
        arguments: ["", "null", "{", "[]", "{}", #"{"jsonrpc":"2.0","id":77,"result":{}}"#]
    )
    func noAnswers(body: String) throws {
        var talk = try calling()
        try talk.answer(body)
        #expect(talk.failures.count == 1)
    }

    @Test("A request that is accepted and not answered, or answered with a page, has failed")
    func noMessages() throws {
        var talk = try calling()
        try talk.begin(try talk.last.id, 202, type: nil)
        #expect(talk.failures.count == 1)
        var other = try calling()
        try other.begin(try other.last.id, 200, type: "text/html")
        #expect(other.failures.count == 1)
    }

    @Test("An answer larger than allowed is broken off")
    func largeAnswers() throws {
        var talk = try calling { $0.messageByteCount = 200 }
        try talk.begin(try talk.last.id, 200, type: "application/json")
        try talk.event(try talk.last.id, String(repeating: "1", count: 201))
        #expect(talk.failures.count == 1)
        #expect(talk.outputs.contains(.abandon(try talk.last.id)))
        var other = try calling { $0.messageByteCount = 200 }
        try other.begin(try other.last.id, 200, type: "text/event-stream")
        try other.event(try other.last.id, "data: \(String(repeating: "1", count: 201))\n\n")
        #expect(other.failures.count == 1)
    }

    // MARK: Streams

    @Test("A stream brings notifications and requests before the answer, which ends it")
    func stream() throws {
        var talk = try calling()
        let call = try talk.last.id
        let id = try talk.message()["id"]?.description ?? ""
        try talk.begin(call, 200, type: "text/event-stream")
        try talk.event(call, ": hello\nid: 1\ndata:\n\n")
        try talk.event(
            call,
            #"data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}"# + "\n\n"
        )
        try talk.event(call, #"data: {"jsonrpc":"2.0","id":"p","method":"ping"}"# + "\n\n")
        #expect(try talk.message() == ["jsonrpc": "2.0", "id": "p", "result": [:]])
        try talk.accept()
        try talk.event(call, #"data: {"jsonrpc":"2.0","id":5,"method":"roots/list"}"# + "\n\n")
        #expect(try talk.message()["error"]?["code"] == -32_601)
        try talk.event(
            call,
            "data: {\"jsonrpc\":\"2.0\",\"id\":\(id),\ndata: \"result\":{\"content\":[]}}\n\n"
        )
        #expect(talk.outputs.contains(.called(.init(1), "")))
        #expect(talk.outputs.contains(.abandon(call)))
    }

    @Test("A server that asks without end gets so many answers at once and no more")
    func manyRequests() throws {
        var talk = try calling { $0.replyCount = 2 }
        let call = try talk.last.id
        try talk.begin(call, 200, type: "text/event-stream")
        let before = talk.opened.count
        let ping = #"data: {"jsonrpc":"2.0","id":1,"method":"ping"}"# + "\n\n"
        try talk.event(call, String(repeating: ping, count: 9))
        #expect(talk.opened.count == before + 2)
    }

    @Test("A stream that ends before its answer has failed, and so has one of other words")
    func brokenStream() throws {
        var talk = try calling()
        try talk.begin(try talk.last.id, 200, type: "text/event-stream")
        talk.feed(.end(try talk.last.id))
        #expect(talk.failures.count == 1)
        var other = try calling()
        try other.begin(try other.last.id, 200, type: "text/event-stream")
        try other.event(try other.last.id, "data: hello\n\n")
        #expect(other.failures.count == 1)
    }

    @Test("Answers may come as a batch, and for several calls in any order")
    func batch() throws {
        var talk = try calling()
        talk.feed(.call(.init(2), name: "u", arguments: [:]))
        let second = try talk.message()["id"]?.description ?? ""
        let result = #"{"content":[{"type":"text","text":"2"}]}"#
        try talk.answer(#"[{"jsonrpc":"2.0","id":\#(second),"result":\#(result)}]"#)
        #expect(talk.outputs.contains(.called(.init(2), "2")))
        let first = talk.opened[talk.opened.count - 2]
        try talk.answer(first.id, #"{"jsonrpc":"2.0","id":2,"result":{}}"#)
        #expect(talk.outputs.contains(.called(.init(1), "")))
    }

    @Test("An exchange whose answer came in another one is broken off")
    func answeredElsewhere() throws {
        var talk = try calling()
        let call = try talk.last.id
        try talk.begin(call, 200, type: "application/json")
        talk.feed(.call(.init(2), name: "u", arguments: [:]))
        try talk.answer(#"[{"jsonrpc":"2.0","id":2,"result":{"content":[]}}]"#)
        #expect(talk.outputs.contains(.called(.init(1), "")))
        #expect(talk.outputs.contains(.abandon(call)))
    }

    // MARK: Cancelling and redirects

    @Test("Cancelling breaks the request off and tells the server")
    func cancels() throws {
        var talk = try calling()
        let call = try talk.last.id
        let id = try talk.message()["id"]
        talk.feed(.cancel(.init(1)))
        #expect(talk.outputs.first == .abandon(call))
        #expect(try talk.message()["method"] == "notifications/cancelled")
        #expect(try talk.message()["params"]?["requestId"] == id)
        // What comes of it all the same is stale.
        try talk.begin(call, 200, type: "application/json")
        #expect(talk.outputs.isEmpty)
    }

    @Test("What was cancelled before the handshake is over is never sent")
    func cancelsEarly() throws {
        var talk = try Talk()
        talk.feed(.call(.init(1), name: "t", arguments: [:]))
        talk.feed(.cancel(.init(1)))
        try talk.shakeHands()
        #expect(try talk.message()["method"] == "notifications/initialized")
    }

    @Test(
        "A redirect within the origin is followed, with all that was sent",
        arguments: ["/mcp/", "https://h.example/mcp/", "mcp/"]
    )
    func redirects(location: String) throws {
        var talk = try Talk(headers: ["Authorization": "Bearer k"])
        talk.feed(.list(.init(1)))
        try talk.begin(try talk.last.id, 307, type: nil, [("Location", location)])
        #expect(try talk.last.request.url.description == "https://h.example/mcp/")
        #expect(try talk.last.request.headers[.authorization] == "Bearer k")
        try talk.shakeHands()
        #expect(try talk.last.request.url.rawPath == "/mcp/")
    }

    @Test(
        "A redirect to anywhere else is not followed",
        arguments: [
            "https://evil.example/", "http://h.example/mcp", "https://h.example:1/", "//evil/", "",
        ]
    )
    func redirectsElsewhere(location: String) throws {
        var talk = try Talk()
        talk.feed(.list(.init(1)))
        try talk.begin(try talk.last.id, 308, type: nil, [("Location", location)])
        #expect(talk.failures == [.status(308)])
        #expect(talk.opened.count == 1)
    }

    @Test("Redirects in a circle come to an end")
    func redirectsForEver() throws {
        var talk = try Talk()
        talk.feed(.list(.init(1)))
        for _ in 0..<5 where talk.failures.isEmpty {
            try talk.begin(try talk.last.id, 307, type: nil, [("Location", "/mcp")])
        }
        #expect(talk.failures == [.status(307)])
    }
}
