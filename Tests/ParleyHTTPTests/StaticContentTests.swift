import ParleyHTTP
import Testing

@Suite struct StaticContentTests {
    private let content = StaticContent(tag: "v1", byteCount: 10, mediaType: "text/plain")

    private func answer(_ headers: HTTPHeaders, _ method: HTTPMethod = .get) -> StaticContent.Answer
    {
        content.answer(HTTPRequest(method, HTTPTarget("/x"), headers: headers))
    }

    @Test("The whole is sent with its tag")
    func whole() {
        let answer = answer([:])
        let expected: HTTPHeaders = [
            .eTag: "\"v1\"", .acceptRanges: "bytes", .contentType: "text/plain",
        ]
        #expect(answer.response == HTTPResponse(.ok, headers: expected))
        #expect(answer.range == 0..<10)
    }

    @Test(
        "What the client has already is not sent again",
        arguments: ["\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*"]
    )
    func notModified(tags: String) {
        let answer = answer([.ifNoneMatch: tags, .range: "bytes=0-1"])
        #expect(answer.response.status == .notModified)
        #expect(answer.response.headers[.eTag] == "\"v1\"")
        #expect(answer.range.isEmpty)
    }

    @Test("Other tags change nothing", arguments: ["\"v2\"", "v1", "", "\"v1"])
    func modified(tags: String) {
        #expect(answer([.ifNoneMatch: tags]).response.status == .ok)
    }

    @Test(
        "One range is sent as a part",
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=2-5", 2..<6), ("bytes=7-", 7..<10),
            ("bytes=0-99", 0..<10),
            ("bytes=-3", 7..<10), ("bytes=-99", 0..<10), ("BYTES = 1-2 ", 1..<3),
            ("bytes=9-99999999999999999999", 9..<10),
        ]
    )
    func part(header: String, range: Range<Int>) {
        let answer = answer([.range: header])
        #expect(answer.response.status == .partialContent)
        #expect(answer.range == range)
        let expected = "bytes \(range.lowerBound)-\(range.upperBound - 1)/10"
        #expect(answer.response.headers[.contentRange] == expected)
    }

    @Test(
        "A range behind the end cannot be satisfied",
        arguments: ["bytes=10-", "bytes=10-20", "bytes=99999999999999999999-", "bytes=-0"]
    )
    func unsatisfiable(header: String) {
        let answer = answer([.range: header])
        #expect(answer.response.status == .rangeNotSatisfiable)
        #expect(answer.response.headers[.contentRange] == "bytes */10")
        #expect(answer.range.isEmpty)
    }

    @Test(
        "Several ranges and senseless ones get the whole",
        arguments: [
            "bytes=0-1,3-4", "bytes=5-2", "bytes=-", "bytes=", "bytes", "items=0-1", "bytes=a-b",
            "bytes=1-2-3", "bytes=+1-2", "",
        ]
    )
    func ignored(header: String) {
        #expect(answer([.range: header]).range == 0..<10)
    }

    @Test("A part is sent only of the version the client has begun with")
    func ifRange() {
        let range: HTTPHeaders = [.range: "bytes=0-1"]
        func status(_ condition: String) -> Int {
            var headers = range
            headers.add(.ifRange, condition)
            return answer(headers).response.status.code
        }
        #expect(status("\"v1\"") == 206)
        #expect(status("W/\"v1\"") == 200)
        #expect(status("\"v2\"") == 200)
        #expect(status("Sun, 06 Nov 1994 08:49:37 GMT") == 200)
    }

    @Test("HEAD ignores ranges")
    func head() {
        #expect(answer([.range: "bytes=0-1"], .head).response.status == .ok)
    }

    @Test("Nothing can be a part of nothing")
    func empty() {
        let nothing = StaticContent(tag: "e", byteCount: 0, mediaType: "text/plain")
        for header in ["bytes=0-", "bytes=-1"] {
            let request = HTTPRequest(.get, HTTPTarget("/"), headers: [.range: header])
            #expect(nothing.answer(request).response.status == .rangeNotSatisfiable)
        }
    }

    @Test(
        "Media types go by extension, without case",
        arguments: [
            ("index.HTML", "text/html; charset=utf-8"),
            ("a.b.js", "text/javascript; charset=utf-8"),
            ("x.wav", "audio/wav"), ("none", "application/octet-stream"),
            (".css", "application/octet-stream"), ("a.", "application/octet-stream"),
        ]
    )
    func mediaTypes(name: String, type: String) {
        #expect(MediaType.forFile(named: name) == type)
    }

    @Test(
        "Dates are written as HTTP wants them",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (Int64.min, "Thu, 01 Jan 1970 00:00:00 GMT"), (.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] as [(Int64, String)]
    )
    func dates(seconds: Int64, text: String) {
        #expect(HTTPDate.format(unixSeconds: seconds) == text)
    }
}
