internal import ParleySession

/// What a session promises about summaries: one is written at a time, of turns there are, and none
/// is written when the session is over.
struct SummaryPromises: Sendable {
    /// A model writes.
    var isWriting = false

    mutating func take(_ effect: Session.Effect) -> [String] {
        switch effect {
        case .startSummary(let request):
            defer { isWriting = true }
            if isWriting { return ["one summary at a time"] }
            return request.turns.isEmpty ? ["a summary tells of something"] : []
        case .cancelSummary:
            defer { isWriting = false }
            return isWriting ? [] : ["only a summary that is written is cancelled"]
        default: return []
        }
    }
}
