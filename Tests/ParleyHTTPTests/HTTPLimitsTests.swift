import ParleyHTTP
import Testing

@Suite struct HTTPLimitsTests {
    private var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.requestLine = 40
        limits.headers = 100
        limits.headerCount = 5
        limits.chunkLine = 20
        limits.chunkExtensions = 30
        limits.trailers = 30
        limits.body = 50
        return limits
    }

    private func status(_ text: String) -> Int? {
        let whole = ParsedRequests(text, limits: limits)
        for size in [1, 3, 7] {
            #expect(ParsedRequests(text, cut: [size], limits: limits) == whole)
        }
        return whole.failure?.status.code
    }

    private func chunked(_ body: String) -> Int? {
        status("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
    }

    private func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    @Test("A request line may be as long as the limit and no longer")
    func requestLine() {
        // "GET " + target + " HTTP/1.1\r\n" is 15 bytes and the target.
        let header = " HTTP/1.1\r\nHost: h\r\n\r\n"
        #expect(status("GET /" + repeated("a", 24) + header) == nil)
        #expect(status("GET /" + repeated("a", 25) + header) == 414)
        #expect(status(repeated("A", 200)) == 414)
    }

    @Test("Header lines may together be as long as the limit and no longer")
    func headers() {
        // "Host: h\r\nA: \r\n\r\n" is 16 bytes.
        let start = "GET / HTTP/1.1\r\nHost: h\r\nA: "
        #expect(status(start + repeated("a", 84) + "\r\n\r\n") == nil)
        #expect(status(start + repeated("a", 85) + "\r\n\r\n") == 431)
        #expect(status(start + repeated("a", 200)) == 431)
    }

    @Test("There may be as many header lines as the limit and no more")
    func headerCount() {
        let start = "GET / HTTP/1.1\r\nHost: h\r\n"
        #expect(status(start + repeated("A: b\r\n", 4) + "\r\n") == nil)
        #expect(status(start + repeated("A: b\r\n", 5) + "\r\n") == 431)
    }

    @Test("A body may be as long as the limit and no longer")
    func body() {
        let start = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: "
        #expect(status(start + "50\r\n\r\n" + repeated("a", 50)) == nil)
        #expect(status(start + "51\r\n\r\n") == 413)
        #expect(chunked("32\r\n" + repeated("a", 50) + "\r\n0\r\n\r\n") == nil)
        #expect(chunked("30\r\n" + repeated("a", 48) + "\r\n3\r\n") == 413)
        #expect(chunked("FFFFFFFFFFFFFFF\r\n") == 413)
    }

    @Test("Chunk extensions are limited by line and over the whole body")
    func chunkExtensions() {
        #expect(chunked("1;" + repeated("e", 16) + "\r\na\r\n0\r\n\r\n") == nil)
        #expect(chunked("1;" + repeated("e", 17) + "\r\na\r\n0\r\n\r\n") == 400)
        #expect(chunked(repeated("1;ext=vvvv\r\na\r\n", 3) + "0\r\n\r\n") == nil)
        #expect(chunked(repeated("1;ext=vvvv\r\na\r\n", 4) + "0\r\n\r\n") == 400)
    }

    @Test("Trailers are limited")
    func trailers() {
        #expect(chunked("0\r\nA: " + repeated("a", 23) + "\r\n\r\n") == nil)
        #expect(chunked("0\r\nA: " + repeated("a", 24) + "\r\n\r\n") == 431)
    }
}
