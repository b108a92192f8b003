/// Turns what somebody said about themselves around: "my own dog" becomes "your own dog".
struct Reflections: Sendable, Equatable {
    /// By the key of a word.
    private var words: [String: String]

    init(_ pairs: some Sequence<(String, String)>) {
        words = [:]
        for (from, to) in pairs { words[Utterance.Word.key(from)] = to }
    }

    /// What a script gets which names none: English pronouns and the forms of "to be" beside them.
    static let english = Reflections([
        ("I", "you"), ("me", "you"), ("my", "your"), ("mine", "yours"), ("myself", "yourself"),
        ("am", "are"), ("I'm", "you are"), ("I've", "you have"), ("I'll", "you will"),
        ("I'd", "you would"), ("you", "me"), ("your", "my"), ("yours", "mine"),
        ("yourself", "myself"), ("you're", "I am"), ("you've", "I have"), ("you'll", "I will"),
        ("was", "were"), ("our", "your"), ("ours", "yours"), ("ourselves", "yourselves"),
    ])

    func reflect(_ words: some Sequence<Utterance.Word>) -> String {
        words.map { self.words[$0.key] ?? $0.text }.joined(separator: " ")
    }
}
