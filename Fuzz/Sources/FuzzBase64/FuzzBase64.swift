import FuzzDriver
import ParleyJSON

/// Takes the input for base64 and for bytes to encode.
@main
enum FuzzBase64 {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    precondition(Base64.decode(bytes) == decodeSlowly(bytes), "The tables decode otherwise")
    let text = Base64.encode(bytes)
    precondition(
        text.count == Base64.encodedCount(of: bytes.count),
        "The text is of another length"
    )
    precondition(decodeSlowly(text) == bytes, "Encoded and decoded, the bytes differ")
}

/// Letter by letter, as RFC 4648 tells it.
private func decodeSlowly(_ text: [UInt8]) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let paddingCount = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    for (place, letter) in text.dropLast(paddingCount).enumerated() {
        guard let value = value(of: letter) else { return nil }
        bits = bits << 6 | value
        if place % 4 > 0 { bytes.append(UInt8(truncatingIfNeeded: bits >> (6 - 2 * (place % 4)))) }
    }
    return bytes
}

private func value(of letter: UInt8) -> UInt32? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
}
