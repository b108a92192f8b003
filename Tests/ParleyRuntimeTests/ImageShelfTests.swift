import ParleySession
import Testing

@testable import ParleyRuntime

@Suite("What came of the URLs of images")
struct ImageShelfTests {
    /// A data URL of so many bytes of image, about.
    private func image(_ byteCount: Int, _ letter: Character = "A") -> String {
        String(repeating: letter, count: byteCount / 3 * 4)
    }

    @Test("What was kept is found by its URL, and nothing else is")
    func finds() {
        var shelf = ImageShelf(limit: 1_000)
        shelf.keep(.image(image(30)), of: "a")
        shelf.keep(.lost, of: "b")
        #expect(shelf.find("a") == .image(image(30)))
        #expect(shelf.find("b") == .lost)
        #expect(shelf.find("c") == nil)
    }

    @Test("What was used longest ago leaves first")
    func forgets() {
        var shelf = ImageShelf(limit: 700)
        for url in ["a", "b"] { shelf.keep(.image(image(300)), of: url) }
        _ = shelf.find("a")
        shelf.keep(.image(image(300)), of: "c")
        #expect(shelf.find("a") != nil && shelf.find("b") == nil && shelf.find("c") != nil)
    }

    @Test("What was lost may be found again, and counts no more for what it was before")
    func replaces() {
        var shelf = ImageShelf(limit: 700)
        for _ in 1...9 {
            shelf.keep(.lost, of: "a")
            shelf.keep(.image(image(300)), of: "a")
        }
        shelf.keep(.image(image(300)), of: "b")
        #expect(shelf.find("a") == .image(image(300)))
    }

    @Test("URLs that lead nowhere have the same bound")
    func forgetsLost() {
        var shelf = ImageShelf(limit: 100)
        for number in 10...99 { shelf.keep(.lost, of: "https://\(number)") }
        #expect(shelf.find("https://10") == nil)
        #expect(shelf.find("https://99") == .lost)
    }

    @Test("As much is kept as a response may have, and that is what a conversation may hold")
    func bounds() {
        let limit = Limits().conversationImageByteCount
        let largest = ImagePolicy.byteCounts.upperBound
        let url = "data:image/jpeg;base64," + image(largest)
        #expect(ImageShelf.byteCount(url) <= limit)
        var shelf = ImageShelf(limit: limit)
        shelf.keep(.image("kept"), of: "a")
        shelf.keep(.image(image(largest - 10)), of: "b")
        #expect(shelf.find("a") != nil)
    }
}
