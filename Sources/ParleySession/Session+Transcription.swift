internal import ParleyJSON
internal import ParleyRealtime

// What the recogniser understood, and who waits for it.

extension Session {
    /// What a recogniser is told that starts now.
    var transcriptionRequest: TranscriptionRequest {
        TranscriptionRequest(configuration, turn: input.turn)
    }

    /// Clients that did not ask for transcription hear nothing of it; the model needs the text all
    /// the same.
    var showsTranscriptions: Bool { configuration.input.transcription != nil }

    /// Whether somebody will want the text of speech that is heard now.
    ///
    /// If not, no recogniser hears it before a response needs it: sessions that only wait for
    /// speech cost little.
    var wantsText: Bool {
        guard let turn = input.turn else { return true }
        return showsTranscriptions || turn.createsResponse || turn.wantsPartials
    }

    /// Has speech recognised that nobody wanted as text until a response needs it.
    ///
    /// The newest speech comes first; what is beyond the bound of open recognisers stays unheard.
    mutating func hearUnheard(_ ids: [ItemID], at now: Instant) {
        let unheard = ids.compactMap { conversation[$0] }
            .filter { $0.speechText == .unheard && !$0.audio.isEmpty }
        for entry in unheard.prefix(transcriptions.room) {
            let id = entry.item.id
            transcriptions.start(id, transcriptionRequest, to: &outbox)
            transcriptions.feed(id, entry.audio, to: &outbox)
            conversation.update(id) { $0.detail = .userSpeech(.awaited) }
            let resolution = transcriptions.finish(
                id,
                audio: Duration(samples: entry.audioSampleCount),
                isShown: false,
                at: now,
                to: &outbox
            )
            if let resolution { resolve(resolution, at: now) }
        }
    }

    /// Accepts a recogniser's report; one about an item that has its text is stale.
    mutating func accept(_ report: Transcription, of itemID: ItemID, at now: Instant) {
        if let resolution = transcriptions.accept(report, of: itemID, to: &outbox) {
            resolve(resolution, at: now)
        }
        if let words = report.words, input.segment?.itemID == itemID { hear(words, at: now) }
    }

    /// Hands the text to the conversation, and to responses that waited for it.
    mutating func resolve(_ resolution: TranscriptionTracker.Resolution, at now: Instant) {
        conversation.resolve(resolution)
        responses.resolve(resolution)
        for id in responses.ids { advance(id, at: now) }
    }
}

extension Session.TranscriptionRequest {
    /// What the configuration of a session of any kind asks for.
    init(_ configuration: SessionConfiguration, turn: TurnSettings?) {
        let wanted = configuration.input.transcription
        self.init(
            model: wanted?.model,
            language: wanted?.spokenLanguage,
            prompt: wanted?.expectedWords,
            wantsPartials: wanted != nil || turn?.wantsPartials == true,
            wantsLogprobs: configuration.include?.contains(.transcriptionLogprobs) == true,
            wantsSegments: configuration.kind == .transcription
        )
    }

}

extension InputTranscription {
    /// What is spoken, where the client named one language.
    var spokenLanguage: String? { language ?? onlyLanguage }

    /// The one of `languages`, where there is only one; no recogniser takes several.
    private var onlyLanguage: String? {
        let languages = extras["languages"]?.array ?? []
        return languages.count == 1 ? languages[0].string : nil
    }

    /// The prompt, and `keywords` behind it: recognisers take both as words to expect.
    fileprivate var expectedWords: String? {
        let keywords = extras["keywords"]?.array?.compactMap(\.string) ?? []
        guard !keywords.isEmpty else { return prompt }
        return [prompt, keywords.joined(separator: ", ")].compactMap(\.self)
            .joined(separator: "\n")
    }
}

extension Session.Transcription {
    /// What the user said so far; nil once that is settled.
    fileprivate var words: String? {
        switch self {
        case .partial(let text, _), .provisional(let text, _, _): text
        case .final, .failed: nil
        }
    }
}
