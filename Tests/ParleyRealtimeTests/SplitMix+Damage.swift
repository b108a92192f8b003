import ParleyTesting

extension SplitMix {
    /// The text with one to three bytes changed, taken out or put in.
    mutating func damage(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...3, using: &self) where !text.isEmpty {
            let place = Int.random(in: text.indices, using: &self)
            let byte = Array("{}[]\",:\\u0A=/ né\u{1}".utf8).randomElement(using: &self) ?? 0
            switch Int.random(in: 0..<4, using: &self) {
            case 0: text[place] = byte
            case 1: text[place] = UInt8(truncatingIfNeeded: next())
            case 2: text.remove(at: place)
            default: text.insert(byte, at: place)
            }
        }
        return text
    }
}
