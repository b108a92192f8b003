extension JSONParser {
    /// Characters of one number, chosen: beyond it no number means more.
    private static let numberLength = 1_024

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    // MARK: Numbers

    mutating func number() throws(JSONError) -> JSON {
        let start = position
        guard let byte, Self.digits.contains(byte) || byte == UInt8(ascii: "-") else {
            throw fault("a value")
        }
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return try number(in: start..<position, isWhole: isWhole)
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte, Self.digits.contains(byte) { position += 1 }
        guard position > start else { throw fault("a digit") }
    }

    private func number(in range: Range<Int>, isWhole: Bool) throws(JSONError) -> JSON {
        guard range.count <= Self.numberLength else {
            throw fault(
                "a number of at most \(Self.numberLength) characters",
                found: "a longer one"
            )
        }
        let text = String(decoding: bytes[range], as: UTF8.self)
        if isWhole, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw fault("a number below 1.8e308", found: "a larger one")
        }
        // Negative zero is nothing that an outsider means.
        return .number(number == 0 ? 0 : number)
    }

    // MARK: Strings

    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        skipPlainBytes()
        switch byte {
        case UInt8(ascii: "\""):
            let text = try text(bytes[start..<position])
            position += 1
            return text
        case UInt8(ascii: "\\"): return try escapedString(Array(bytes[start..<position]))
        case nil: throw fault("the end of a string")
        case .some: throw fault("a character of a string or an escape")
        }
    }

    /// Steps over bytes that stand for themselves in a string, eight at a time.
    private mutating func skipPlainBytes() {
        position = bytes.withUnsafeBytes { bytes in
            var place = position
            while place &+ 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                guard !Self.hasSpecialByte(word) else { break }
                place &+= 8
            }
            while place < bytes.count, !Self.isSpecial(bytes[place]) { place &+= 1 }
            return place
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// One of eight bytes is special.
    private static func hasSpecialByte(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        // Borrows into the high bit of a byte that is below what is taken from it.
        let marks =
            ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
            | ((word &- ones &* 0x20) & ~word)
        return marks & (ones &<< 7) != 0
    }

    /// The rest of a string that has an escape at the position, after what was read of it.
    private mutating func escapedString(_ start: [UInt8]) throws(JSONError) -> String {
        var utf8 = start
        while byte == UInt8(ascii: "\\") {
            position += 1
            try escape(into: &utf8)
            let plain = position
            skipPlainBytes()
            if position > plain { utf8.append(contentsOf: bytes[plain..<position]) }
        }
        guard byte != nil else { throw fault("the end of a string") }
        guard byte == UInt8(ascii: "\"") else {
            throw fault("a character of a string or an escape")
        }
        let text = try text(utf8[...])
        position += 1
        return text
    }

    private func text(_ utf8: ArraySlice<UInt8>) throws(JSONError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else {
            throw fault("UTF-8", found: "a string of other bytes")
        }
        return text
    }

    private mutating func escape(into utf8: inout [UInt8]) throws(JSONError) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): utf8.append(bytes[position])
        case UInt8(ascii: "b"): utf8.append(0x08)
        case UInt8(ascii: "f"): utf8.append(0x0C)
        case UInt8(ascii: "n"): utf8.append(0x0A)
        case UInt8(ascii: "r"): utf8.append(0x0D)
        case UInt8(ascii: "t"): utf8.append(0x09)
        case UInt8(ascii: "u"):
            position += 1
            let scalar = try scalar()
            if scalar.isASCII {
                utf8.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                utf8.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
            return
        default: throw fault("an escape")
        }
        position += 1
    }

    /// The character of one `\u` escape, or of two that are a surrogate pair.
    private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let behind = position
        guard UTF16.isLeadSurrogate(unit), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            position = behind
            return "\u{FFFD}"
        }
        let low = try codeUnit()
        guard UTF16.isTrailSurrogate(low) else {
            position = behind
            return "\u{FFFD}"
        }
        let value = 0x10000 + ((UInt32(unit) & 0x3FF) << 10) + (UInt32(low) & 0x3FF)
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte, let digit = Self.hexadecimalValue(of: byte) else {
                throw fault("a hexadecimal digit")
            }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    private static func hexadecimalValue(of byte: UInt8) -> UInt16? {
        switch byte {
        case digits: UInt16(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }
}
