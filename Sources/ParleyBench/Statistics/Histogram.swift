internal import ParleyClient

/// Counts durations in buckets whose width grows with the value, so that any number of them takes
/// a fixed space.
///
/// Below 128 ns every nanosecond has its bucket; above, each power of two is cut in 64, so that a
/// percentile is less than 1.6 % above the truth and never below it. Minimum, maximum and sum are
/// exact.
///
/// - Source: the idea of HdrHistogram (Gil Tene), "Recorded value ranges and precision".
package struct Histogram: Sendable, Equatable {
    /// How many durations were recorded.
    package private(set) var count = 0
    private var counts: [Int] = []
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
        let value = max(0, nanoseconds)
        let bucket = Self.bucket(of: value)
        if bucket >= counts.count {
            counts.append(contentsOf: repeatElement(0, count: bucket + 1 - counts.count))
        }
        counts[bucket] += 1
        count += 1
        sum += Double(value)
        smallest = min(smallest, value)
        largest = max(largest, value)
    }

    /// Adds what another one counted.
    package mutating func merge(_ other: Histogram) {
        if other.counts.count > counts.count {
            counts.append(contentsOf: repeatElement(0, count: other.counts.count - counts.count))
        }
        for (bucket, number) in other.counts.enumerated() { counts[bucket] += number }
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
            if seen >= rank { return .nanoseconds(min(Self.upperBound(of: bucket), largest)) }
        }
        return maximum
    }

    /// The share of durations up to each bucket that holds any: the points of a distribution curve.
    package var distribution: [(duration: Duration, share: Double)] {
        var seen = 0
        var points: [(Duration, Double)] = []
        for (bucket, number) in counts.enumerated() where number > 0 {
            seen += number
            let value = min(Self.upperBound(of: bucket), largest)
            points.append((.nanoseconds(value), Double(seen) / Double(count)))
        }
        return points
    }

    private static func bucket(of value: Int64) -> Int {
        guard value >= exactCount else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - halfBits
        let half = 1 << halfBits
        return Int(exactCount) + (shift - 1) * half + Int(value >> Int64(shift)) - half
    }

    private static func upperBound(of bucket: Int) -> Int64 {
        guard bucket >= exactCount else { return Int64(bucket) }
        let half = 1 << halfBits
        let shift = (bucket - Int(exactCount)) / half + 1
        let step = Int64((bucket - Int(exactCount)) % half + half)
        // The last bucket ends at 2^63 - 1: the sum wraps on its way there.
        return ((step + 1) << Int64(shift)) &- 1
    }
}
