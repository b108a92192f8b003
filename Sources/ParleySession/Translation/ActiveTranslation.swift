internal import ParleyAudio
internal import ParleyRealtime

/// The stretch of speech that is translated and spoken now.
struct ActiveTranslation: Sendable {
    enum Stage: Sendable, Equatable {
        /// The model writes, clauses are spoken.
        /// Next: ``speaking(_:)``, ``failed(_:)``, or given up.
        case translating
        /// The model is done, its speech is not. Next: ended, or given up.
        case speaking(Session.GenerationResult)
        /// The model failed. Next: given up.
        case failed(Session.EngineFailure)
    }

    /// What a translation can do next.
    enum Step: Sendable, Equatable {
        /// Nothing: the engines are at work.
        case wait
        /// End: all was spoken.
        case end
        /// End, for this reason; what was spoken stands.
        case giveUp(Session.EngineFailure)
    }

    let segment: HeardSegment
    /// What was said.
    let text: String
    /// What it is translated into, whatever the client asks for meanwhile.
    let language: String
    var speech: SpokenMessage<TranslationPlace>
    /// When the engines are given up.
    var deadline: Instant
    private(set) var stage = Stage.translating
    /// Bytes that the model wrote.
    private(set) var writtenByteCount = 0

    init(
        segment: HeardSegment,
        text: String,
        language: String,
        speech: SpokenMessage<TranslationPlace>,
        deadline: Instant
    ) {
        self.segment = segment
        self.text = text
        self.language = language
        self.speech = speech
        self.deadline = deadline
    }

    var id: ResponseID { speech.location.responseID }

    /// The model or the synthesiser has work that it has not reported the end of.
    var hasRunningEngines: Bool {
        switch stage {
        case .translating: true
        case .speaking, .failed: speech.isSynthesizing
        }
    }

    var step: Step {
        switch stage {
        case .translating: .wait
        case .speaking where !speech.isDone: .wait
        case .speaking(let result): result.incomplete == nil ? .end : .giveUp(.incomplete)
        case .failed(let failure): .giveUp(failure)
        }
    }

    /// Accepts a report of the model.
    ///
    /// - Parameters:
    ///   - report: Calls are left out: it was offered no tools.
    ///   - before: What was spoken before.
    ///   - outbox: Gets events and effects.
    mutating func accept(
        _ report: Session.Generation,
        after before: RunningText,
        to outbox: inout Outbox
    ) {
        guard case .translating = stage else {
            outbox.poison("A model that does not run reported")
            return
        }
        switch report {
        case .text(let text): write(text, after: before, to: &outbox)
        case .toolCallStarted, .toolCallArguments: break
        case .finished(let result):
            stage = .speaking(result)
            speech.finishText(to: &outbox)
        case .failed(let failure): stage = .failed(failure)
        }
    }

    private mutating func write(
        _ text: String,
        after before: RunningText,
        to outbox: inout Outbox
    ) {
        var text = text
        if writtenByteCount == 0 {
            text = text.withoutLeadingBlanks
            guard !text.isEmpty else { return }
            text = before.gap(before: text) + text
        }
        writtenByteCount += text.utf8.count
        speech.write(text, to: &outbox)
    }

    /// Accepts a report of the synthesiser.
    mutating func accept(_ report: Session.Synthesis, to outbox: inout Outbox) {
        switch report {
        case .audio(let clause, let frame):
            guard !frame.samples.isEmpty, speech.begin(clause: clause, to: &outbox) else { return }
            speech.receive(frame.samples, to: &outbox)
        case .finished(let clause): speech.finish(clause: clause, to: &outbox)
        case .failed: speech.isBroken = true
        }
    }
}

extension Session.EngineFailure {
    fileprivate static let incomplete = Self(
        code: "translation_incomplete",
        message: "The language model broke off before its end."
    )
}
