import ParleyJSON
import ParleyTesting

/// Random values and damage.
extension SplitMix {
    mutating func json(depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: .null
        case 1: .bool(Bool.random(using: &self))
        case 2: .integer(Int(truncatingIfNeeded: next()))
        case 3: .number(finiteNumber())
        case 4, 5: .string(string())
        case 6: .array((0..<count()).map { _ in json(depth: depth - 1) })
        default: .object(JSONObject((0..<count()).map { _ in (string(), json(depth: depth - 1)) }))
        }
    }

    mutating func damage(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0...Int.random(in: 0..<3, using: &self) where !text.isEmpty {
            let place = Int.random(in: text.indices, using: &self)
            switch Int.random(in: 0..<4, using: &self) {
            case 0: text[place] = UInt8(truncatingIfNeeded: next())
            case 1: text.remove(at: place)
            case 2:
                text.insert(
                    Array("{}[]\",:\\u0e-.n".utf8).randomElement(using: &self) ?? 0,
                    at: place
                )
            default: text.removeSubrange(place...)
            }
        }
        return text
    }

    private mutating func count() -> Int { Int.random(in: 0..<25, using: &self) }

    private mutating func finiteNumber() -> Double {
        let number = Double(bitPattern: next())
        return number.isFinite && number != 0 ? number : 0.5
    }

    private mutating func string() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<8, using: &self) {
            let range: ClosedRange<UInt32> =
                [0...0x7F, 0...0x7F, 0x80...0xFFFF, 0x10000...0x10FFFF].randomElement(using: &self)
                ?? 0...0
            let value = UInt32.random(in: range, using: &self)
            text.unicodeScalars.append(Unicode.Scalar(value) ?? "\"")
        }
        return text
    }
}
