internal import ParleyEngine
internal import ParleyRuntime

/// What a trial of one stage of a pipeline showed.
struct StageReport: Sendable {
    /// How the trial ended.
    enum Verdict: Sendable, Equatable {
        case works
        /// It answers, but not as it should.
        case doubtful
        case failed
        /// It could not be tried, because another stage failed first.
        case skipped
    }

    var role: EngineRole
    var engine: String
    var verdict: Verdict
    /// How long the trial took, the loading of the model not included; nil when there was none.
    var duration: Duration?
    /// One line for the operator: what came out, or why nothing did.
    var detail: String
}

extension StageReport.Verdict {
    /// The verdict as a word of the table.
    var word: String {
        switch self {
        case .works: "ok"
        case .doubtful: "doubtful"
        case .failed: "FAILED"
        case .skipped: "skipped"
        }
    }
}
