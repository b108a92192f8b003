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
}
