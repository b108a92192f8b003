internal import ParleyRuntime

/// Renders what a trial showed, for `parley doctor`.
enum Doctor {
    /// A table of the stages, as wide as its longest words, and one line that sums up.
    static func table(_ reports: [StageReport], pipeline: String) -> String {
        let header = ["stage", "engine", "state", "ms", "detail"]
        let rows = reports.map { report in
            [
                report.role.rawValue, report.engine, report.verdict.word,
                report.duration.map { "\(PipelineTrial.milliseconds($0))" } ?? "-", report.detail,
            ]
        }
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        let lines = ([header] + rows).map { row in
            zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.count))
            }
            .joined(separator: "  ")
        }
        return "Pipeline \"\(pipeline)\"\n" + lines.map { trimmedEnd($0) }.joined(separator: "\n")
            + "\n" + summary(reports) + "\n"
    }

    /// Whether the pipeline can hold a conversation.
    static func isHealthy(_ reports: [StageReport]) -> Bool {
        reports.allSatisfy { $0.verdict == .works || $0.verdict == .doubtful }
    }

    private static func summary(_ reports: [StageReport]) -> String {
        let failed = reports.filter { $0.verdict == .failed }.map(\.role)
        guard !failed.isEmpty else { return "Every stage answers." }
        let list = failed.map(\.rawValue).joined(separator: ", ")
        guard failed.contains(where: \.isVital) else {
            return "Failed: \(list). Sessions on this pipeline do without."
        }
        return "Failed: \(list). Sessions on this pipeline will fail."
    }

    private static func trimmedEnd(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
