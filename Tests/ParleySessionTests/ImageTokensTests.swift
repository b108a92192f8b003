import ParleyRealtime
import Testing

@testable import ParleySession

@Suite("Tokens of images")
struct ImageTokensTests {
    @Test(
        "A base, and as much again for each tile of what is left after scaling",
        arguments: [
            (1, 1, 255), (512, 512, 255), (513, 512, 425), (1_024, 1_024, 765),
            (2_048, 4_096, 1_105), (4_096, 8_192, 1_105), (10_000, 100, 765), (768, 768, 765),
        ]
    )
    func tiles(width: Int, height: Int, tokens: Int) {
        let size = ImageHeader.Size(width: width, height: height)
        #expect(ImageTokens.count(size, detail: nil) == tokens)
        #expect(ImageTokens.count(size, detail: "high") == tokens)
    }

    @Test("Low detail is the base alone")
    func low() {
        let size = ImageHeader.Size(width: 4_000, height: 4_000)
        #expect(ImageTokens.count(size, detail: "low") == 85)
    }

    @Test("An unknown size counts as a usual one")
    func unknown() {
        #expect(ImageTokens.count(nil, detail: "auto") == 765)
    }
}
