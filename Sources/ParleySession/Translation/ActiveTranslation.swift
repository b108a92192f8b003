internal import ParleyAudio
internal import ParleyRealtime

/// The stretch of speech that is translated and spoken now.
struct ActiveTranslation: Sendable {
    enum Stage: Sendable, Equatable {
        /// The model writes, clauses are spoken. Next: ``speaking(_:)``, or given up.
        case translating
        /// The model is done, its speech is not. Next: ended, or given up.
        case speaking(Session.GenerationResult)
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
        case .speaking: speech.isSynthesizing
        }
    }

    /// Once all was spoken: what was wrong with it, if anything.
    var end: Session.EngineFailure?? {
        guard case .speaking(let result) = stage, speech.isDone else { return nil }
        return .some(result.incomplete == nil ? nil : .incomplete)
    }

    /// Takes a report of the model.
    ///
    /// - Parameters:
    ///   - report: Calls are left out: it was offered no tools.
    ///   - before: What was spoken before.
    ///   - outbox: Gets events and effects.
    mutating func take(
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
        case .failed: stage = .speaking(Session.GenerationResult())
        }
    }

    private mutating func write(
        _ text: String,
        after before: RunningText,
        to outbox: inout Outbox
    ) {
        var text = text
        if writtenByteCount == 0 {
            // Models like to begin with an empty line.
            text = String(text.drop(while: \.isWhitespace))
            guard !text.isEmpty else { return }
            text = before.gap(before: text) + text
        }
        writtenByteCount += text.utf8.count
        speech.write(text, to: &outbox)
    }

    /// Takes a report of the synthesiser.
    mutating func take(_ report: Session.Synthesis, to outbox: inout Outbox) {
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
