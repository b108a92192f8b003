internal import ParleyNames

/// Names that clients of the vendor's own service hard-code, and that mean something here, too.
///
/// Dated snapshots (`gpt-realtime-2025-08-28`) and what may come (`gpt-realtime-3`) are their
/// family's.
///
/// - Source: The vendor's list of models and its Python SDK; voices: Realtime protocol,
///   `audio.output.voice`, and those that only its speech endpoint knows; "Speaches".
enum VendorNames {
    /// Models that converse.
    static let conversing = patterns(
        "gpt-realtime*",
        "gpt-audio*",
        "gpt-4o-realtime-preview*",
        "gpt-4o-mini-realtime-preview*"
    )

    /// Models that only transcribe; some begin as those that converse.
    static let transcribing = patterns(
        "whisper-1",
        "gpt-4o-transcribe*",
        "gpt-4o-mini-transcribe*",
        "gpt-transcribe*",
        "gpt-realtime-whisper*",
        "gpt-live-transcribe*"
    )

    /// Models that only translate.
    static let translating = patterns("gpt-realtime-translate*")

    /// Voices, in an order that never changes: it decides who speaks for whom.
    static let voices = [
        "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar",
        "fable", "nova", "onyx",
    ]

    /// Voices of Kokoro, each spoken as one of the vendor's: clients of Speaches name one unasked.
    ///
    /// Behind the letter of the language stands that of the speaker's gender. An engine that has
    /// such voices itself knows which.
    private static let kokoroVoices = [
        (name: "?f_*", like: "marin"), (name: "?m_*", like: "cedar"),
    ]

    /// What a session's `model` may be called besides its name.
    ///
    /// - Parameter pipeline: What converses here.
    /// - Returns: Aliases; names of models that can't converse stand for nothing.
    static func aliases(for pipeline: String) -> [NameTable.Alias] {
        (transcribing + translating).map { NameTable.Alias($0, for: nil) }
            + conversing.map { NameTable.Alias($0, for: pipeline) }
    }

    /// The vendor's voices, spread over those of an engine: the first over the first, and round;
    /// then Kokoro's.
    ///
    /// - Parameter voices: The engine's, the default first; with none there is nothing to spread.
    /// - Returns: Aliases.
    static func aliases(over voices: [String]) -> [NameTable.Alias] {
        guard !voices.isEmpty else { return [] }
        let isKokoro = voices.contains { voice in
            kokoroVoices.contains { NamePattern($0.name)?.matches(voice) == true }
        }
        let names = Self.voices.map { (name: $0, like: $0) } + (isKokoro ? [] : kokoroVoices)
        return names.compactMap { name, like in
            guard let pattern = NamePattern(name), let place = Self.voices.firstIndex(of: like)
            else { return nil }
            return NameTable.Alias(pattern, for: voices[place % voices.count])
        }
    }

    /// What a name says that its model does, where that is not to converse; nil otherwise.
    static func purpose(of model: String) -> String? {
        if translating.contains(where: { $0.matches(model) }) {
            return "it translates, at /v1/realtime/translations"
        }
        if transcribing.contains(where: { $0.matches(model) }) {
            return "it transcribes, with ?intent=transcription"
        }
        return nil
    }

    private static func patterns(_ texts: String...) -> [NamePattern] {
        texts.compactMap(NamePattern.init)
    }
}
