internal import ParleyAudio
internal import ParleyRealtime

// From text to speech: one stretch after the other.

extension TranslationSession {
    /// Translates the next stretch whose turn it is; the last one ends a session that closes.
    mutating func goOn(at now: Instant) {
        guard life != .closed, active == nil else { return }
        if let segment = heard.first, let text = segment.text {
            heard.removeFirst()
            translate(text, of: segment, at: now)
        } else if life == .closing, heard.isEmpty {
            outbox.send(.sessionClosed)
            close(Session.CloseReason(code: 1000, text: ""))
        }
    }

    private mutating func translate(_ text: String, of segment: HeardSegment, at now: Instant) {
        let place = TranslationPlace(responseID: outbox.ids.next(), elapsed: segment.elapsed)
        let speech = SpokenMessage(at: place, configuration: configuration, limits: limits)
        active = ActiveTranslation(
            segment: segment,
            text: text,
            language: configuration.output.language,
            speech: speech,
            deadline: now + limits.responseWait
        )
        let request = interpreter.request(
            text,
            of: segment,
            from: configuration.input.transcription?.spokenLanguage ?? birth.spokenLanguage,
            configuration
        )
        outbox.perform(.startGeneration(place.responseID, request))
    }

    /// Accepts a report of the model; one about a translation that has ended is stale.
    mutating func accept(_ report: Session.Generation, of id: ResponseID, at now: Instant) {
        change(id, at: now) { translation, outputText, outbox in
            translation.accept(report, after: outputText, to: &outbox)
        }
        guard let active, active.id == id else { return }
        if active.writtenByteCount > limits.responseByteCount { return fail(.outgrown) }
        advance()
    }

    /// Accepts a report of the synthesiser; one about a translation that has ended is stale.
    mutating func accept(_ report: Session.Synthesis, of id: ResponseID, at now: Instant) {
        change(id, at: now) { translation, _, outbox in translation.accept(report, to: &outbox) }
        guard let active, active.id == id else { return }
        if case .failed(let failure) = report { return fail(failure) }
        advance()
    }

    /// Changes the translation in place; its engines have shown that they live.
    private mutating func change(
        _ id: ResponseID,
        at now: Instant,
        _ body: (inout ActiveTranslation, RunningText, inout Outbox) -> Void
    ) {
        guard var translation = active, translation.id == id else { return }
        // Held once: its text and audio are not copied.
        active = nil
        translation.deadline = now + limits.responseWait
        body(&translation, outputText, &outbox)
        active = translation
    }

    /// Ends the translation, if there is nothing more to come.
    private mutating func advance() {
        switch active?.step {
        case .wait, nil: break
        case .giveUp(let failure): fail(failure)
        case .end:
            guard let translation = takeActive() else { return }
            interpreter.remember(
                translation.text,
                as: translation.speech.transcript.trimmingSpaces,
                in: translation.language
            )
        }
    }

    /// Gives the stretch up; what was spoken of it stands.
    mutating func fail(_ failure: Session.EngineFailure) {
        guard let translation = takeActive() else { return }
        outbox.fail(failure.error(about: translation.segment), for: nil)
    }

    /// Takes the translation out; all that was spoken of it goes out.
    private mutating func takeActive() -> ActiveTranslation? {
        guard var translation = active.take() else { return nil }
        translation.speech.flush(to: &outbox)
        if translation.hasRunningEngines { outbox.perform(.cancel(translation.id)) }
        outputText.append(translation.speech.transcript)
        return translation
    }
}

extension Session.EngineFailure {
    fileprivate static let outgrown = Self(
        code: "translation_too_long",
        message: "The language model did not come to an end."
    )

    /// What the client hears of a stretch that got no translation, or not all of it.
    func error(about segment: HeardSegment) -> ProtocolError {
        let start = Duration(samples: segment.start).inSeconds
        let end = Duration(samples: segment.end).inSeconds
        return error("The translation of speech from \(start) to \(end) failed: \(message)")
    }
}

extension Duration {
    /// To a tenth, such as `12.3 s`.
    var inSeconds: String {
        let tenths = wholeMilliseconds / 100
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
