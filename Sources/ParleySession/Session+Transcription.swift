internal import ParleyRealtime

// What the recogniser understood, and who waits for it.

extension Session {
    /// What a recogniser is told that starts now.
    var transcriptionRequest: TranscriptionRequest {
        let wanted = configuration.input.transcription
        return TranscriptionRequest(
            model: wanted?.model,
            language: wanted?.language,
            prompt: wanted?.prompt,
            wantsPartials: wanted != nil || input.turn?.wantsPartials == true
        )
    }

    /// Clients that did not ask for transcription hear nothing of it; the model needs the text all
    /// the same.
    var showsTranscriptions: Bool { configuration.input.transcription != nil }

    mutating func transcribe(_ itemID: ItemID, _ report: Transcription, at now: Instant) {
        if case .partial(let text, _) = report, input.segment?.itemID == itemID {
            input.hear(text)
        }
        if let resolution = transcriptions.report(itemID, report, to: &outbox) {
            resolve(resolution, at: now)
        }
    }

    /// Hands the text to the conversation, and to responses that waited for it.
    mutating func resolve(_ resolution: TranscriptionTracker.Resolution, at now: Instant) {
        conversation.resolve(resolution)
        responses.resolve(resolution)
        for id in responses.ids { advance(id, at: now) }
    }
}
