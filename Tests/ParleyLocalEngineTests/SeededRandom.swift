/// Numbers that are the same in every run with one seed.
///
/// - Source: SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    mutating func bytes(count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Cuts a list into pieces of random lengths, empty ones too.
    mutating func cut<Element>(_ elements: [Element], into most: Int) -> [[Element]] {
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
