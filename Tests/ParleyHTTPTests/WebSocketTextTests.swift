import ParleyHTTP
import ParleyTesting
import Testing

@Suite struct WebSocketTextTests {
    private func stream(_ fragments: [[UInt8]]) -> [UInt8] {
        var out: [UInt8] = []
        for (index, fragment) in fragments.enumerated() {
            WebSocketFrame.write(
                index == 0 ? .text : .continuation,
                fragment,
                isFinal: index == fragments.count - 1,
                mask: WebSocketMask(0xA5_12_00_FF),
                into: &out
            )
        }
        return out
    }

    @Test("Text may be cut anywhere, also within characters")
    func cutAnywhere() {
        let text = Array("κόσμε €uro 🎙️ 漢字 \u{10FFFF}\u{0}\u{7FF}\u{800}\u{FFFF}".utf8)
        for first in 0...text.count {
            let fragments = [Array(text[..<first]), Array(text[first...])]
            for cut in [1, 7, Int.max] {
                let parsed = ParsedFrames(stream(fragments), cut: [cut])
                #expect(parsed.events == [.text(text)])
                #expect(parsed.failure == nil)
            }
        }
    }

    private static let notText: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF],  // stray and overlong
        [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],  // surrogates
        [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],  // beyond Unicode
        [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x8E],  // cut short
        [0xC3, 0x28], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xF0, 0x9F, 0x8E, 0x28],
    ]

    @Test("Text that is not UTF-8 ends the connection with 1007", arguments: notText)
    func invalid(bytes: [UInt8]) {
        let padded = Array(repeating: UInt8(ascii: "a"), count: 40) + bytes
        for text in [bytes, padded, padded + [0x61], bytes + padded] {
            for cut in [1, 3, Int.max] {
                let parsed = ParsedFrames(stream([text]), cut: [cut])
                #expect(parsed.events == [])
                #expect(parsed.failure == .invalidPayload)
                let fragments = text.pieces([1])
                #expect(ParsedFrames(stream(fragments), cut: [cut]).failure == .invalidPayload)
            }
        }
    }

    @Test("Invalid text fails at its first bad byte, before the message has ended")
    func failsFast() {
        let bytes = stream([Array("ab".utf8) + [0xED, 0xA0] + Array("never arrives".utf8)])
        let untilBad = Array(bytes[..<(6 + 4)])
        #expect(ParsedFrames(untilBad, cut: [1]).failure == .invalidPayload)
        #expect(ParsedFrames(Array(untilBad.dropLast()), cut: [1]).failure == nil)
    }

    @Test("Binary messages hold any bytes")
    func binary() {
        var out: [UInt8] = []
        let bytes = Array(0...UInt8.max)
        WebSocketFrame.write(.binary, bytes, mask: WebSocketMask(7), into: &out)
        #expect(ParsedFrames(out, cut: [9]).events == [.binary(bytes)])
    }

    @Test("The validator agrees with the standard library on random near-text", arguments: 0..<300)
    func agreesWithStandardLibrary(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let scalar = UnicodeScalar(UInt32.random(in: 0...0x10FFFF, using: &random)) ?? "a"
            bytes += Array(String(scalar).utf8)
        }
        if Bool.random(using: &random), let index = bytes.indices.randomElement(using: &random) {
            bytes[index] = UInt8.random(in: 0...255, using: &random)
        }
        var validator = UTF8Validator()
        let isAccepted = bytes.withUnsafeBytes { validator.accept($0) } && validator.isComplete
        #expect(isAccepted == (String(validating: bytes, as: UTF8.self) != nil), "seed \(seed)")
    }
}
