internal import ParleyRealtime
internal import ParleySession

/// What a session promises about effects: each ends by a report or is cancelled, and none is fed
/// after that.
struct EffectPromises: Sendable {
    private enum Ear: Sendable {
        case listening, finishing
    }

    private struct Work: Sendable {
        var isGenerating = true
        /// Clauses asked for and not yet spoken.
        var clauses: Set<Int> = []
        var clauseCount = 0
    }

    private var ears: [ItemID: Ear] = [:]
    private var work: [ResponseID: Work] = [:]

    mutating func take(_ effect: Session.Effect) -> [String] {
        switch effect {
        case .detect, .resetDetection, .reportRateLimits, .close: return []
        case .startTranscription(let id, _):
            let isNew = ears.updateValue(.listening, forKey: id) == nil
            return isNew ? [] : ["one recogniser for each item"]
        case .transcribe(let id, _):
            return ears[id] == .listening ? [] : ["only a listening recogniser is fed"]
        case .finishTranscription(let id):
            guard ears[id] == .listening else { return ["a recogniser is finished once"] }
            ears[id] = .finishing
            return []
        case .cancelTranscription(let id):
            return ears.removeValue(forKey: id) != nil ? [] : ["only what runs is cancelled"]
        case .generate(let id, _):
            return work.updateValue(Work(), forKey: id) == nil ? [] : ["one generation a response"]
        case .synthesize(let id, let request):
            guard work[id] != nil else { return ["speech follows generation"] }
            work[id]?.clauses.insert(request.clause)
            work[id]?.clauseCount += 1
            return request.text.isEmpty ? ["clauses hold text"] : []
        case .cancel(let id):
            return work.removeValue(forKey: id) != nil ? [] : ["only what runs is cancelled"]
        }
    }

    /// Engines report: what they ended is ended.
    mutating func take(_ input: Session.Input) {
        switch input {
        case .transcription(let id, .final), .transcription(let id, .failed): ears[id] = nil
        case .generation(let id, .finished), .generation(let id, .failed):
            work[id]?.isGenerating = false
        case .synthesis(let id, .finished(let clause)): work[id]?.clauses.remove(clause)
        case .synthesis(let id, .failed): work[id]?.clauses = []
        default: break
        }
    }

    /// A response ended: so did its effects.
    mutating func end(of id: ResponseID) -> [String] {
        guard let left = work.removeValue(forKey: id) else { return [] }
        return left.isGenerating || !left.clauses.isEmpty ? ["every effect ends: \(id)"] : []
    }

    /// The session ended: nothing runs on.
    mutating func endOfSession() -> [String] {
        let isRunning = work.values.contains { $0.isGenerating || !$0.clauses.isEmpty }
        return isRunning || !ears.isEmpty ? ["every effect is cancelled at the end"] : []
    }
}
