/// The samples since the last commit or clear, addressed by their position in the session.
///
/// Positions count everything ever appended and never go back. Forgetting from the front costs
/// nothing most of the time: the memory is reclaimed when enough has gathered.
struct InputAudioBuffer: Sendable {
    private var storage: [Int16] = []
    /// Forgotten samples at the front of the storage.
    private var skipped = 0
    /// Position of the first sample that is kept.
    private(set) var start = 0

    /// Forgotten samples that are worth a move of the rest: half a second.
    private static let reclaimCount = 12_000

    /// Position after the last sample.
    var end: Int { start + count }

    var count: Int { storage.count - skipped }

    mutating func append(_ samples: [Int16]) {
        storage.append(contentsOf: samples)
    }

    /// Forgets everything before a position; one outside of what is kept forgets nothing or all.
    mutating func forget(before position: Int) {
        let dropped = min(max(position - start, 0), count)
        skipped += dropped
        start += dropped
        // Less than half of it would be moved again and again, where much was said at once.
        guard skipped == storage.count || skipped >= max(Self.reclaimCount, storage.count / 2)
        else { return }
        storage.removeFirst(skipped)
        skipped = 0
    }

    /// The samples of a range, as far as they are kept.
    func samples(in range: Range<Int>) -> [Int16] {
        let kept = range.clamped(to: start..<end)
        let offset = skipped - start
        return Array(storage[(kept.lowerBound + offset)..<(kept.upperBound + offset)])
    }

    /// Takes out everything before a position.
    mutating func take(before position: Int) -> [Int16] {
        let taken = samples(in: start..<max(start, position))
        forget(before: position)
        return taken
    }

    /// Forgets everything; the memory of long speech is given back.
    mutating func clear() {
        start = end
        storage = []
        skipped = 0
    }
}
