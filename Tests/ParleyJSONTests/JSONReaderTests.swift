import ParleyJSON
import Testing

private enum Colour: String, CaseIterable {
    case red, green
}

@Suite("Reading typed members")
struct JSONReaderTests {
    private static let value: JSON = [
        "item": [
            "content": [["text": "hi"], ["text": 5]], "count": 7, "ratio": 0.5, "off": .null,
        ],
        "flag": true, "colour": "green", "paint": "blue", "huge": 1e300,
    ]
    private let reader = JSONReader(Self.value)

    @Test("Members give their values")
    func reads() throws {
        #expect(try reader["item"]["content"].elements()[0]["text"].string() == "hi")
        #expect(try reader["item"]["count"].integer(in: 0...10) == 7)
        #expect(try reader["item"]["count"].number() == 7)
        #expect(try reader["item"]["ratio"].number(in: 0...1) == 0.5)
        #expect(try reader["flag"].boolean())
        #expect(try reader["colour"].choice(of: Colour.self) == .green)
        #expect(try reader["item"].object().count == 4)
    }

    @Test("Absent and null are told apart")
    func tellsAbsentFromNull() throws {
        #expect(reader["item"]["off"].isNull && !reader["item"]["off"].isAbsent)
        #expect(reader["item"]["gone"].isAbsent && !reader["item"]["gone"].isNull)
        #expect(reader["no"]["way"].isAbsent)
        #expect(try reader["item"]["off"].present?.string() == nil)
        #expect(try reader["item"]["gone"].present?.string() == nil)
    }

    private func problem(
        _ read: (JSONReader) throws(JSONReadError) -> some Any
    ) -> JSONReadError? {
        do throws(JSONReadError) {
            _ = try read(reader)
            return nil
        } catch {
            return error
        }
    }

    @Test("Errors carry the path, what was found and what was expected")
    func describesProblems() {
        #expect(
            problem { r throws(JSONReadError) in
                try r["item"]["content"].elements()[1]["text"].string()
            }?.description == "'item.content[1].text' is an integer: expected a string."
        )
        #expect(
            problem { r throws(JSONReadError) in try r["item"]["name"].string() }
                == JSONReadError("item.name", .missing(.string))
        )
        #expect(
            problem { r throws(JSONReadError) in try r["item"]["count"].integer(in: 8...9) }
                == JSONReadError("item.count", .belowMinimum(found: "7", minimum: "8"))
        )
        #expect(
            problem { r throws(JSONReadError) in try r["item"]["count"].integer(in: 1...6) }?
                .description
                == "'item.count' is 7: expected at most 6."
        )
        #expect(
            problem { r throws(JSONReadError) in try r["huge"].integer(in: 1...6) }
                == JSONReadError("huge", .aboveMaximum(found: "1e+300", maximum: "6"))
        )
        #expect(
            problem { r throws(JSONReadError) in try r["paint"].choice(of: Colour.self) }?
                .description
                == "'paint' is 'blue': expected one of 'red', 'green'."
        )
        #expect(
            problem { r throws(JSONReadError) in try r["paint"].string(maximumLength: 3) }
                == JSONReadError("paint", .tooLong(maximum: 3))
        )
        #expect(
            problem { r throws(JSONReadError) in try r["item"]["ratio"].integer() }
                == JSONReadError("item.ratio", .kind(found: .number, expected: .integer))
        )
        #expect(
            problem { r throws(JSONReadError) in try r["item"]["off"].string() }
                == JSONReadError("item.off", .kind(found: .null, expected: .string))
        )
    }

    @Test("The first member that is not known is named")
    func namesUnknownMembers() {
        #expect(
            problem { r throws(JSONReadError) in
                try r["item"].refuseMembers(otherThan: ["content", "count", "off"])
            } == JSONReadError("item.ratio", .unknownMember)
        )
    }
}
