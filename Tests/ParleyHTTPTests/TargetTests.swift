import ParleyHTTP
import ParleyTesting
import Testing

@Suite struct PercentEncodingTests {
    @Test(
        "Decoding gives the text or nothing",
        arguments: [
            ("", ""), ("abc", "abc"), ("%41%5a%5A", "AZZ"), ("a%20b+c", "a b+c"), ("%C3%A9", "é"),
            ("%2F%25", "/%"), ("%", nil), ("%4", nil), ("%4g", nil), ("%%41", nil), ("a%", nil),
            ("%FF", nil), ("%C3", nil), ("%ED%A0%80", nil), ("a%00b", nil),
        ] as [(String, String?)]
    )
    func decode(text: String, expected: String?) {
        #expect(PercentEncoding.decode(text) == expected)
    }

    @Test("Whatever is encoded decodes to itself and is plain")
    func roundTrip() {
        for scalar in (1..<0x900).compactMap(UnicodeScalar.init) {
            let encoded = PercentEncoding.encode(String(scalar))
            #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
            #expect(PercentEncoding.decode(encoded) == String(scalar))
        }
    }
}

@Suite struct QueryItemsTests {
    @Test("Items are read in order, names as often as they come")
    func order() {
        let query = QueryItems(parsing: "b=2&a=1&b=3&&flag&=x&c=d=e")
        #expect(query.items.map(\.name) == ["b", "a", "b", "flag", "", "c"])
        #expect(query.values("b") == ["2", "3"])
        #expect(query["b"] == "2")
        #expect(query["flag"]?.isEmpty == true)
        #expect(query["c"] == "d=e")
        #expect(query["none"] == nil)
    }

    @Test("Plus is a space, and what cannot be decoded stays")
    func lenient() {
        #expect(QueryItems(parsing: "a=x+y%2B")["a"] == "x y+")
        #expect(QueryItems(parsing: "a=100%")["a"] == "100%")
        #expect(QueryItems(parsing: "a=%zz%4")["a"] == "%zz%4")
        #expect(QueryItems(parsing: "a=%FF")["a"] == "\u{FFFD}")
    }

    @Test("Random items survive being encoded and read", arguments: 0..<100)
    func roundTrip(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var query = QueryItems()
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            let text = { (random: inout SplitMix) in
                String(
                    decoding: random.bytes(count: Int.random(in: 0...8, using: &random)),
                    as: UTF8.self
                )
            }
            query.add("n" + text(&random), text(&random))
        }
        #expect(QueryItems(parsing: query.encoded) == query, "seed \(seed)")
    }
}

@Suite struct URLPathTests {
    @Test(
        "Dot segments are resolved, and doubled slashes kept",
        arguments: [
            ("/", []), ("/a", ["a"]), ("/a/", ["a", ""]), ("//", ["", ""]),
            ("/a//b", ["a", "", "b"]),
            ("/a/./b", ["a", "b"]), ("/a/../b", ["b"]), ("/../../a", ["a"]), ("/a/..", []),
            ("/a/b/..", ["a", ""]), ("/a/.", ["a", ""]), ("/%2e%2E/a", ["a"]), ("/a/.%2e/b", ["b"]),
            ("/a%2Fb", ["a/b"]), ("/%C3%A9", ["é"]), ("/...", ["..."]), ("/.a", [".a"]),
        ] as [(String, [String])]
    )
    func segments(raw: String, segments: [String]) {
        #expect(URLPath(raw)?.segments == segments)
    }

    @Test("What is no path is none", arguments: ["", "a", "*", "/%", "/%zz", "/%00", "/%FF"])
    func refused(raw: String) {
        #expect(URLPath(raw) == nil)
    }

    @Test(
        "A file's path never leads out of its root",
        arguments: [
            ("/a/b.css", "a/b.css"), ("/a/../b.css", "b.css"), ("/", nil), ("/a/", nil),
            ("//a", nil),
            ("/..%2f..%2fetc/passwd", nil), ("/a%2Fb", nil), ("/a%5Cb", nil), ("/.git/config", nil),
            ("/..../x", nil), ("/%2e%2e/%2e%2e/x", "x"),
        ] as [(String, String?)]
    )
    func filePath(raw: String, expected: String?) {
        #expect(URLPath(raw)?.relativeFilePath == expected)
    }
}
