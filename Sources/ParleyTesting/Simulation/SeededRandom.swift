/// Random numbers that follow from a seed, or from the bytes of a fuzzer, the same on every
/// machine.
///
/// No `RandomNumberGenerator`: the standard library draws again until it likes the number, for ever
/// where zeros follow.
package struct SeededRandom: Sendable {
    private enum Source: Sendable {
        case seed(SplitMix)
        case bytes(ArraySlice<UInt8>)
    }

    private var source: Source

    /// Begins an endless sequence.
    package init(seed: UInt64) {
        source = .seed(SplitMix(seed: seed))
    }

    /// Begins a sequence that is these bytes, two for each number, and then zeros.
    package init(bytes: [UInt8]) {
        source = .bytes(bytes[...])
    }

    /// Whether only zeros follow.
    package var isExhausted: Bool {
        switch source {
        case .seed: false
        case .bytes(let rest): rest.isEmpty
        }
    }

    /// The next number.
    package mutating func next() -> UInt64 {
        switch source {
        case .seed(var sequence):
            let number = sequence.next()
            source = .seed(sequence)
            return number
        case .bytes(var rest):
            let low = rest.popFirst() ?? 0
            let high = rest.popFirst() ?? 0
            source = .bytes(rest)
            return UInt64(high) << 8 | UInt64(low)
        }
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
