import Testing

@testable import ParleyPocketSphinxEngine

@Suite("Text of the recogniser")
struct RecogniserTextTests {
    @Test("Sounds that are no words and numbers of pronunciations are left out")
    func plainWords() {
        #expect(
            PlainWords.text(of: "<s> <sil> the(2) [NOISE] cat ++BREATH++ sat </s>") == "the cat sat"
        )
        #expect(PlainWords.text(of: "") == "")
        #expect(PlainWords.text(of: "  ") == "")
    }

    @Test("Brackets that aren't numbers of pronunciations stay")
    func brackets() {
        #expect(PlainWords.text(of: "(2) a(b) ()") == "(2) a(b) ()")
    }

    @Test("Words on which three guesses agree are stable")
    func agreement() {
        var stable = StableWords()
        for guess in ["go", "go for", "go forward"] { stable.add(guess) }
        #expect(stable.characterCount == 2)
        for guess in ["go forward ten", "go forward tent"] { stable.add(guess) }
        #expect(stable.characterCount == 10)
    }

    @Test("A guess that takes back stable words has none")
    func takenBack() {
        var stable = StableWords()
        for guess in ["go on", "go on", "go on", "no one"] { stable.add(guess) }
        #expect(stable.characterCount == 0)
    }
}
