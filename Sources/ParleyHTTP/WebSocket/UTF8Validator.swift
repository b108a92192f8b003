/// Checks UTF-8 piece by piece, and says no at the first byte that cannot belong to it.
///
/// - Source: RFC 3629, section 4; the ranges of second bytes in Unicode 15, table 3-7.
package struct UTF8Validator: Sendable {
    /// Continuation bytes the last character still lacks.
    private var missing = 0
    /// What the next continuation byte may be; narrower behind E0, ED, F0 and F4.
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    package init() {}

    /// Whether the text so far ends at a character's end.
    package var isComplete: Bool { missing == 0 }

    /// Takes the next piece.
    ///
    /// - Returns: Whether the text can still become valid. After false the validator is of no use.
    package mutating func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count {
            if missing == 0 {
                index = Self.endOfASCII(bytes, from: index)
                guard index < bytes.count else { return true }
            }
            guard accept(bytes[index]) else { return false }
            index += 1
        }
        return true
    }

    private mutating func accept(_ byte: UInt8) -> Bool {
        if missing > 0 {
            guard allowed.contains(byte) else { return false }
            missing -= 1
            allowed = 0x80...0xBF
            return true
        }
        switch byte {
        case 0x00...0x7F: missing = 0
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, allowed) = (2, 0xA0...0xBF)
        case 0xED: (missing, allowed) = (2, 0x80...0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, allowed) = (3, 0x90...0xBF)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, allowed) = (3, 0x80...0x8F)
        default: return false
        }
        return true
    }

    /// The index of the first byte beyond ASCII; 32 bytes a step, since nearly all events are
    /// ASCII.
    private static func endOfASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard let base = bytes.baseAddress else { return start }
        let high: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while index &+ 32 <= bytes.count {
            let at = base + index
            let all =
                at.loadUnaligned(as: UInt64.self)
                | (at + 8).loadUnaligned(as: UInt64.self)
                | (at + 16).loadUnaligned(as: UInt64.self)
                | (at + 24).loadUnaligned(as: UInt64.self)
            guard all & high == 0 else { break }
            index &+= 32
        }
        while index < bytes.count, bytes[index] < 0x80 { index &+= 1 }
        return index
    }
}
