internal import ParleyRealtime

// What a client of a translation session asks for.

extension TranslationSession {
    mutating func handle(_ event: ClientEvent, at now: Instant) {
        switch event.body {
        case .sessionUpdate(let update): apply(update, for: event.id)
        case .sessionInputAudioBufferAppend(let audio): append(audio, for: event.id)
        case .sessionClose: beginClosing(at: now)
        case .inputAudioBufferAppend, .inputAudioBufferCommit, .inputAudioBufferClear,
            .conversationItemCreate, .conversationItemRetrieve, .conversationItemDelete,
            .conversationItemTruncate, .responseCreate, .responseCancel, .outputAudioBufferClear,
            .testTone:
            outbox.fail(.foreignEvent(in: .translation), for: event.id)
        }
    }

    private mutating func apply(_ update: SessionUpdate, for event: EventID?) {
        let rules = ConfigurationUpdate(birth, voiceHeard: nil, isResponding: active != nil)
        switch rules.applied(update, to: configuration) {
        case .failure(let error): outbox.fail(error, for: event)
        case .success(let new):
            let isOtherLanguage = new.output.language != configuration.output.language
            configuration = new
            // Turns are looked for all the time, so that nothing begins anew.
            _ = input.configure(new.input)
            outbox.send(.sessionUpdated(object))
            if isOtherLanguage { warnOfVoice() }
        }
    }

    /// Warns where the voices don't speak the language; the session goes on, for what is written
    /// is right all the same.
    mutating func warnOfVoice() {
        let wanted = configuration.output.language
        let spoken = birth.voiceLanguages
        guard !spoken.isEmpty, !spoken.contains(where: { LanguageTag.areSameLanguage($0, wanted) })
        else { return }
        outbox.perform(
            .warn(
                "The voices speak '\(spoken.joined(separator: "', '"))', not '\(wanted)': what a "
                    + "translation says will be hard to understand."
            )
        )
    }

    private mutating func append(_ bytes: [UInt8], for event: EventID?) {
        // Microphones are slower to stop than their owners.
        guard life == .open else { return }
        input.append(bytes, for: event, to: &outbox)
    }

    /// Translates what was said, up to the end of the audio, and then ends; once more is the same
    /// wish.
    private mutating func beginClosing(at now: Instant) {
        guard life == .open else { return }
        input.finishStream()
        endSegment(at: input.buffer.end, at: now)
        life = .closing
    }
}
