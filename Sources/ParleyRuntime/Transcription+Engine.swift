internal import ParleyEngine
internal import ParleyJSON
internal import ParleyRealtime
internal import ParleySession

extension Session.Transcription {
    /// The engine's report in the session's terms.
    init(_ report: TranscriptionReport) {
        switch report {
        case .partial(let partial):
            self = .partial(text: partial.text, stableByteCount: partial.stableByteCount)
        case .provisional(let transcript, let pause):
            self = .provisional(
                text: transcript.text,
                details: transcript.details,
                position: pause.position
            )
        }
    }

    /// The end of a recognition in the session's terms.
    init(_ transcript: Transcript) {
        self = .final(text: transcript.text, details: transcript.details)
    }
}

extension Transcript {
    fileprivate var details: Session.TranscriptionDetails {
        Session.TranscriptionDetails(
            logprobs: logprobs.map { .array($0.map(\.json)) },
            segments: segments.map(TranscriptionSegment.init)
        )
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
