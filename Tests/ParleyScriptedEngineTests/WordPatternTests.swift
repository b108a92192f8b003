import Testing

@testable import ParleyScriptedEngine

@Suite("Words are matched")
struct WordPatternTests {
    private func captures(_ pattern: String, _ text: String) throws -> [String]? {
        let words = Utterance(text).sentences.first ?? []
        let pattern = try WordPattern(pattern, sets: ["mood": ["sad", "glad"]])
        return pattern.captures(in: words)?.map { Utterance.text(of: words[$0]) }
    }

    @Test(
        "A pattern captures what its gaps stand for",
        arguments: [
            ("hello", "Hello!", []),
            ("hello|hi", "hi", []),
            ("hello", "hello there", nil),
            ("my name is _", "My name is Ada.", ["Ada"]),
            ("my name is _", "my name is", nil),
            ("* i am +", "well, I am a bit tired", ["well", "a bit tired"]),
            ("* i am +", "i am", nil),
            ("* i am *", "i am", ["", ""]),
            ("* i am @mood *", "today i am sad again", ["today", "sad", "again"]),
            ("* a * b", "a a b b", ["", "a b"]),
            ("+ a +", "a a a", ["a", "a"]),
            ("* a _ *", "x a b c", ["x", "b", "c"]),
            ("don't *", "Dont go", ["go"]),
            ("dont *", "don’t go", ["go"]),
            ("*", "", [""]),
            ("* * *", "a b", ["", "", "a b"]),
        ] as [(String, String, [String]?)]
    )
    func capture(pattern: String, text: String, expected: [String]?) throws {
        #expect(try captures(pattern, text) == expected)
    }

    @Test("Many gaps over many words take no time")
    func linearTime() throws {
        let pattern = Array(repeating: "* a", count: 60).joined(separator: " ") + " b"
        let text = Array(repeating: "a", count: 250).joined(separator: " ")
        #expect(try captures(pattern, text) == nil)
    }

    @Test("A sentence ends at its mark, a number does not")
    func sentences() {
        let utterance = Utterance("Hello. It costs 3.50 now! Really?  ... yes")
        #expect(
            utterance.sentences.map { $0.map(\.key) } == [
                ["hello"], ["it", "costs", "3.50", "now"], ["really"], ["yes"],
            ]
        )
    }

    @Test("What goes beyond the limit of words is not looked at")
    func wordLimit() {
        let utterance = Utterance(String(repeating: "a ", count: 10_000))
        #expect(utterance.sentences.first?.count == Utterance.wordLimit)
    }

    @Test("A long run without spaces is one bounded word")
    func longWord() {
        let utterance = Utterance(String(repeating: "a", count: 100_000))
        #expect(utterance.sentences.first?.first?.text.count == 64)
    }

    @Test(
        "What is no pattern is refused",
        arguments: [
            ("", "empty pattern"), ("@joy", "there are @mood"), ("a ??", "expected a word"),
        ]
    )
    func faults(text: String, message: String) {
        let fault = #expect(throws: WordPattern.Fault.self) {
            try WordPattern(text, sets: ["mood": []])
        }
        #expect(fault?.message.contains(message) == true)
    }

    @Test("What somebody said of themselves is turned around")
    func reflection() {
        let words = Utterance("I'm sure you took my hat from me").sentences[0]
        #expect(Reflections.english.reflect(words) == "you are sure me took your hat from you")
    }
}
