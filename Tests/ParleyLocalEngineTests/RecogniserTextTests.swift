import ParleyEngine
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

    @Test("Words of several segments are pieces of one text")
    func phrases() {
        let words = ["the", "cat"].map { Phrase.Word(text: $0, logprob: -1) }
        let first = Phrase("the cat", words: words)
        let both = Phrase([first, Phrase("", words: []), Phrase("cat", words: [words[1]])])
        #expect(both.text == "the cat cat")
        #expect(both.tokens?.map(\.token) == ["the", " cat", " cat"])
        #expect(Phrase([]).tokens == [])
    }

    @Test("Words that are not those of the text are not told")
    func otherWords() {
        let unknown = Phrase("the dog", words: [Phrase.Word(text: "cat", logprob: -1)])
        #expect(unknown.tokens == nil)
        let both = Phrase([unknown, Phrase("cat", words: [Phrase.Word(text: "cat", logprob: -1)])])
        #expect(both.text == "the dog cat")
        #expect(both.tokens == nil)
    }
}
