import ParleyNames
import Testing

@Suite("Near names")
struct NearMatchTests {
    @Test(
        "A slip of the finger is near, another word is not",
        arguments: [
            ("prot", "port"), ("por", "port"), ("portt", "port"),
            ("silence_duraton", "silence_duration"), ("SILENCE_DURATION", "silence_duration"),
            ("Hos", "host"),
            ("zebra", nil), ("a", nil),
        ] as [(String, String?)]
    )
    func nearest(name: String, expected: String?) {
        let names = ["port", "host", "silence_duration", "b"]
        #expect(NearMatch.nearest(to: name, among: names) == expected)
    }

    @Test("What is near is told from near to far, each once")
    func all() {
        let names = ["posts", "port", "ports", "port", "host"]
        #expect(NearMatch.all(near: "ports", among: names) == ["ports", "posts", "port"])
    }
}
