/// Renders metrics as Prometheus reads them.
enum PrometheusText {
    static func render(_ family: MetricsRegistry.Family, into text: inout String) {
        let name = metricName(family)
        text += "# HELP \(name) \(escapedHelp(family.help))\n# TYPE \(name) \(family.type)\n"
        let ordered = family.series.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        for (labels, instrument) in ordered {
            switch instrument {
            case .counter(let counter): line(name, labels, String(counter.value), into: &text)
            case .gauge(let gauge): line(name, labels, number(gauge.value), into: &text)
            case .observed(let value): line(name, labels, number(value()), into: &text)
            case .histogram(let histogram): render(histogram, name, labels, into: &text)
            }
        }
    }

    private static func render(
        _ histogram: Histogram,
        _ name: String,
        _ labels: [MetricLabel],
        into text: inout String
    ) {
        let snapshot = histogram.snapshot
        var cumulative = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], snapshot.counts) {
            cumulative += count
            let bucket = labels + [MetricLabel("le", configured: number(bound))]
            line(name + "_bucket", bucket, String(cumulative), into: &text)
        }
        line(name + "_sum", labels, number(snapshot.sum), into: &text)
        line(name + "_count", labels, String(cumulative), into: &text)
    }

    /// The name with its unit, and `_total` for a counter.
    static func metricName(_ family: MetricsRegistry.Family) -> String {
        var name = sanitized(family.name)
        if family.unit != .count { name += "_" + family.unit.rawValue }
        if family.type == "counter" { name += "_total" }
        return name
    }

    private static func line(
        _ name: String,
        _ labels: [MetricLabel],
        _ value: String,
        into text: inout String
    ) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\(sanitized($0.key))=\"\(escapedLabel($0.value))\"" }
            text += "{" + pairs.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    /// Letters, digits and underscores, not led by a digit.
    private static func sanitized(_ name: String) -> String {
        var result = ""
        for character in name.unicodeScalars {
            let isAllowed =
                character.isASCII && (character.properties.isAlphabetic || ("0"..."9") ~= character)
            if result.isEmpty, ("0"..."9") ~= character { result += "_" }
            result.unicodeScalars.append(isAllowed ? character : "_")
        }
        return result
    }

    private static func escapedHelp(_ text: String) -> String {
        escaped(text, quotes: false)
    }

    private static func escapedLabel(_ text: String) -> String {
        escaped(text, quotes: true)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // Whole numbers without ".0", which is how counts are usually read.
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return String(value)
    }
}
