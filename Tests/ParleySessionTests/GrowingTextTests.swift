import Testing

@testable import ParleySession

@Suite("Texts that grow")
struct GrowingTextTests {
    @Test("What follows a beginning is told by bytes, so that deltas add up")
    func remainder() {
        #expect("hello".remainder(after: "hel") == "lo")
        #expect("hello".remainder(after: "") == "hello")
        #expect("hello".remainder(after: "jel") == nil)
        // A mark that joins the letter before it.
        #expect("he\u{301}".remainder(after: "he") == "\u{301}")
        // The same letter, written otherwise.
        #expect("e\u{301}!".remainder(after: "\u{E9}") == nil)
    }

    @Test(
        "A beginning never ends within a code point",
        arguments: [(-1, ""), (0, ""), (1, "h"), (2, "h"), (3, "hé"), (4, "hé!"), (9, "hé!")]
    )
    func beginning(count: Int, text: String) {
        #expect("h\u{E9}!".beginning(byteCount: count) == text)
    }
}
