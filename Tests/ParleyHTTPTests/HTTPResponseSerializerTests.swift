import ParleyHTTP
import Testing

@Suite struct HTTPResponseSerializerTests {
    private let get = HTTPRequest(.get, HTTPTarget("/"))

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("A body of known length is announced")
    func fixed() {
        var serializer = HTTPResponseSerializer(answering: get)
        var out: [UInt8] = []
        let response = HTTPResponse(.created, headers: [.contentType: "application/sdp"])
        serializer.respond(response, body: "v=0".utf8, into: &out)
        let expected = """
            HTTP/1.1 201 Created\r\nContent-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0
            """
        #expect(text(out) == expected)
        #expect(serializer.keepsAlive)
    }

    @Test("A body of unknown length goes out in chunks, with trailers")
    func chunked() {
        var serializer = HTTPResponseSerializer(answering: get)
        var out: [UInt8] = []
        serializer.head(HTTPResponse(.ok), body: .chunked, into: &out)
        serializer.body([UInt8](repeating: 97, count: 17), into: &out)
        serializer.body([], into: &out)
        serializer.body("b".utf8, into: &out)
        serializer.end(trailers: ["X-Sum": "1", .contentLength: "9"], into: &out)
        let expected = """
            HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
            11\r\naaaaaaaaaaaaaaaaa\r\n1\r\nb\r\n0\r\nX-Sum: 1\r\n\r\n
            """
        #expect(text(out) == expected)
        #expect(serializer.keepsAlive)
    }

    @Test("A client of HTTP/1.0 gets no chunks: the end of the connection ends the body")
    func http10() {
        let request = HTTPRequest(
            .get,
            HTTPTarget("/"),
            headers: [.connection: "keep-alive"],
            version: .http10
        )
        var serializer = HTTPResponseSerializer(answering: request)
        var out: [UInt8] = []
        serializer.head(HTTPResponse(.ok), body: .chunked, into: &out)
        serializer.body("ab".utf8, into: &out)
        serializer.end(into: &out)
        #expect(text(out) == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab")
        #expect(!serializer.keepsAlive)
        var second = HTTPResponseSerializer(answering: request)
        out = []
        second.respond(HTTPResponse(.ok), body: [], into: &out)
        #expect(
            text(out) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"
        )
    }

    @Test("HEAD gets the length and no body", arguments: [HTTPBodyLength.fixed(3), .chunked])
    func head(length: HTTPBodyLength) {
        var serializer = HTTPResponseSerializer(answering: HTTPRequest(.head, HTTPTarget("/")))
        var out: [UInt8] = []
        serializer.head(HTTPResponse(.ok), body: length, into: &out)
        let count = out.count
        serializer.body("abc".utf8, into: &out)
        serializer.end(into: &out)
        #expect(out.count == count)
        #expect(serializer.keepsAlive)
        #expect(text(out).contains(length == .chunked ? "chunked" : "Content-Length: 3"))
    }

    @Test("204 and 304 have neither length nor body", arguments: [204, 304])
    func bodiless(code: Int) {
        var serializer = HTTPResponseSerializer(answering: get)
        var out: [UInt8] = []
        serializer.respond(HTTPResponse(HTTPStatus(code)), body: "x".utf8, into: &out)
        #expect(text(out) == "HTTP/1.1 \(HTTPStatus(code))\r\n\r\n")
    }

    @Test("Framing headers of the response are replaced by true ones")
    func framing() {
        var serializer = HTTPResponseSerializer(answering: get)
        var out: [UInt8] = []
        let headers: HTTPHeaders = [
            .contentLength: "99", .transferEncoding: "gzip", .connection: "x", "A": "b",
        ]
        serializer.respond(HTTPResponse(.ok, headers: headers), body: "x".utf8, into: &out)
        #expect(text(out) == "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 1\r\n\r\nx")
    }

    @Test("A body longer than announced is cut, and the connection closes")
    func tooLong() {
        var serializer = HTTPResponseSerializer(answering: get)
        var out: [UInt8] = []
        serializer.head(HTTPResponse(.ok), body: .fixed(2), into: &out)
        serializer.body("abc".utf8, into: &out)
        serializer.body("d".utf8, into: &out)
        serializer.end(into: &out)
        #expect(text(out).hasSuffix("\r\n\r\nab"))
        #expect(!serializer.keepsAlive)
    }

    @Test("A body shorter than announced closes the connection")
    func tooShort() {
        var serializer = HTTPResponseSerializer(answering: get)
        var out: [UInt8] = []
        serializer.head(HTTPResponse(.ok), body: .fixed(2), into: &out)
        serializer.body("a".utf8, into: &out)
        serializer.end(into: &out)
        #expect(!serializer.keepsAlive)
    }

    @Test("The connection closes if server or client want it, or no request was read")
    func closes() {
        var out: [UInt8] = []
        var draining = HTTPResponseSerializer(answering: get, closes: true)
        draining.respond(HTTPResponse(.ok), body: [], into: &out)
        #expect(text(out).contains("\r\nConnection: close\r\n"))
        let last = HTTPRequest(.get, HTTPTarget("/"), headers: [.connection: "close"])
        #expect(!HTTPResponseSerializer(answering: last).keepsAlive)
        #expect(!HTTPResponseSerializer(answering: nil).keepsAlive)
    }

    @Test("100 Continue is a head and nothing else")
    func interim() {
        var out: [UInt8] = []
        HTTPResponseSerializer.interim(HTTPResponse(.continue), into: &out)
        #expect(text(out) == "HTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test("A status out of range becomes 500")
    func status() {
        #expect(HTTPStatus(99).code == 500)
        #expect(HTTPStatus(600).code == 500)
        #expect(HTTPStatus(418).reason == "Client Error")
    }
}
