import ParleyJSON
import Testing

@Suite("JSON objects")
struct JSONObjectTests {
    @Test("Members can be set, replaced and removed", arguments: [3, 16, 17, 40])
    func edits(count: Int) {
        var object = JSONObject((0..<count).map { ("key\($0)", JSON.integer($0)) })
        #expect(object.count == count)
        object["key1"] = "new"
        object["key0"] = nil
        object["absent"] = nil
        object["more"] = true
        #expect(object["key1"] == "new")
        #expect(object["key0"] == nil)
        #expect(object["key2"] == 2)
        #expect(object["more"] == true)
        #expect(object.members.first?.key == "key1")
        #expect(object.members.last?.key == "more")
        #expect(object.count == count)
    }

    @Test("Order doesn't count for equality and hash")
    func ignoresOrder() {
        let one: JSONObject = ["a": 1, "b": 2]
        let other: JSONObject = ["b": 2, "a": 1]
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != ["a": 1, "b": 3])
        #expect(one != ["a": 1, "c": 2])
        #expect(one != ["a": 1])
    }

    @Test("A hundred thousand members, each key twice, are read and found")
    func holdsManyMembers() throws {
        let keys = (0..<100_000).map { "k\($0)" }
        let text = "{" + (keys + keys).map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        var limits = JSON.Limits()
        limits.valueCount = 200_001
        let object = try #require(try JSON.parse(Array(text.utf8), limits: limits).object)
        #expect(object.count == keys.count)
        #expect(keys.allSatisfy { object[$0] == 1 })
        #expect(object == object)
    }

    @Test("Values are found by kind")
    func findsByKind() {
        let value: JSON = ["s": "x", "i": 20, "w": 20.0, "n": 1.5, "b": true, "z": .null, "a": [1]]
        #expect(value["s"]?.string == "x")
        #expect(value["i"]?.integer == 20)
        #expect(value["w"]?.integer == 20)
        #expect(value["n"]?.integer == nil)
        #expect(value["i"]?.number == 20)
        #expect(value["b"]?.bool == true)
        #expect(value["z"]?.isNull == true)
        #expect(value["a"]?[0] == 1)
        #expect(value["a"]?[1] == nil)
        #expect(value["a"]?["x"] == nil)
        #expect(value["q"] == nil)
    }
}
