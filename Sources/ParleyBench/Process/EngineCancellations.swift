internal import ParleyClient
internal import ParleyHTTP
internal import ParleyNetwork

/// How long engine calls lasted after they were cancelled, as the server itself counts it.
///
/// Read from the histogram `parley_engine_cancellation_seconds` of `/metrics`, by role.
struct EngineCancellations: Sendable, Equatable {
    /// The buckets of one role.
    struct Buckets: Sendable, Equatable {
        /// Calls that lasted at most so many seconds, by the bound; ascending, cumulative.
        var counts: [(bound: Double, count: Int)] = []

        static func == (left: Self, right: Self) -> Bool {
            left.counts.elementsEqual(right.counts) { $0 == $1 }
        }
    }

    /// By `engine_role`: `stt`, `llm`, `tts`.
    private(set) var roles: [String: Buckets] = [:]

    private static let series = "parley_engine_cancellation_seconds_bucket{"
    /// What a call counts as that lasted longer than the last bound.
    private static let beyond = Duration.seconds(60)
    /// Most of a page of metrics that is read.
    private static let pageLimit = 4 << 20

    /// Reads the page of a server; nil where there is none, as with servers of others.
    static func read(_ target: LoadTarget, on loop: EventLoop) async -> EngineCancellations? {
        var configuration = HTTPClientConfiguration()
        configuration.usesEnvironmentProxy = false
        guard let client = try? HTTPClient(on: loop, configuration: configuration) else {
            return nil
        }
        let page = try? await client.execute(target.request("/metrics"))
        let text: [UInt8]?
        if let page, page.status == .ok {
            text = try? await page.collect(limit: pageLimit)
        } else {
            text = nil
        }
        await client.close()
        return text.map { EngineCancellations(String(decoding: $0, as: UTF8.self)) }
    }

    /// Reads the Prometheus text; lines of other metrics, and broken ones, are passed over.
    init(_ text: String) {
        for line in text.split(separator: "\n") where line.hasPrefix(Self.series) {
            guard let end = line.lastIndex(of: "}"),
                let count = Int(line[line.index(after: end)...].drop { $0 == " " })
            else { continue }
            let labels = Self.labels(line[..<end].dropFirst(Self.series.count))
            guard let role = labels["engine_role"], let text = labels["le"],
                let bound = text == "+Inf" ? Double.infinity : Double(text)
            else { continue }
            roles[role, default: Buckets()].counts.append((bound, count))
        }
    }

    /// Values of labels in these texts hold no comma and no quotation mark.
    private static func labels(_ text: Substring) -> [String: String] {
        var labels: [String: String] = [:]
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            labels[String(parts[0])] = String(parts[1].filter { $0 != "\"" })
        }
        return labels
    }

    /// What came after an earlier reading, as a histogram for each role that has any.
    ///
    /// A call counts as the upper bound of its bucket: never below the truth.
    func since(_ earlier: EngineCancellations) -> [(role: String, histogram: Histogram)] {
        roles.sorted { $0.key < $1.key }.compactMap { role, buckets in
            var histogram = Histogram()
            var seen = 0
            for (place, bucket) in buckets.counts.enumerated() {
                let before = earlier.roles[role]?.counts ?? []
                let total = bucket.count - (place < before.count ? before[place].count : 0)
                let value = bucket.bound.isFinite ? Self.duration(bucket.bound) : Self.beyond
                histogram.record(value, count: total - seen)
                seen = total
            }
            return histogram.count > 0 ? (role, histogram) : nil
        }
    }

    private static func duration(_ seconds: Double) -> Duration {
        .nanoseconds(Int64((seconds * 1e9).rounded()))
    }
}
