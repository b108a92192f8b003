import ParleyHTTP
import Testing

/// What a parser made of a server's answer, however it was cut.
struct ParsedResponse: Equatable {
    var head: HTTPResponse?
    var body: [UInt8] = []
    var isWhole = false
    var failure: HTTPFailure?

    init(_ text: String, cut sizes: [Int] = [Int.max], limits: HTTPLimits = HTTPLimits()) {
        self.init(Array(text.utf8), cut: sizes, limits: limits)
    }

    init(_ bytes: [UInt8], cut sizes: [Int] = [Int.max], limits: HTTPLimits = HTTPLimits()) {
        var parser = HTTPResponseParser(limits: limits)
        do throws(HTTPFailure) {
            for piece in bytes.pieces(sizes) { try feed(piece, to: &parser) }
            if try parser.finish() == .end { isWhole = true }
        } catch {
            failure = error
        }
    }

    private mutating func feed(
        _ piece: [UInt8],
        to parser: inout HTTPResponseParser
    ) throws(HTTPFailure) {
        var offset = 0
        while let event = try parser.next(piece.span, at: &offset) {
            switch event {
            case .head(let response): head = response
            case .body(let range): body += piece[range]
            case .end: isWhole = true
            }
        }
    }
}

@Suite struct HTTPResponseParserTests {
    @Test(
        "The body's framing is found as RFC 9112, section 6.3, says",
        arguments: [
            ("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nnoHTTP", "no"),
            ("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", "ab"),
            ("HTTP/1.0 200 OK\r\n\r\nup to the end", "up to the end"),
            ("HTTP/1.1 304 X\r\nContent-Length: 7\r\n\r\n", ""),
            ("HTTP/1.1 100 C\r\nA: b\r\n\r\nHTTP/1.1 204 N\r\n\r\n", ""),
        ]
    )
    func framing(text: String, body: String) {
        let whole = ParsedResponse(text)
        #expect(whole.failure == nil)
        #expect(whole.isWhole)
        #expect(whole.body == Array(body.utf8))
        for size in 1...5 { #expect(ParsedResponse(text, cut: [size]) == whole) }
    }

    @Test(
        "What is no response is refused",
        arguments: [
            "SSH-2.0-OpenSSH_9\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
            "HTTP/1.1 999 OK\r\n\r\n", "HTTP/1.1 200 OK\nA: b\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nshor", "HTTP/1.1 200 OK\r\n",
            String(repeating: "HTTP/1.1 100 C\r\n\r\n", count: 9),
        ]
    )
    func refused(text: String) {
        #expect(ParsedResponse(text).failure != nil)
    }

    @Test("A body up to the end of the connection is limited too")
    func limit() {
        var limits = HTTPLimits()
        limits.body = 4
        let head = "HTTP/1.1 200 OK\r\n\r\n"
        #expect(ParsedResponse(head + "1234", limits: limits).failure == nil)
        #expect(ParsedResponse(head + "12345", limits: limits).failure != nil)
    }
}
