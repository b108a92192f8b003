import Foundation
import ParleyJSON
import ParleyTesting
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "The examples of RFC 4648 hold in both directions",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
    )
    func examples(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == Array(text.utf8))
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test(
        "Text that is not base64 is refused",
        arguments: [
            "Z", "Zg", "Zg=", "Z===", "====", "=Zg=", "Zg==Zg==", "Zm9v\n", "Zm 9", "Zm9-", "Zm9_",
            "Zm9é",
            "Zm=v", "Zm9vZ", "\0\0\0\0",
        ]
    )
    func refuses(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("Every length and value agrees with Foundation", arguments: 0..<300)
    func agreesWithFoundation(count: Int) {
        var random = SplitMix(seed: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = Base64.encode(bytes)
        #expect(text == Array(Data(bytes).base64EncodedString().utf8))
        #expect(text.count == Base64.encodedCount(of: count))
        #expect(Base64.decode(text) == bytes)
    }

    @Test("A byte of no letter is refused wherever it stands", arguments: 0..<16)
    func refusesEverywhere(place: Int) {
        var text = Array("Zm9vYmFyZm9vYmE=".utf8)
        for byte in UInt8.min...UInt8.max {
            text[place] = byte
            let isLetter = Data(base64Encoded: Data(text)) != nil
            #expect((Base64.decode(text) != nil) == isLetter)
        }
    }

    @Test("Encoding appends to what is there")
    func appends() {
        var text = Array("<".utf8)
        Base64.encode([1, 2, 3, 4], into: &text)
        #expect(text == Array("<AQIDBA==".utf8))
    }
}
