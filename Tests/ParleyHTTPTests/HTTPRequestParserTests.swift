import ParleyHTTP
import Testing

@Suite struct HTTPRequestParserTests {
    @Test("A request without a body is a head and an end")
    func plainGet() throws {
        let parsed = ParsedRequests("GET /v1/models?limit=2 HTTP/1.1\r\nHost: parley:8080\r\n\r\n")
        let message = try #require(parsed.messages.first)
        #expect(message.head.method == .get)
        #expect(message.head.target.rawPath == "/v1/models")
        #expect(message.head.target.query["limit"] == "2")
        #expect(message.head.authority == "parley:8080")
        #expect(message.head.keepsAlive)
        #expect(message.trailers == [:])
        #expect(parsed.isIdle)
    }

    private static let stream = """
        POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello\
        POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n\
        4\r\nWiki\r\n6;name="v"\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-Sum: 1\r\n\r\n\
        \r\nHEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n
        """

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
}
