internal import Synchronization

/// What a metric counts in; it becomes the suffix of the Prometheus name.
package enum MetricUnit: String, Sendable {
    /// Things: sessions, turns, requests.
    case count = ""
    /// Time; always seconds.
    case seconds
    /// Memory or traffic.
    case bytes
    /// A part of a whole, from 0 to 1.
    case ratio
}

/// One label of a series, from a closed set.
///
/// An enum names its set in the type; a configured name (a model, an engine) must come from a list
/// that the operator wrote. Never an id, and never a stranger's text.
package struct MetricLabel: Sendable, Hashable, Comparable {
    /// The dotted key.
    package let key: String
    /// The value.
    package let value: String

    /// A label whose values are the cases of an enum.
    package init<Value: CaseIterable & RawRepresentable>(_ key: String, _ value: Value)
    where Value.RawValue == String {
        self.key = key
        self.value = value.rawValue
    }

    /// A label whose values were configured.
    package init(_ key: String, configured value: String) {
        self.key = key
        self.value = value
    }

    package static func < (left: MetricLabel, right: MetricLabel) -> Bool {
        (left.key, left.value) < (right.key, right.value)
    }
}

/// A number that only grows.
///
/// Lock-free; used from any thread.
package final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    /// Adds `amount`; less than nothing counts as nothing.
    package func add(_ amount: Int = 1) {
        count.wrappingAdd(max(0, amount), ordering: .relaxed)
    }

    /// The sum so far.
    package var value: Int { count.load(ordering: .relaxed) }
}

/// A number that goes up and down.
///
/// Lock-free; used from any thread.
package final class Gauge: Sendable {
    private let bits = Atomic<UInt64>(0)

    /// Sets the value.
    package func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    /// Adds to the value; subtracts with a negative amount.
    package func add(_ amount: Double = 1) {
        var seen = bits.load(ordering: .relaxed)
        while true {
            let wanted = (Double(bitPattern: seen) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(
                expected: seen,
                desired: wanted,
                ordering: .relaxed
            )
            if exchanged { return }
            seen = original
        }
    }

    /// The value now.
    package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}

/// A distribution over fixed buckets.
///
/// Used from any thread; its lock is held for a few additions.
package final class Histogram: Sendable {
    /// Upper bounds for latencies in seconds, dense where a conversation is won or lost.
    ///
    /// Chosen: steps of at most 2.5 from 1 ms to 30 s, finer from 100 ms to 1 s.
    package static let latencyBounds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1,
        1.5, 2.5, 5, 10, 30,
    ]

    /// What was recorded so far.
    package struct Snapshot: Sendable, Equatable {
        /// Records in each bucket, the one above the last bound too; not cumulative.
        package var counts: [Int]
        /// The sum of all records.
        package var sum: Double

        /// How many records there are.
        package var count: Int { counts.reduce(0, +) }
    }

    /// The upper bounds of the buckets, ascending.
    package let bounds: [Double]
    private let state: Mutex<Snapshot>

    /// - Parameter bounds: Upper bounds in any order; not-a-number and infinity are left out.
    package init(bounds: [Double] = latencyBounds) {
        let sorted = Set(bounds.filter(\.isFinite)).sorted()
        self.bounds = sorted
        state = Mutex(Snapshot(counts: Array(repeating: 0, count: sorted.count + 1), sum: 0))
    }

    /// Records a value; not-a-number is left out.
    package func record(_ value: Double) {
        guard !value.isNaN else { return }
        // A dozen comparisons in order beat a binary search.
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Records a time, in seconds.
    package func record(_ duration: Duration) { record(duration.inSeconds) }

    /// What was recorded so far.
    package var snapshot: Snapshot { state.withLock { $0 } }
}
