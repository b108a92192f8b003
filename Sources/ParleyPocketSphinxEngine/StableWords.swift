/// Judges which words of a growing hypothesis will stay.
///
/// The recogniser doesn't tell, and the end of a sentence may still change its beginning. Words on
/// which the last guesses agree stay as a rule.
struct StableWords {
    /// Guesses that must agree, one each 200 ms.
    private static let agreement = 3

    private var guesses: [[Substring]] = []
    private(set) var words: [Substring] = []

    /// Takes the next guess.
    mutating func add(_ text: String) {
        guesses.append(text.split(separator: " "))
        guard guesses.count >= Self.agreement else { return }
        let common = guesses.dropFirst().reduce(guesses[0]) { common, guess in
            zip(common, guess).prefix { $0 == $1 }.map(\.0)
        }
        if common.count > words.count, common.starts(with: words) { words = common }
        guesses.removeFirst()
    }

    /// How many characters of the newest guess are stable.
    var characterCount: Int {
        guard let newest = guesses.last, newest.starts(with: words) else { return 0 }
        return words.joined(separator: " ").count
    }
}
