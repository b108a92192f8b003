internal import Synchronization

/// All metrics of a process, by their OpenTelemetry names.
///
///     let latency = metrics.histogram(
///         "parley.turn.latency", unit: .seconds, help: "End of speech to first audio.")
///     latency.record(.milliseconds(230))
///
/// Asking again for the same name and labels gives the same instrument: fetch instruments once, use
/// them from any thread. A name says no unit and no `total`; both come with the Prometheus text.
package final class MetricsRegistry: Sendable {
    enum Instrument: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case observed(@Sendable () -> Double)
        case histogram(Histogram)

        var type: String {
            switch self {
            case .counter: "counter"
            case .gauge, .observed: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    struct Family: Sendable {
        let name: String
        let unit: MetricUnit
        let help: String
        let type: String
        var series: [[MetricLabel]: Instrument]
    }

    /// Series that one name may have; the rest is counted together, labelled as OpenTelemetry does.
    ///
    /// Chosen: far above any closed set, far below what hurts a Prometheus server.
    static let seriesLimit = 500
    private static let overflow = [
        MetricLabel("otel.metric.overflow", configured: "true")
    ]

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    /// The counter of that name and labels.
    package func counter(
        _ name: String,
        unit: MetricUnit = .count,
        help: String,
        _ labels: [MetricLabel] = []
    ) -> Counter {
        let fresh = Counter()
        let found = find(name, unit, help, labels, .counter(fresh))
        if case .counter(let counter) = found { return counter }
        return fresh
    }

    /// The gauge of that name and labels.
    package func gauge(
        _ name: String,
        unit: MetricUnit = .count,
        help: String,
        _ labels: [MetricLabel] = []
    ) -> Gauge {
        let fresh = Gauge()
        let found = find(name, unit, help, labels, .gauge(fresh))
        if case .gauge(let gauge) = found { return gauge }
        return fresh
    }

    /// Shows what `value` says at the time of each reading; it must be quick and never block.
    ///
    /// What is observed under a name and labels already stays; a second observer of them would go
    /// unseen, which debug builds trap.
    package func observe(
        _ name: String,
        unit: MetricUnit = .count,
        help: String,
        _ labels: [MetricLabel] = [],
        value: @escaping @Sendable () -> Double
    ) {
        let isNew = families.withLock { $0[name]?.series[labels.sorted()] == nil }
        assert(isNew, "metric \(name) is observed twice with the same labels")
        _ = find(name, unit, help, labels, .observed(value))
    }

    /// The histogram of that name and labels; the bounds of the first call are kept.
    package func histogram(
        _ name: String,
        unit: MetricUnit = .seconds,
        help: String,
        _ labels: [MetricLabel] = [],
        bounds: [Double] = Histogram.latencyBounds
    ) -> Histogram {
        let fresh = Histogram(bounds: bounds)
        let found = find(name, unit, help, labels, .histogram(fresh))
        if case .histogram(let histogram) = found { return histogram }
        return fresh
    }

    /// What is there under the name and labels, or `fresh`, entered.
    ///
    /// A name that was taken by another type keeps it; the caller then works on an instrument that
    /// nobody reads, which debug builds trap.
    private func find(
        _ name: String,
        _ unit: MetricUnit,
        _ help: String,
        _ labels: [MetricLabel],
        _ fresh: Instrument
    ) -> Instrument {
        families.withLock { families in
            var family =
                families[name]
                ?? Family(name: name, unit: unit, help: help, type: fresh.type, series: [:])
            guard family.type == fresh.type else {
                assertionFailure("metric \(name) is a \(family.type), not a \(fresh.type)")
                return fresh
            }
            var key = labels.sorted()
            if family.series[key] == nil, family.series.count >= Self.seriesLimit {
                key = Self.overflow
            }
            if let known = family.series[key] { return known }
            family.series[key] = fresh
            families[name] = family
            return fresh
        }
    }

    /// Everything, in the Prometheus text format, version 0.0.4.
    ///
    /// - Source: Prometheus, "Exposition formats"; names as OpenTelemetry's "Prometheus and
    ///   OpenMetrics compatibility" maps them.
    package func prometheusText() -> String {
        let all = families.withLock { $0.values.sorted { $0.name < $1.name } }
        var text = ""
        for family in all { PrometheusText.render(family, into: &text) }
        return text
    }

    /// The media type of ``prometheusText()``.
    package static let prometheusContentType = "text/plain; version=0.0.4; charset=utf-8"
}
