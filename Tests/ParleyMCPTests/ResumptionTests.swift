import ParleyHTTP
import ParleyJSON
import Testing

@testable import ParleyMCP

@Suite("MCP: answers that break off")
struct ResumptionTests {
    /// A talk with a call whose answer streams.
    private func streaming(
        configure: (inout MCPLimits) -> Void = { _ in }
    ) throws -> Talk {
        var talk = try Talk(headers: ["X-Key": "k"], configure: configure)
        talk.feed(.call(.init(1), name: "t", arguments: [:]))
        try talk.shakeHands(session: "s")
        try talk.begin(try talk.last.id, 200, type: "text/event-stream")
        return talk
    }

    private let answer = #"data: {"jsonrpc":"2.0","id":2,"result":{"content":[]}}"# + "\n\n"
    private let brokenOff = MCPFailure.brokenOff

    @Test("The rest is asked for behind the last event, after the pause that the server wants")
    func resumes() throws {
        var talk = try streaming()
        let call = try talk.last.id
        try talk.event(call, "id: e1\ndata:\n\nid: e2\nretry: 3000\ndata:\n\nid: e3\ndata: {")
        talk.feed(.end(call))
        #expect(talk.failures.isEmpty)
        let request = try talk.last.request
        #expect(request.method == .get && request.body == nil)
        #expect(request.url.description == "https://h.example/mcp")
        #expect(request.headers["Last-Event-ID"] == "e2")
        #expect(request.headers["Mcp-Session-Id"] == "s")
        #expect(request.headers["X-Key"] == "k")
        #expect(request.headers[.accept] == "text/event-stream")
        #expect(request.pause == .seconds(3))
        let rest = try talk.last.id
        try talk.begin(rest, 200, type: "text/event-stream")
        try talk.event(rest, answer)
        #expect(talk.outputs.contains(.called(.init(1), "")))
        #expect(talk.outputs.contains(.abandon(rest)))
    }

    @Test("A network that fails is as good a reason, and so is a rest that breaks off again")
    func resumesAgain() throws {
        var talk = try streaming()
        try talk.event(try talk.last.id, "id: e1\ndata:\n\n")
        talk.feed(.lost(try talk.last.id, MCPFailure(.http(code: 502), "reset")))
        #expect(try talk.last.request.headers["Last-Event-ID"] == "e1")
        #expect(try talk.last.request.pause == .milliseconds(500))
        try talk.begin(try talk.last.id, 200, type: "text/event-stream")
        talk.feed(.end(try talk.last.id))
        #expect(try talk.last.request.headers["Last-Event-ID"] == "e1")
        try talk.begin(try talk.last.id, 200, type: "text/event-stream")
        try talk.event(try talk.last.id, "id: e2\ndata:\n\n")
        talk.feed(.end(try talk.last.id))
        #expect(try talk.last.request.headers["Last-Event-ID"] == "e2")
    }

    @Test("Without the name of an event, or one that fits no header, there is no rest")
    func namesNothing() throws {
        for text in ["data:\n\n", "id: e1\ndata:\n\nid:\ndata:\n\n", "id: e\u{7}\ndata:\n\n", ""] {
            var talk = try streaming()
            try talk.event(try talk.last.id, text)
            talk.feed(.end(try talk.last.id))
            #expect(talk.failures == [brokenOff])
        }
    }

    @Test(
        "A server that has no rest has failed the call, which is not made again",
        arguments: [200, 202, 307, 404, 405, 500]
    )
    func refused(status: Int) throws {
        var talk = try streaming()
        try talk.event(try talk.last.id, "id: e1\ndata:\n\n")
        talk.feed(.end(try talk.last.id))
        let before = talk.opened.count
        try talk.begin(try talk.last.id, status, type: "text/html", [("Location", "/mcp/")])
        #expect(talk.failures == [brokenOff])
        #expect(talk.opened.count == before)
    }

    @Test("The rest is asked for so many times and no more")
    func comesToAnEnd() throws {
        var talk = try streaming { $0.resumptionCount = 3 }
        var count = 0
        while talk.failures.isEmpty, count < 10 {
            count += 1
            try talk.event(try talk.last.id, "id: e\(count)\nretry: 0\ndata:\n\n")
            talk.feed(.end(try talk.last.id))
            guard talk.failures.isEmpty else { break }
            #expect(try talk.last.request.pause == .milliseconds(500))
            try talk.begin(try talk.last.id, 200, type: "text/event-stream")
        }
        #expect(count == 4)
        #expect(talk.failures == [brokenOff])
    }

    @Test("A call that is cancelled meanwhile is over")
    func cancels() throws {
        var talk = try streaming()
        try talk.event(try talk.last.id, "id: e1\ndata:\n\n")
        talk.feed(.end(try talk.last.id))
        let rest = try talk.last.id
        talk.feed(.cancel(.init(1)))
        #expect(talk.outputs.first == .abandon(rest))
        #expect(try talk.message()["method"] == "notifications/cancelled")
    }
}
