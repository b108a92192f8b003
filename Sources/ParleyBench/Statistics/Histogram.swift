internal import ParleyClient

/// Counts durations in buckets whose width grows with the value, so that any number of them takes
/// a fixed space.
///
/// Below 128 ns every nanosecond has its bucket; above, each power of two is cut in 64. A
/// percentile is the longest duration of its bucket: less than 1.6 % above the truth, never below
/// it, and exact where all of a bucket are the same. Minimum, maximum and sum are exact.
///
/// - Source: the idea of HdrHistogram (Gil Tene), "Recorded value ranges and precision".
package struct Histogram: Sendable, Equatable {
    /// How many durations were recorded.
    package private(set) var count = 0
    private var counts: [Int] = []
    /// The longest of each bucket.
    private var longest: [Int64] = []
    private var sum = 0.0
    private var smallest = Int64.max
    private var largest: Int64 = 0

    private static let exactCount: Int64 = 128
    private static let halfBits = 6

    /// Makes an empty histogram.
    package init() {}

    /// Counts a duration; one below zero counts as zero.
    package mutating func record(_ duration: Duration) {
        record(nanoseconds: duration.inNanoseconds)
    }

    /// Counts a duration in nanoseconds.
    package mutating func record(nanoseconds: Int64) {
        record(nanoseconds: nanoseconds, count: 1)
    }

    /// Counts a duration so many times; less than once is never.
    package mutating func record(_ duration: Duration, count: Int) {
        record(nanoseconds: duration.inNanoseconds, count: count)
    }

    private mutating func record(nanoseconds: Int64, count number: Int) {
        guard number > 0 else { return }
        let value = max(0, nanoseconds)
        let bucket = Self.bucket(of: value)
        reserve(bucket + 1)
        counts[bucket] += number
        longest[bucket] = max(longest[bucket], value)
        count += number
        sum += Double(value) * Double(number)
        smallest = min(smallest, value)
        largest = max(largest, value)
    }

    /// Adds what another one counted.
    package mutating func merge(_ other: Histogram) {
        reserve(other.counts.count)
        for (bucket, number) in other.counts.enumerated() {
            counts[bucket] += number
            longest[bucket] = max(longest[bucket], other.longest[bucket])
        }
        count += other.count
        sum += other.sum
        smallest = min(smallest, other.smallest)
        largest = max(largest, other.largest)
    }

    /// The shortest one; nil when nothing was recorded.
    package var minimum: Duration? { count == 0 ? nil : .nanoseconds(smallest) }

    /// The longest one; nil when nothing was recorded.
    package var maximum: Duration? { count == 0 ? nil : .nanoseconds(largest) }

    /// The mean; nil when nothing was recorded.
    package var mean: Duration? { count == 0 ? nil : .nanoseconds(Int64(sum / Double(count))) }

    /// The duration that this share of all don't exceed, by nearest rank.
    ///
    /// - Parameter share: 0 to 1, clamped.
    /// - Returns: Nil when nothing was recorded.
    package func percentile(_ share: Double) -> Duration? {
        guard count > 0 else { return nil }
        let rank = max(1, Int((min(max(share, 0), 1) * Double(count)).rounded(.up)))
        var seen = 0
        for (bucket, number) in counts.enumerated() {
            seen += number
            if seen >= rank { return .nanoseconds(longest[bucket]) }
        }
        return maximum
    }

    /// The share of durations up to each bucket that holds any: the points of a distribution curve.
    package var distribution: [(duration: Duration, share: Double)] {
        var seen = 0
        var points: [(Duration, Double)] = []
        for (bucket, number) in counts.enumerated() where number > 0 {
            seen += number
            points.append((.nanoseconds(longest[bucket]), Double(seen) / Double(count)))
        }
        return points
    }

    private static func bucket(of value: Int64) -> Int {
        guard value >= exactCount else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - halfBits
        let half = 1 << halfBits
        return Int(exactCount) + (shift - 1) * half + Int(value >> Int64(shift)) - half
    }

    /// Makes room for so many buckets.
    private mutating func reserve(_ bucketCount: Int) {
        let missing = bucketCount - counts.count
        guard missing > 0 else { return }
        counts.append(contentsOf: repeatElement(0, count: missing))
        longest.append(contentsOf: repeatElement(0, count: missing))
    }
}
