package import ParleyEngine
package import ParleyJSON

/// Reads the answer of `/audio/transcriptions`, streamed or whole.
package struct TranscriptionAnswer {
    /// Why an answer is none.
    package struct Malformed: Error, Equatable {
        package var message: String
    }

    /// Bytes of text of one utterance.
    ///
    /// Chosen: an hour of speech; whoever writes more doesn't listen.
    private static let textLimit = 1 << 16

    private let wantsLogprobs: Bool
    private var text = ""
    private var language: String?
    private var details: TranscriptDetails?
    /// The service has said the whole text.
    package private(set) var isFinished = false

    /// - Parameter options: What was asked for; of the language the service may know better.
    package init(_ options: TranscriptionOptions = TranscriptionOptions()) {
        wantsLogprobs = options.wantsLogprobs
        language = options.language
    }

    /// What was said, as far as it is known.
    package var transcript: Transcript {
        var transcript = Transcript(text: text.trimmed, language: language)
        if wantsLogprobs { transcript.logprobs = details?.logprobs }
        transcript.segments = details?.segments ?? []
        return transcript
    }

    /// Reads an event of a stream.
    ///
    /// - Returns: The text so far, where the event brought more of it.
    /// - Throws: ``Malformed`` where a member has another type than the API says.
    package mutating func read(_ event: JSON) throws(Malformed) -> PartialTranscript? {
        switch event["type"]?.string {
        case "transcript.text.delta"?:
            try set(text: event["delta"]?.string.map { text + $0 })
            return PartialTranscript(text: text, stableByteCount: text.utf8.count)
        case "transcript.text.done"?, nil:
            // Some servers send whole answers as events, without a type.
            try read(whole: event)
            return nil
        default:
            return nil
        }
    }

    /// Reads a whole answer.
    ///
    /// - Throws: ``Malformed`` where it has no text.
    package mutating func read(whole answer: JSON) throws(Malformed) {
        try set(text: answer["text"]?.string)
        // Services name languages by code or in words; only codes are of use.
        if let code = answer["language"]?.string, code.utf8.count == 2 { language = code }
        details = TranscriptDetails(answer)
        isFinished = true
    }

    private mutating func set(text more: String?) throws(Malformed) {
        guard let more else { throw Malformed(message: "\"text\" is no text") }
        guard more.utf8.count <= Self.textLimit else {
            throw Malformed(message: "the text exceeds \(Self.textLimit) bytes")
        }
        text = more
    }
}

extension String {
    /// Without the space that recognisers like to put before the first word.
    fileprivate var trimmed: String {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
