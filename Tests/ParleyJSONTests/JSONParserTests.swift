import ParleyJSON
import Testing

@Suite("Reading JSON")
struct JSONParserTests {
    @Test(
        "Well-formed texts give their values",
        arguments: [
            ("null", .null), (" true ", true), ("\tfalse\r\n", false),
            ("0", 0), ("-0", 0), ("42", 42), ("-7", -7),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("0.5", 0.5), ("-1.5e2", -150.0), ("1E+2", 100.0), ("2e-1", 0.2), ("1.0", 1.0),
            ("-0.0", 0.0), ("-0e5", 0.0), ("1e-400", 0.0),
            ("9223372036854775808", 9_223_372_036_854_775_808.0),
            ("[]", []), ("[ ]", []), ("{}", [:]), ("{ }", [:]),
            ("[1, [2], {\"a\": 3}]", [1, [2], ["a": 3]]),
            ("{\"b\":1,\"a\":2}", ["b": 1, "a": 2]), ("{\"\":null}", ["": .null]),
            ("\"\"", ""), ("\"é𝄞\"", "é𝄞"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud834\uDD1E""#, "𝄞"), (#""\u0000""#, "\0"),
        ] as [(String, JSON)]
    )
    func accepts(text: String, value: JSON) throws {
        #expect(try JSON.parse(text) == value)
    }

    @Test(
        "Malformed texts are refused",
        arguments: [
            "", " ", "nul", "nullx", "True", "+1", "01", "-", "-a", "1.", ".5", "1e", "1e+", "0x1",
            "NaN", "Infinity", "1 2", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "]", "{", "{\"a\"",
            "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{1:1}", "{,}",
            "\"", "\"a", "'a'", #""\""#, #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud800\u12""#,
            "\"\n\"", "\"\u{1}\"", "1e400", "-1e400", "/*c*/1", "\u{FEFF}1", "\u{A0}1",
        ]
    )
    func refuses(text: String) {
        #expect(throws: JSONError.self) { try JSON.parse(text) }
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]]
            as [[UInt8]]
    )
    func refusesOtherBytes(bytes: [UInt8]) {
        let text = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
        #expect(throws: JSONError.self) { try JSON.parse(text) }
        #expect(throws: JSONError.self) { try JSON.parse(bytes) }
    }

    @Test(
        "Half a surrogate pair reads as the replacement character",
        arguments: [
            (#""\ud834""#, "\u{FFFD}"), (#""\udd1e""#, "\u{FFFD}"), (#""\ud834x""#, "\u{FFFD}x"),
            (#""\ud834\n""#, "\u{FFFD}\n"), (#""\ud834\u0041""#, "\u{FFFD}A"),
            (#""\ud834\ud834\udd1e""#, "\u{FFFD}𝄞"),
        ]
    )
    func replacesLoneSurrogates(text: String, value: String) throws {
        #expect(try JSON.parse(text) == .string(value))
    }

    @Test("Of a repeated key the last value counts, in the first one's place")
    func keepsLastOfRepeatedKeys() throws {
        let object = try #require(try JSON.parse(#"{"a":1,"b":2,"a":3}"#).object)
        #expect(object.members.map(\.key) == ["a", "b"])
        #expect(object["a"] == 3)
    }

    @Test("Two spellings of one letter are two keys")
    func comparesKeysByBytes() throws {
        let object = try #require(try JSON.parse("{\"\u{E9}\":1,\"e\u{301}\":2}").object)
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
    }

    @Test("Faults say where they are, what was found and what was expected")
    func describesFaults() {
        let error = #expect(throws: JSONError.self) { try JSON.parse("{\n  \"a\": }") }
        #expect(error == JSONError(offset: 9, line: 2, found: "\"}\"", expected: "a value"))
        #expect(error?.description == "line 2, byte 9: found \"}\", expected a value")
    }

    @Test("A text that ends early is found to end")
    func describesTheEnd() {
        let error = #expect(throws: JSONError.self) { try JSON.parse("[1") }
        #expect(error?.found == "the end")
    }

    @Test("Nesting is allowed up to the limit and refused beyond it")
    func limitsDepth() throws {
        let nested = { (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON.parse(nested(128))
        #expect(throws: JSONError.self) { try JSON.parse(nested(129)) }
        #expect(throws: JSONError.self) { try JSON.parse(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError.self) {
            try JSON.parse(String(repeating: "{\"a\":", count: 1_000_000))
        }
    }

    @Test("More values than the limit are refused")
    func limitsValues() throws {
        var limits = JSON.Limits()
        limits.valueCount = 4
        _ = try JSON.parse(Array("[1,2,3]".utf8), limits: limits)
        #expect(throws: JSONError.self) { try JSON.parse(Array("[1,2,3,4]".utf8), limits: limits) }
    }

    @Test("A message can't ask for more values than any real one has")
    func limitsValuesOfAnyText() throws {
        let zeros = { (count: Int) in "[" + String(repeating: "0,", count: count - 1) + "0]" }
        _ = try JSON.parse(zeros(49_999))
        let error = #expect(throws: JSONError.self) { try JSON.parse(zeros(50_000)) }
        #expect(error?.expected == "at most 50000 values")
    }

    @Test("Every hexadecimal digit of an escape counts, in either case")
    func readsHexadecimalDigits() throws {
        #expect(
            try JSON.parse(#""\u0041\u00e9\u00C9\uABCD\uabcd\u20AC""#) == "AéÉ\u{ABCD}\u{ABCD}€"
        )
        for digit in ["g", "G", "/", ":", "@", "`", " "] {
            #expect(throws: JSONError.self) { try JSON.parse("\"\\u004\(digit)\"") }
        }
    }

    @Test("A number longer than any meaning is refused")
    func limitsNumbers() throws {
        _ = try JSON.parse("0." + String(repeating: "1", count: 1_000))
        #expect(throws: JSONError.self) {
            try JSON.parse("0." + String(repeating: "1", count: 2_000))
        }
    }

    @Test("Every beginning of a text is refused, and none traps")
    func refusesBeginnings() throws {
        let text = Array(#"{"a":[1.5e3,true,null,"\u00e9\n€"],"b":{"c":-12}}"#.utf8)
        _ = try JSON.parse(text)
        for count in text.indices {
            #expect(throws: JSONError.self) { try JSON.parse(Array(text[..<count])) }
        }
    }
}
