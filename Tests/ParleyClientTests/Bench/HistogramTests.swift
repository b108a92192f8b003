import ParleyBench
import ParleyClient
import Testing

@Suite("Histogram")
struct HistogramTests {
    @Test("An empty histogram has no percentiles")
    func empty() {
        let histogram = Histogram()
        #expect(histogram.percentile(0.5) == nil)
        #expect(histogram.mean == nil)
        #expect(histogram.minimum == nil)
        #expect(histogram.maximum == nil)
        #expect(histogram.distribution.isEmpty)
    }

    @Test("Small values are kept exactly")
    func small() {
        var histogram = Histogram()
        for value in 1...100 { histogram.record(nanoseconds: Int64(value)) }
        #expect(histogram.percentile(0.5) == .nanoseconds(50))
        #expect(histogram.percentile(0.95) == .nanoseconds(95))
        #expect(histogram.percentile(0) == .nanoseconds(1))
        #expect(histogram.percentile(1) == .nanoseconds(100))
        #expect(histogram.mean == .nanoseconds(50))
    }

    @Test(
        "A percentile is never below the truth and at most 1.6 % above",
        arguments: [
            0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1,
        ]
    )
    func precision(_ share: Double) throws {
        var histogram = Histogram()
        // 1 µs to 1 s, unevenly.
        let values = (1...10_000).map { Int64($0) * Int64($0) * 10 + 1_000 }
        for value in values { histogram.record(nanoseconds: value) }
        let truth = values[Int((share * Double(values.count)).rounded(.up)) - 1]
        let found = try #require(histogram.percentile(share)).inNanoseconds
        #expect(found >= truth)
        #expect(Double(found) <= Double(truth) * 1.016)
    }

    @Test("Every power of two and its neighbours fall in order")
    func order() {
        var last: Duration = .zero
        for bit in 0..<62 {
            for offset in [-1, 0, 1] as [Int64] {
                var histogram = Histogram()
                let value = max(0, (Int64(1) << Int64(bit)) + offset)
                histogram.record(nanoseconds: value)
                #expect(histogram.percentile(0.5) == .nanoseconds(value))
                last = max(last, .nanoseconds(value))
            }
        }
    }

    @Test("Negative durations count as zero and endless ones as the longest")
    func extremes() {
        var histogram = Histogram()
        histogram.record(.seconds(-5))
        histogram.record(.seconds(Int64.max))
        #expect(histogram.minimum == .zero)
        #expect(histogram.maximum == Duration.nanoseconds(Int64.max))
        #expect(histogram.percentile(1) == Duration.nanoseconds(Int64.max))
    }

    @Test("Merging gives what counting together gives")
    func merge() {
        var left = Histogram()
        var right = Histogram()
        var both = Histogram()
        for value in stride(from: Int64(0), to: 1_000_000, by: 777) {
            value % 2 == 0 ? left.record(nanoseconds: value) : right.record(nanoseconds: value * 9)
            both.record(nanoseconds: value % 2 == 0 ? value : value * 9)
        }
        left.merge(right)
        #expect(left == both)
        left.merge(Histogram())
        #expect(left == both)
    }

    @Test("The distribution climbs to one")
    func distribution() {
        var histogram = Histogram()
        for value in [5, 1, 3, 3, 900_000] as [Int64] { histogram.record(nanoseconds: value) }
        let points = histogram.distribution
        #expect(points.map(\.share) == [0.2, 0.6, 0.8, 1])
        #expect(points.last?.duration == .nanoseconds(900_000))
    }

    @Test("A duration that came many times is counted at once")
    func manyTimes() {
        var once = Histogram()
        for _ in 0..<3 { once.record(.milliseconds(7)) }
        var together = Histogram()
        together.record(.milliseconds(7), count: 3)
        together.record(.milliseconds(9), count: 0)
        together.record(.milliseconds(9), count: -1)
        #expect(together == once)
    }
}
