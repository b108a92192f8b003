internal import ParleyRealtime

/// How long a pause `semantic_vad` takes for the end of a turn, where no turn model helps.
///
/// The rule: a pause of 1.6, 0.8 or 0.5 s for low, medium and high eagerness; but if the words so
/// far end in one that leaves a sentence open ("and", "the", "um"), the longest wait that the
/// reference names: 8, 4 or 2 s. Words that come late count as soon as they are there, and the turn
/// ends where the usual pause does, whatever was waited for.
struct SemanticPause: Sendable, Equatable {
    /// How long it is where nothing else is known.
    let usual: Duration
    private let longest: Duration

    init(_ eagerness: SemanticVAD.Eagerness) {
        switch eagerness {
        case .low: (usual, longest) = (.milliseconds(1_600), .seconds(8))
        case .medium, .auto: (usual, longest) = (.milliseconds(800), .seconds(4))
        case .high: (usual, longest) = (.milliseconds(500), .seconds(2))
        }
    }

    /// English words after which people go on.
    private static let openWords: Set<String> = [
        "a", "about", "am", "an", "and", "are", "as", "at", "because", "but", "by", "er", "for",
        "from", "he", "hmm", "i", "if", "in", "into", "is", "like", "my", "of", "on", "or", "our",
        "she", "so", "than", "that", "the", "their", "then", "they", "this", "to", "uh", "uhm",
        "um", "was", "we", "well", "were", "when", "which", "while", "who", "with", "you", "your",
    ]

    /// How long to wait after these words.
    func duration(after words: String) -> Duration {
        // Words are short: the tail is enough, and partials come often.
        let tail = words.utf8.count > 64 ? words.suffix(32) : words[...]
        let last = tail.split(whereSeparator: \.isWhitespace).last ?? ""
        return Self.openWords.contains(last.lowercased()) ? longest : usual
    }
}
