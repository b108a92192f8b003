internal import ParleyRealtime
internal import ParleySession

/// What a session promises about effects: each ends by a report or is cancelled, none is fed after
/// that, and what was understood too early is never told.
struct EffectPromises: Sendable {
    private enum Ear: Sendable, Equatable {
        case listening, finishing
        case paused(Int)
    }

    private struct Work: Sendable {
        var isGenerating = true
        /// Clauses asked for and not yet spoken.
        var clauses: Set<Int> = []
        var clauseCount = 0
    }

    private var ears: [ItemID: Ear] = [:]
    /// What was said of each item, as far as it is known for certain.
    private var texts: [ItemID: String] = [:]
    private var work: [ResponseID: Work] = [:]
    private var tools = ToolEffectPromises()
    private var summaries = SummaryPromises()

    mutating func take(_ effect: Session.Effect) -> [String] {
        switch effect {
        case .detect, .resetDetection, .startTrace, .warn, .reportRateLimits, .closeConnection:
            return []
        case .listTools, .callTool, .cancelTool, .disconnectTools: return tools.take(effect)
        case .startSummary, .cancelSummary: return summaries.take(effect)
        case .startTranscription(let id, _):
            texts[id] = nil
            let isNew = ears.updateValue(.listening, forKey: id) == nil
            return isNew ? [] : ["one recogniser for each item"]
        case .feedTranscription(let id, _):
            texts[id] = nil
            guard let ear = ears[id], ear != .finishing else {
                return ["only a listening recogniser is fed"]
            }
            ears[id] = .listening
            return []
        case .pauseTranscription(let id, let position):
            guard ears[id] == .listening else { return ["a recogniser is paused after audio"] }
            ears[id] = .paused(position)
            return []
        case .finishTranscription(let id):
            guard let ear = ears[id], ear != .finishing else {
                return ["a recogniser is finished once"]
            }
            ears[id] = .finishing
            return []
        case .cancelTranscription(let id):
            return ears.removeValue(forKey: id) != nil ? [] : ["only what runs is cancelled"]
        case .startGeneration(let id, _):
            return work.updateValue(Work(), forKey: id) == nil ? [] : ["one generation a response"]
        case .startSynthesis(let id, let request):
            guard work[id] != nil else { return ["speech follows generation"] }
            work[id]?.clauses.insert(request.clause)
            work[id]?.clauseCount += 1
            return request.text.isEmpty ? ["clauses hold text"] : []
        case .cancel(let id):
            return work.removeValue(forKey: id) != nil ? [] : ["only what runs is cancelled"]
        }
    }

    /// Engines report: what they ended is ended.
    mutating func take(_ input: Session.Input) -> [String] {
        switch input {
        case .summary: summaries.isWriting = false
        case .transcription(let id, .provisional(let text, _, let position)):
            if ears[id] == .paused(position), texts[id] == nil { texts[id] = text }
        case .transcription(let id, .final(let text, _)):
            if ears.removeValue(forKey: id) != nil { texts[id] = text }
        case .transcription(let id, .failed): ears[id] = nil
        case .generation(let id, .finished), .generation(let id, .failed):
            work[id]?.isGenerating = false
        case .synthesis(let id, .finished(let clause)): work[id]?.clauses.remove(clause)
        case .synthesis(let id, .failed): work[id]?.clauses = []
        default: break
        }
        return tools.take(input)
    }

    /// A response that ended has no effects any more, and a text that is told was said.
    mutating func take(_ event: ServerEvent.Body) -> [String] {
        tools.take(event)
        return switch event {
        case .responseDone(let response): end(of: response.id)
        case .conversationItemInputAudioTranscriptionCompleted(let id, _, let text, _, _):
            // Of silence nothing was heard.
            (texts[id] ?? "") == text ? [] : ["what is told was said: \(id)"]
        default: []
        }
    }

    private mutating func end(of id: ResponseID) -> [String] {
        guard let left = work.removeValue(forKey: id) else { return [] }
        return left.isGenerating || !left.clauses.isEmpty ? ["every effect ends: \(id)"] : []
    }

    /// The session ended: nothing runs on.
    mutating func endOfSession() -> [String] {
        let isRunning = work.values.contains { $0.isGenerating || !$0.clauses.isEmpty }
        let isOver = !isRunning && ears.isEmpty && tools.isIdle && !summaries.isWriting
        return isOver ? [] : ["every effect is cancelled at the end"]
    }
}
