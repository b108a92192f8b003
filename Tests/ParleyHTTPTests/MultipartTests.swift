import ParleyHTTP
import ParleyTesting
import Testing

@Suite struct MultipartTests {
    /// What a parser made of a body, however it was cut.
    private struct Parsed: Equatable {
        var names: [String] = []
        var contents: [[UInt8]] = []
        var endedParts = 0
        var failure: HTTPFailure?
    }

    private func parse(
        _ body: String,
        boundary: String = "b",
        cut: Int = .max,
        limits: MultipartParser.Limits = MultipartParser.Limits()
    ) throws -> Parsed {
        let boundary = try #require(
            MultipartBoundary(contentType: "multipart/form-data; boundary=\"\(boundary)\"")
        )
        var parser = MultipartParser(boundary, limits: limits)
        var parsed = Parsed()
        do throws(HTTPFailure) {
            for piece in Array(body.utf8).pieces([cut]) { try feed(piece, &parser, &parsed) }
            try parser.finish()
        } catch {
            parsed.failure = error
        }
        return parsed
    }

    private func feed(
        _ piece: [UInt8],
        _ parser: inout MultipartParser,
        _ parsed: inout Parsed
    ) throws(HTTPFailure) {
        var offset = 0
        while let event = try parser.next(piece.span, at: &offset) {
            switch event {
            case .part(let part):
                parsed.names.append(part.name)
                parsed.contents.append([])
            case .content(let bytes): parsed.contents[parsed.contents.count - 1] += bytes
            case .partEnd: parsed.endedParts += 1
            case .end: break
            }
        }
    }

    private func part(_ name: String, _ content: String) -> String {
        "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(content)\r\n"
    }

    @Test(
        "Contents arrive untouched, whatever looks like a boundary in them",
        arguments: [
            "", "v=0\r\n", "\r\n", "\r", "\r\n-", "\r\n--", "\r\n--a", "-b", "x--b--",
            "\r\r\n--\r\n-",
            "\n--b\n", "\r\n--\r\n--", String(repeating: "\r\n--", count: 50),
        ]
    )
    func contents(content: String) throws {
        let body = part("a", content) + part("c", "2") + "--b--\r\n"
        let whole = try parse(body)
        #expect(whole.failure == nil)
        #expect(whole.names == ["a", "c"])
        #expect(whole.contents == [Array(content.utf8), Array("2".utf8)])
        #expect(whole.endedParts == 2)
        for cut in 1...9 { #expect(try parse(body, cut: cut) == whole) }
    }

    @Test("Preamble, padding and epilogue are skipped")
    func surroundings() throws {
        let rest = part("a", "1").split(separator: "\r\n", maxSplits: 1)[1]
        let body = "Hello\r\n--\r\n--b \t\r\n\(rest)--b-- \r\nbye --b\r\n"
        for cut in [1, 4, Int.max] {
            let parsed = try parse(body, cut: cut)
            #expect(parsed.failure == nil)
            #expect(parsed.contents == [Array("1".utf8)])
        }
    }

    @Test("A part may have no content and not even the line end before the boundary")
    func noContent() throws {
        let parsed = try parse(
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--"
        )
        #expect(parsed.failure == nil)
        #expect(parsed.contents == [[]])
    }

    @Test(
        "A malformed form is refused",
        arguments: [
            "", "no boundary", "--b", "--b\r\n", "--b-\r\n", "--b x\r\n", "--bx\r\n",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nabc",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nabc\r\n--b",
            "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
            "--b\nContent-Disposition: form-data; name=a\n\nx\n--b--",
            "--b\r\nno colon\r\n\r\nx\r\n--b--",
        ]
    )
    func refused(body: String) throws {
        let whole = try parse(body)
        #expect(whole.failure?.status == .badRequest)
        for cut in 1...4 { #expect(try parse(body, cut: cut) == whole) }
    }

    @Test("Parts and their headers are limited")
    func limits() throws {
        var limits = MultipartParser.Limits()
        limits.parts = 2
        limits.headers = 60
        let two = part("a", "") + part("b", "")
        #expect(try parse(two + "--b--", limits: limits).failure == nil)
        let three = try parse(two + part("c", "") + "--b--", limits: limits)
        #expect(three.failure?.status == .contentTooLarge)
        let long = try parse(
            "--b\r\nX: \(String(repeating: "x", count: 60))\r\n\r\n--b--",
            limits: limits
        )
        #expect(long.failure?.status == .headerTooLarge)
    }

    @Test(
        "The boundary is found in the content type",
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"),
            ("Multipart/Form-Data;charset=x; Boundary=\"a b\"", "a b"),
            ("multipart/form-data; boundary=----WebKitFormBoundaryX", "----WebKitFormBoundaryX"),
            ("multipart/form-data", nil), ("multipart/mixed; boundary=a", nil), ("text/plain", nil),
            ("multipart/form-data; boundary=", nil), ("multipart/form-data; boundary=\"a \"", nil),
            ("multipart/form-data; boundary=a\u{7F}", nil),
            ("multipart/form-data; boundary=\"ä\"", nil),
            ("multipart/form-data; boundary=" + String(repeating: "a", count: 71), nil),
        ] as [(String, String?)]
    )
    func boundary(contentType: String, expected: String?) {
        #expect(MultipartBoundary(contentType: contentType)?.text == expected)
    }

    @Test("A WebRTC call's form is read as a whole")
    func form() throws {
        let body = """
            --b\r\ncontent-disposition: form-data; name="sdp"; filename="blob"\r\n\
            content-type: application/SDP\r\n\r\nv=0\r\no=-\r\n\r\n\
            --b\r\nContent-Disposition: form-data; name="session"\r\n\r\n{}\r\n--b--\r\n
            """
        let form = try MultipartForm(
            Array(body.utf8),
            contentType: "multipart/form-data; boundary=b"
        )
        #expect(form["sdp"]?.text == "v=0\r\no=-\r\n")
        #expect(form["sdp"]?.part.mediaType == "application/sdp")
        #expect(form["sdp"]?.part.fileName == "blob")
        #expect(form["session"]?.part.mediaType == "text/plain")
        #expect(form["none"] == nil)
        let failure = #expect(throws: HTTPFailure.self) {
            try MultipartForm(Array(body.utf8), contentType: "application/json")
        }
        #expect(failure?.status == .unsupportedMediaType)
    }

    @Test("What is built is read again")
    func builder() throws {
        var builder = MultipartBuilder(MultipartBoundary(random: (1, .max)))
        builder.add("model", "whisper")
        builder.add("pro\"mpt", "a\r\nb: \u{1F399}")
        let audio = (0...255).map { UInt8($0) }
        builder.add("file", fileName: "a\r\n\".wav", mediaType: "audio/wav\r\nX: y", audio)
        let contentType = builder.contentType
        let form = try MultipartForm(builder.finish(), contentType: contentType)
        #expect(form.entries.count == 3)
        #expect(form["model"]?.text == "whisper")
        #expect(form["pro%22mpt"]?.text == "a\r\nb: \u{1F399}")
        #expect(form["file"]?.content == audio)
        #expect(form["file"]?.part.fileName == "a%0D%0A%22.wav")
        #expect(form["file"]?.part.headers["X"] == nil)
    }

    @Test("Random contents survive building and any cut", arguments: 0..<100)
    func roundTrip(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        var builder = MultipartBuilder(MultipartBoundary(random: (random.next(), random.next())))
        let contents = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            (0..<Int.random(in: 0...60, using: &random)).map { _ in
                Array("\r\n-parley".utf8).randomElement(using: &random) ?? 0
            }
        }
        for content in contents { builder.add("f", fileName: "x", mediaType: "a/b", content) }
        let type = builder.contentType
        let form = try MultipartForm(builder.finish(), contentType: type)
        #expect(form.entries.map(\.content) == contents, "seed \(seed)")
    }
}
