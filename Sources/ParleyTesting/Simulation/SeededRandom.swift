/// Random numbers that follow from a seed, the same on every machine.
///
/// - Source: SplitMix64; Steele, Lea, Flood (2014).
package struct SeededRandom: RandomNumberGenerator, Sendable {
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

    /// True once in so many times.
    package mutating func once(in count: Int) -> Bool {
        next() % UInt64(count) == 0
    }

    /// A number of a range.
    package mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// One of these; nil of none.
    package mutating func pick<Element>(
        _ elements: some RandomAccessCollection<Element>
    ) -> Element? {
        guard !elements.isEmpty else { return nil }
        let offset = Int(next() % UInt64(elements.count))
        return elements[elements.index(elements.startIndex, offsetBy: offset)]
    }
}
