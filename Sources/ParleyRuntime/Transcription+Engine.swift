internal import ParleyEngine
internal import ParleyJSON
internal import ParleyRealtime
internal import ParleySession

extension Session.Transcription {
    /// The end of a recognition in the session's terms.
    init(_ transcript: Transcript) {
        let details = Session.TranscriptionDetails(
            logprobs: transcript.logprobs.map { .array($0.map(\.json)) },
            segments: transcript.segments.map(TranscriptionSegment.init)
        )
        self = .final(text: transcript.text, details: details)
    }
}

extension TokenLogprob {
    /// - Source: Realtime protocol, "Input transcription": entries of `logprobs`.
    fileprivate var json: JSON {
        [
            "token": .string(token), "logprob": .number(logprob),
            "bytes": .array((bytes ?? Array(token.utf8)).map { .integer(Int($0)) }),
        ]
    }
}

extension TranscriptionSegment {
    fileprivate init(_ segment: SpeakerSegment) {
        self.init(
            contentIndex: 0,
            id: segment.id,
            speaker: segment.speaker,
            span: segment.span,
            text: segment.text
        )
    }
}
