internal import ParleyEngine
internal import ParleyJSON

/// What some services tell of a transcript beside its text: extras, so that one that is not as it
/// should be is left out and the text stays.
///
/// - Source: OpenAI API reference, "Create transcription": `logprobs`, `segments` with speakers.
struct TranscriptDetails {
    /// Nil where the service sent none.
    let logprobs: [TokenLogprob]?
    /// Empty where the service doesn't tell speakers apart.
    let segments: [SpeakerSegment]

    init(_ answer: JSON) {
        logprobs = answer["logprobs"]?.array.map { $0.compactMap(TokenLogprob.init) }
        segments = (answer["segments"]?.array ?? []).compactMap(SpeakerSegment.init)
    }
}

extension TokenLogprob {
    /// Reads one entry; nil for anything else.
    fileprivate init?(_ entry: JSON) {
        guard let token = entry["token"]?.string, let logprob = entry["logprob"]?.number,
            logprob.isFinite
        else { return nil }
        self.init(token: token, logprob: min(0, logprob))
        bytes = entry["bytes"]?.array.flatMap { list in
            let bytes = list.compactMap { $0.integer.flatMap(UInt8.init(exactly:)) }
            return bytes.count == list.count ? bytes : nil
        }
    }
}

extension SpeakerSegment {
    /// Reads one entry; nil for anything else, such as a segment without a speaker.
    fileprivate init?(_ entry: JSON) {
        guard let speaker = entry["speaker"]?.string, let text = entry["text"]?.string,
            let start = entry["start"]?.number.flatMap(Self.time),
            let end = entry["end"]?.number.flatMap(Self.time), start <= end
        else { return nil }
        let id = entry["id"]?.string ?? entry["id"]?.integer.map { "seg_\($0)" }
        guard let id else { return nil }
        self.init(id: id, speaker: speaker, span: start..<end, text: text)
    }

    /// Seconds within a day: no utterance is longer, and no arithmetic overflows.
    private static func time(_ seconds: Double) -> Duration? {
        (0...86_400).contains(seconds) ? .milliseconds(Int((seconds * 1_000).rounded())) : nil
    }
}
