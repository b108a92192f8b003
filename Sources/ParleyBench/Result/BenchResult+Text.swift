internal import ParleyClient
internal import ParleyNetwork

extension BenchResult {
    /// The result for people.
    package var table: String {
        var lines = [title, subtitle, ""]
        if !delays.isEmpty { lines += Self.aligned(delayRows) + [""] }
        lines += figures.map(Self.line)
        lines.append(generatorLine)
        lines += Self.lines("Lost sessions", losses)
        lines += Self.lines("Errors", errors)
        lines += faults.map { "INVALID: \($0)" }
        return lines.joined(separator: "\n")
    }

    /// The distributions as a picture.
    package var chart: String {
        DistributionChart(
            title: title,
            subtitle: subtitle,
            series: delays.map { DistributionChart.Series($0.name, $0.histogram) },
            target: delays.compactMap(\.target).first
        ).markup
    }

    private var title: String {
        let lost = sessionsHeld == sessionsAsked ? "" : " of \(sessionsAsked)"
        return "\(kind.rawValue): \(sessionsHeld)\(lost) sessions, \(duration.inSeconds.fixed(0)) s"
    }

    private var subtitle: String {
        let place = isPinned ? "server and load on a processor each" : "nothing pinned"
        return "\(frameDuration.inMilliseconds.fixed(0)) ms frames, \(input), "
            + "\(machine.processor) × \(machine.processorCount), \(place)"
    }

    private var delayRows: [[String]] {
        let head = ["delay, ms", "count", "p50", "p95", "p99", "max", "target p95", ""]
        return [head]
            + delays.map { delay in
                let histogram = delay.histogram
                let values = [
                    histogram.percentile(0.5), histogram.percentile(0.95),
                    histogram.percentile(0.99), histogram.maximum,
                ]
                let texts = values.map { $0.map { $0.inMilliseconds.fixed(2) } ?? "–" }
                let target = delay.target.map { $0.inMilliseconds.fixed(0) } ?? ""
                return [delay.meaning, "\(histogram.count)"] + texts + [
                    target, Self.verdict(delay),
                ]
            }
    }

    private static func verdict(_ delay: Delay) -> String {
        guard let target = delay.target, let found = delay.histogram.percentile(0.95) else {
            return ""
        }
        return found <= target ? "held" : "MISSED"
    }

    private static func line(_ figure: Figure) -> String {
        let line = "\(figure.meaning): \(figure.value.fixed(figure.places))"
        guard let target = figure.target else { return line }
        let verdict = figure.value <= target ? "held" : "MISSED"
        return "\(line) (target \(target.fixed(0)), \(verdict))"
    }

    private var generatorLine: String {
        let late = generator.lateness.percentile(0.99).map {
            "99 % of frames at most \($0.inMilliseconds.fixed(2)) ms late, "
        }
        let share = (generator.processorShare * 100).fixed(0)
        let foreign = foreignShare.map { "; other work \(($0 * 100).fixed(0)) %" } ?? ""
        return "Generator: \(late ?? "")\(share) % of a processor\(foreign)"
    }

    private static func lines(_ name: String, _ tally: ErrorTally) -> [String] {
        guard tally.total > 0 else { return [] }
        return ["\(name): \(tally.total)"] + tally.sorted.map { "  \($0.count) × \($0.reason)" }
    }

    /// Columns of equal width, the first one to the left, the others to the right.
    static func aligned(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + padding : padding + text
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
