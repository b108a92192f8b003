internal import ParleyAudio
internal import ParleyRealtime
internal import ParleySession

/// What a translation session promises: stretches of speech are translated one at a time, in the
/// order in which they were said, none is left out, few wait; nothing else is told, and nothing
/// after the end.
struct TranslationPromises: Sendable {
    private enum Outcome: Sendable, Equatable {
        case text(String)
        /// It failed, was too short, or held no words.
        case nothing
    }

    /// A stretch whose translation has not begun.
    private struct Stretch: Sendable {
        let id: ItemID
        var sampleCount = 0
        var pausedAt: Int?
        var provisional: String?
        var outcome: Outcome?

        /// Whether nothing need be translated of it before one with this text.
        ///
        /// What is shorter than 100 ms is no speech; but of a recogniser that ended early nobody
        /// outside knows how long the stretch was.
        func gives(wayTo source: String?) -> Bool {
            switch outcome {
            case nil: false
            case .nothing: true
            case .text(let text): sampleCount < 2_400 && text != source
            }
        }
    }

    private struct Work: Sendable {
        let id: ResponseID
        var isGenerating = true
        var clauses: Set<Int> = []
    }

    /// Most stretches that may wait; nil where nobody says.
    var backlog: Int?
    private var kind = SessionKind.realtime
    private var stretches: [Stretch] = []
    private var work: Work?
    private var elapsed: [String: Duration] = [:]
    private var isClosed = false

    mutating func take(_ input: Session.Input) {
        switch input {
        case .transcription(let id, .provisional(let text, _, let position)):
            change(id) { stretch in
                guard stretch.pausedAt == position, stretch.provisional == nil else { return }
                stretch.provisional = text
            }
        case .transcription(let id, .final(let text, _)):
            let isBlank = text.allSatisfy(\.isWhitespace)
            change(id) { $0.outcome = $0.outcome ?? (isBlank ? .nothing : .text(text)) }
        case .transcription(let id, .failed): change(id) { $0.outcome = $0.outcome ?? .nothing }
        case .generation(work?.id, .finished), .generation(work?.id, .failed):
            work?.isGenerating = false
        case .synthesis(work?.id, .finished(let clause)): work?.clauses.remove(clause)
        case .synthesis(work?.id, .failed): work?.clauses = []
        default: break
        }
    }

    mutating func take(_ effect: Session.Effect) -> [String] {
        guard kind == .translation else { return [] }
        switch effect {
        case .startTranscription(let id, _):
            stretches.append(Stretch(id: id))
            let waiting = stretches.count { $0.outcome != .nothing }
            return waiting <= backlog ?? .max ? [] : ["few stretches wait: \(waiting)"]
        case .feedTranscription(let id, let frame):
            change(id) { stretch in
                stretch.sampleCount += frame.samples.count
                (stretch.pausedAt, stretch.provisional) = (nil, nil)
            }
        case .pauseTranscription(let id, let position): change(id) { $0.pausedAt = position }
        case .finishTranscription(let id): change(id) { $0.pausedAt = nil }
        case .cancelTranscription(let id):
            change(id) { stretch in
                stretch.outcome = stretch.outcome ?? stretch.provisional.map { .text($0) }
                stretch.outcome = stretch.outcome ?? .nothing
            }
        case .startGeneration(let id, let request): return begin(id, request)
        case .startSynthesis(_, let request): work?.clauses.insert(request.clause)
        case .cancel(work?.id): work = nil
        case .listTools, .callTool, .cancelTool, .disconnectTools:
            return ["no tools in a translation session"]
        case .startSummary, .cancelSummary: return ["no summaries in a translation session"]
        case .startTrace, .cancel, .detect, .resetDetection, .warn, .reportRateLimits,
            .closeConnection:
            break
        }
        return []
    }

    private mutating func begin(
        _ id: ResponseID,
        _ request: Session.GenerationRequest
    ) -> [String] {
        if let work, work.isGenerating || !work.clauses.isEmpty {
            return ["one translation at a time"]
        }
        work = Work(id: id)
        guard case .user(let source) = request.context.last else { return ["speech is translated"] }
        stretches.removeFirst(stretches.prefix { $0.gives(wayTo: source) }.count)
        guard stretches.first?.outcome == .text(source) else {
            return ["stretches are translated in order, none is left out"]
        }
        stretches.removeFirst()
        return []
    }

    mutating func take(_ event: ServerEvent.Body) -> [String] {
        switch event {
        case .sessionCreated(let session): kind = session.configuration.kind
        case .sessionUpdated, .error: break
        case .sessionInputTranscriptDelta(let delta, let elapsed),
            .sessionOutputTranscriptDelta(let delta, let elapsed):
            return move("\(event.type)", to: elapsed) + (delta.isEmpty ? ["deltas hold text"] : [])
        case .sessionOutputAudioDelta(let audio, let elapsed):
            return move("\(event.type)", to: elapsed) + (audio.isEmpty ? ["deltas hold audio"] : [])
        case .sessionClosed:
            isClosed = true
            let isDone = stretches.allSatisfy { $0.gives(wayTo: nil) }
            return isDone ? [] : ["nothing that was said is lost at the end"]
        default: return kind == .translation ? ["no \(event.type) in a translation session"] : []
        }
        return isClosed ? ["nothing follows session.closed"] : []
    }

    private mutating func move(_ type: String, to time: Duration) -> [String] {
        defer { elapsed[type] = time }
        guard kind == .translation, !isClosed else { return ["\(type) in a translation session"] }
        return time >= elapsed[type] ?? .zero ? [] : ["elapsed time only grows"]
    }

    private mutating func change(_ id: ItemID, _ body: (inout Stretch) -> Void) {
        for index in stretches.indices where stretches[index].id == id { body(&stretches[index]) }
    }
}
