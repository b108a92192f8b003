import ParleyJSON
import ParleyTesting
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test(
        "Values are written compactly",
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (-12, "-12"), (1.0, "1.0"),
            (0.1, "0.1"), (1e21, "1e+21"), (.number(.leastNonzeroMagnitude), "5e-324"),
            (.integer(.min), "-9223372036854775808"),
            ([], "[]"), ([:], "{}"), ([1, [2, []], ["a": .null]], #"[1,[2,[]],{"a":null}]"#),
            (["b": 1, "a": [true]], #"{"b":1,"a":[true]}"#), ("/é𝄞\u{7F}", "\"/é𝄞\u{7F}\""),
            ("\"\\\u{8}\t\n\u{c}\r\u{0}\u{1f}", #""\"\\\b\t\n\f\r\u0000\u001f""#),
            (["\"k\n": 1], #"{"\"k\n":1}"#),
        ] as [(JSON, String)]
    )
    func writes(value: JSON, text: String) throws {
        #expect(value.description == text)
        #expect(try JSON.parse(text) == value)
    }

    @Test("A number that JSON can't write is null", arguments: [Double.nan, .infinity, -.infinity])
    func writesNoSpecialNumbers(number: Double) {
        #expect(JSON.number(number).description == "null")
    }

    @Test("Members are written in order, nil as null")
    func writesMembers() {
        var writer = JSONWriter()
        writer.object {
            $0.member("type", "a")
            $0.member("none", String?.none)
            $0.member("list", [1, 2])
            $0.object("object") { $0.member("x", 1.5) }
            $0.array("array") {
                $0.value(true); $0.null(); $0.object { _ in }
            }
            $0.member("audio", base64: [0, 0, 0])
            $0.member(named: "ä\"", JSON.bool(false))
        }
        let text = String(decoding: writer.bytes, as: UTF8.self)
        let expected =
            #"{"type":"a","none":null,"list":[1,2],"object":{"x":1.5},"#
            + #""array":[true,null,{}],"audio":"AAAA","ä\"":false}"#
        #expect(text == expected)
    }

    @Test("What is written reads as the same value", arguments: 0..<200 as Range<UInt64>)
    func roundTrips(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let value = random.json(depth: 4)
        #expect(try JSON.parse(value.serialized()) == value)
    }

    @Test("Any damage to a text gives a value or an error", arguments: 0..<200 as Range<UInt64>)
    func survivesDamage(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let text = random.json(depth: 4).serialized()
        for _ in 0..<50 {
            let damaged = random.damage(text)
            guard let value = try? JSON.parse(damaged) else { continue }
            #expect(try JSON.parse(value.serialized()) == value)
        }
    }
}
