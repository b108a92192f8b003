internal import ParleyRealtime

/// Where speech goes: what its text and audio are on the wire.
protocol SpeechPlace: Sendable {
    /// What its synthesis is asked for and cancelled by.
    var responseID: ResponseID { get }

    func transcriptDelta(_ text: String) -> ServerEvent.Body
    func audioDelta(_ bytes: [UInt8]) -> ServerEvent.Body
}

extension PartLocation: SpeechPlace {
    func transcriptDelta(_ text: String) -> ServerEvent.Body {
        .responseOutputAudioTranscriptDelta(self, delta: text)
    }

    func audioDelta(_ bytes: [UInt8]) -> ServerEvent.Body {
        .responseOutputAudioDelta(self, audio: bytes)
    }
}

/// A place in the one stream of a translation session.
struct TranslationPlace: SpeechPlace {
    let responseID: ResponseID
    /// How much input there was when what is translated had been said.
    let elapsed: Duration

    func transcriptDelta(_ text: String) -> ServerEvent.Body {
        .sessionOutputTranscriptDelta(delta: text, elapsed: elapsed)
    }

    func audioDelta(_ bytes: [UInt8]) -> ServerEvent.Body {
        .sessionOutputAudioDelta(audio: bytes, elapsed: elapsed)
    }
}
