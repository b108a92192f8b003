/// Random numbers that follow from a seed, the same on every machine.
///
/// - Source: SplitMix64; Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
package struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Begins a sequence.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// That many random bytes.
    package mutating func bytes(count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Cuts a list into pieces of random lengths, empty ones too.
    package mutating func cut<Element>(_ elements: [Element], into most: Int) -> [[Element]] {
        var pieces: [[Element]] = []
        var rest = elements[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 0...most, using: &self))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
