import ParleyHTTP
import Testing

@Suite struct HTTPRequestParserTests {
    private static let stream = """
        POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello\
        POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n\
        4\r\nWiki\r\n6;name="v"\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-Sum: 1\r\n\r\n\
        \r\nHEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n
        """

    private func head(_ text: String) throws -> HTTPRequest {
        let parsed = ParsedRequests(text)
        #expect(parsed.failure == nil)
        return try #require(parsed.messages.first).head
    }

    @Test("A request without a body is a head and an end")
    func plainGet() throws {
        let parsed = ParsedRequests("GET /v1/models?limit=2 HTTP/1.1\r\nHost: parley:8080\r\n\r\n")
        let message = try #require(parsed.messages.first)
        #expect(message.head.method == .get)
        #expect(message.head.target.rawPath == "/v1/models")
        #expect(message.head.target.query["limit"] == "2")
        #expect(message.head.authority == "parley:8080")
        #expect(message.head.keepsAlive)
        #expect(message.body.isEmpty)
        #expect(message.trailers == [:])
        #expect(parsed.isIdle)
    }

    @Test("Pipelined requests are read one after the other")
    func pipelining() throws {
        let parsed = ParsedRequests(Self.stream)
        #expect(parsed.failure == nil)
        try #require(parsed.messages.map(\.head.method.name) == ["POST", "POST", "HEAD"])
        #expect(parsed.messages[0].body == Array("hello".utf8))
        #expect(parsed.messages[1].body == Array("Wikipedia in \r\n\r\nchunks.".utf8))
        #expect(parsed.messages[1].trailers == ["X-Sum": "1"])
        #expect(parsed.messages[2].head.keepsAlive)
        #expect(parsed.isIdle)
    }

    @Test("Any cut of a stream gives the same requests")
    func everyCut() {
        let whole = ParsedRequests(Self.stream)
        for first in 1..<Self.stream.utf8.count {
            #expect(ParsedRequests(Self.stream, cut: [first, .max]) == whole)
        }
        for size in 1...9 { #expect(ParsedRequests(Self.stream, cut: [size]) == whole) }
    }

    @Test("The head comes before the body has arrived, and the body piece by piece")
    func streams() throws {
        var parser = HTTPRequestParser()
        let start = Array("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab".utf8)
        var offset = 0
        guard case .head = try parser.next(start.span, at: &offset) else {
            Issue.record("no head")
            return
        }
        let body = start.count - 2..<start.count
        #expect(try parser.next(start.span, at: &offset) == .body(body))
        #expect(try parser.next(start.span, at: &offset) == nil)
        #expect(!parser.isIdle)
        let rest = Array("cdGET".utf8)
        offset = 0
        #expect(try parser.next(rest.span, at: &offset) == .body(0..<2))
        #expect(try parser.next(rest.span, at: &offset) == .end(trailers: [:]))
        #expect(offset == 2)
        #expect(parser.isIdle)
    }

    @Test("What follows an upgrade is left in the input")
    func upgrade() throws {
        var parser = HTTPRequestParser()
        let text = "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n"
        let bytes = Array(text.utf8) + [0x81, 0x80, 1, 2, 3, 4]
        var offset = 0
        _ = try parser.next(bytes.span, at: &offset)
        #expect(try parser.next(bytes.span, at: &offset) == .end(trailers: [:]))
        #expect(offset == text.utf8.count)
    }

    @Test(
        "Whether the connection stays open is told by version and Connection",
        arguments: [
            ("1.1", "", true), ("1.1", "Connection: close\r\n", false),
            ("1.1", "Connection: Foo, CLOSE\r\n", false), ("1.0", "", false),
            ("1.0", "Connection: Keep-Alive\r\n", true), ("1.9", "", true),
        ]
    )
    func keepAlive(version: String, header: String, keepsAlive: Bool) throws {
        let head = try head("GET / HTTP/\(version)\r\nHost: h\r\n\(header)\r\n")
        #expect(head.keepsAlive == keepsAlive)
    }

    @Test("A client waits for 100 Continue only with a body and in HTTP/1.1")
    func expectsContinue() throws {
        let header = "Host: h\r\nExpect: 100-Continue\r\n"
        #expect(
            try head("PUT / HTTP/1.1\r\n\(header)Content-Length: 1\r\n\r\n").expectsContinue
        )
        #expect(try !head("PUT / HTTP/1.1\r\n\(header)\r\n").expectsContinue)
        #expect(
            try !head("PUT / HTTP/1.0\r\n\(header)Content-Length: 1\r\n\r\n").expectsContinue
        )
    }

    @Test("A length of zero is no body, and chunked may be spelled in any case")
    func bodyLength() throws {
        let zero = try head("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 00\r\n\r\n")
        #expect(zero.bodyLength == .none)
        let chunked = try head("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n")
        #expect(chunked.bodyLength == .chunked)
    }

    @Test("An unknown expectation is refused with 417")
    func unknownExpectation() {
        let parsed = ParsedRequests("GET / HTTP/1.1\r\nHost: h\r\nExpect: coffee\r\n\r\n")
        #expect(parsed.failure?.status == .expectationFailed)
    }

    @Test("The host of an absolute target outranks the Host header")
    func absoluteTarget() throws {
        let head = try head("GET HTTP://Real.example:81?x=1 HTTP/1.1\r\nHost: other\r\n\r\n")
        #expect(head.authority == "Real.example:81")
        #expect(head.target.rawPath == "/")
        #expect(head.target.query["x"] == "1")
    }

    @Test("OPTIONS may ask about the server as a whole")
    func asterisk() throws {
        #expect(try head("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").target.rawPath == "*")
    }

    @Test("Header values keep their inner blanks and lose their outer ones")
    func values() throws {
        let head = try head("GET / HTTP/1.1\r\nHost:h\r\nA: \t b  c \t\r\nB:\r\nC: é\r\n\r\n")
        #expect(head.headers["a"] == "b  c")
        #expect(head.headers["b"]?.isEmpty == true)
        #expect(head.headers["c"] == "é")
    }

    @Test("The media type is given without parameters and in lower case")
    func mediaType() throws {
        let head = try head(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: Application/SDP ; charset=utf-8\r\n\r\n"
        )
        #expect(head.mediaType == "application/sdp")
    }

    @Test("The end of the connection is fine between requests and an error within one")
    func finish() throws {
        var parser = HTTPRequestParser()
        try parser.finish()
        var offset = 0
        let start = Array("GET / HT".utf8)
        _ = try parser.next(start.span, at: &offset)
        #expect(throws: HTTPFailure.self) { try parser.finish() }
    }

    @Test("After a failure every call fails the same way")
    func staysFailed() {
        var parser = HTTPRequestParser()
        let bytes = Array("GET\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        var offset = 0
        let first = #expect(throws: HTTPFailure.self) { try parser.next(bytes.span, at: &offset) }
        let second = #expect(throws: HTTPFailure.self) { try parser.next(bytes.span, at: &offset) }
        #expect(first == second)
    }
}
