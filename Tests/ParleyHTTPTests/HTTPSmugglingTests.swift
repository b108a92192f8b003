import ParleyHTTP
import Testing

/// What two servers may read differently is refused, however it arrives.
@Suite struct HTTPSmugglingTests {
    struct Attempt: CustomTestStringConvertible {
        let name: String
        let text: String
        var status = 400

        var testDescription: String { name }

        init(_ name: String, _ text: String, _ status: Int = 400) {
            self.name = name
            self.text = text
            self.status = status
        }

        /// A POST with these header lines.
        static func post(
            _ name: String,
            _ lines: String,
            body: String = "",
            _ status: Int = 400
        ) -> Self {
            Attempt(name, "POST / HTTP/1.1\r\nHost: h\r\n\(lines)\r\n\(body)", status)
        }
    }

    private static let framing: [Attempt] = [
        .post("length and coding", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n"),
        .post("coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n"),
        .post("two lengths that differ", "Content-Length: 1\r\nContent-Length: 2\r\n"),
        .post("two lengths alike", "Content-Length: 1\r\nContent-Length: 1\r\n"),
        .post("a list of lengths", "Content-Length: 1, 1\r\n"),
        .post("a signed length", "Content-Length: +1\r\n"),
        .post("a negative length", "Content-Length: -1\r\n"),
        .post("a hexadecimal length", "Content-Length: 0x1\r\n"),
        .post("an empty length", "Content-Length:\r\n"),
        .post("a length with a blank within", "Content-Length: 1 1\r\n"),
        .post("a length beyond 64 bits", "Content-Length: 99999999999999999999\r\n", 413),
        .post("another coding", "Transfer-Encoding: gzip\r\n", 501),
        .post("two codings", "Transfer-Encoding: gzip, chunked\r\n", 501),
        .post("chunked twice", "Transfer-Encoding: chunked, chunked\r\n", 501),
        .post("two coding lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
        .post("identity", "Transfer-Encoding: identity\r\n", 501),
        .post("a quoted coding", "Transfer-Encoding: \"chunked\"\r\n", 501),
        .post("a coding with a control", "Transfer-Encoding: \u{0B}chunked\r\n"),
        Attempt("a coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ]

    private static let lines: [Attempt] = [
        .post("a blank before the colon", "Content-Length : 1\r\n"),
        .post("a tab before the colon", "Transfer-Encoding\t: chunked\r\n"),
        .post("a folded line", "A: b\r\n c\r\n"),
        Attempt("a first line that is folded", "GET / HTTP/1.1\r\n Host: h\r\n\r\n"),
        .post("no colon", "Content-Length\r\n"),
        .post("no name", ": x\r\n"),
        .post("a name that is no token", "Content{Length}: 1\r\n"),
        .post("a name with a blank within", "Content Length: 1\r\n"),
        .post("a bare LF in a header", "A: b\nTransfer-Encoding: chunked\r\n"),
        .post("a bare CR in a value", "A: b\rTransfer-Encoding: chunked\r\n"),
        .post("CR CR LF", "A: b\r\r\n"),
        .post("NUL in a value", "A: b\0c\r\n"),
        .post("NUL in a name", "A\0: b\r\n"),
        .post("DEL in a value", "A: b\u{7F}\r\n"),
        Attempt("an end of head by LF only", "GET / HTTP/1.1\r\nHost: h\r\n\n"),
        Attempt("a bare LF behind the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n"),
    ]

    private static let starts: [Attempt] = [
        Attempt("two blanks", "GET  / HTTP/1.1\r\n\r\n"),
        Attempt("a leading blank", " GET / HTTP/1.1\r\n\r\n"),
        Attempt("a trailing blank", "GET / HTTP/1.1 \r\n\r\n"),
        Attempt("a tab", "GET\t/ HTTP/1.1\r\n\r\n"),
        Attempt("no version", "GET /\r\n\r\n"),
        Attempt("a version in lower case", "GET / http/1.1\r\n\r\n"),
        Attempt("a long version", "GET / HTTP/1.10\r\n\r\n"),
        Attempt("HTTP/2", "GET / HTTP/2.0\r\n\r\n", 505),
        Attempt("HTTP/0.9", "GET / HTTP/0.9\r\n\r\n", 505),
        Attempt("a method that is no token", "GE(T / HTTP/1.1\r\n\r\n"),
        Attempt("a TLS hello", "\u{16}\u{03}\u{01}"),
        Attempt("a relative target", "GET v1 HTTP/1.1\r\nHost: h\r\n\r\n"),
        Attempt("a fragment", "GET /#a HTTP/1.1\r\nHost: h\r\n\r\n"),
        Attempt("a target beyond ASCII", "GET /é HTTP/1.1\r\nHost: h\r\n\r\n"),
        Attempt("a control in the target", "GET /\u{01} HTTP/1.1\r\nHost: h\r\n\r\n"),
        Attempt("* for GET", "GET * HTTP/1.1\r\nHost: h\r\n\r\n"),
        Attempt("another scheme", "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n"),
        Attempt("user information", "GET http://a@h/ HTTP/1.1\r\nHost: h\r\n\r\n"),
        Attempt("CONNECT to a path", "CONNECT /x HTTP/1.1\r\nHost: h\r\n\r\n"),
        Attempt("no host", "GET / HTTP/1.1\r\n\r\n"),
        Attempt("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        Attempt("a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        Attempt("a host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        Attempt("a list of hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        Attempt("a port out of range", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
        Attempt("empty lines", "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
    ]

    private static let chunks: [Attempt] = [
        chunked("a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
        chunked("a signed size", "+5\r\nhello\r\n0\r\n\r\n"),
        chunked("no size", "\r\nhello\r\n0\r\n\r\n"),
        chunked("an extension without a size", ";a=b\r\n"),
        chunked("a blank before the size", " 5\r\nhello\r\n0\r\n\r\n"),
        chunked("text behind the size", "5 x\r\nhello\r\n0\r\n\r\n"),
        chunked("a size beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n", 413),
        chunked("a bare LF behind the size", "5\nhello\r\n0\r\n\r\n"),
        chunked("a bare CR in the extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
        chunked("a chunk that is longer than its size", "5\r\nhello!\r\n0\r\n\r\n"),
        chunked("a chunk that ends in LF", "5\r\nhello\n0\r\n\r\n"),
        chunked("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"),
        chunked("a trailer without a colon", "0\r\nA\r\n\r\n"),
    ]

    private static func chunked(_ name: String, _ body: String, _ status: Int = 400) -> Attempt {
        .post(name, "Transfer-Encoding: chunked\r\n", body: body, status)
    }

    @Test("A doubtful request is refused", arguments: framing + lines + starts + chunks)
    func refused(attempt: Attempt) {
        let whole = ParsedRequests(attempt.text)
        #expect(whole.failure?.status.code == attempt.status)
        #expect(whole.failure?.message.isEmpty == false)
        for size in [1, 2, 5] { #expect(ParsedRequests(attempt.text, cut: [size]) == whole) }
    }

    @Test("A bare CR is refused where it stands, without waiting for the line's end")
    func bareCarriageReturn() {
        let start = "GET / HTTP/1.1\r\nHost: h\r\nA: b\r"
        #expect(ParsedRequests(start).failure == nil)
        #expect(ParsedRequests(start + "c").failure?.message.contains("CR without LF") == true)
    }

    @Test("A folded line is told from a malformed name")
    func folded() {
        let parsed = ParsedRequests("GET / HTTP/1.1\r\nHost: h\r\n A: b\r\n\r\n")
        #expect(parsed.failure?.message.contains("folded") == true)
    }

    @Test("What looks like a request in a body stays in the body")
    func bodyIsOpaque() {
        let body = "0\r\n\r\nGET /admin HTTP/1.1\r\nHost: h\r\n\r\n"
        let parsed = ParsedRequests(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        #expect(parsed.messages.map(\.body) == [Array(body.utf8)])
    }
}
