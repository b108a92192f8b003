import ParleyNames
import Testing

@Suite("Name patterns")
struct NamePatternTests {
    @Test(
        "A star stands for any characters, a question mark for one",
        arguments: [
            ("gpt-realtime*", "gpt-realtime"), ("gpt-realtime*", "gpt-realtime-2025-08-28"),
            ("*", "anything"), ("*", ""), ("whisper-?", "whisper-1"), ("*-preview", "a-preview"),
            ("gpt-*-realtime-*", "gpt-4o-realtime-preview"), ("a*b*c", "abbbc"),
            ("**", "x"), ("a?c", "aßc"), ("plain", "plain"), ("a*ab", "aaab"),
        ]
    )
    func matches(pattern: String, name: String) throws {
        #expect(try #require(NamePattern(pattern)).matches(name))
    }

    @Test(
        "What differs elsewhere is another name",
        arguments: [
            ("gpt-realtime*", "gpt-realtim"), ("gpt-realtime*", "my-gpt-realtime"),
            ("whisper-?", "whisper-"), ("whisper-?", "whisper-10"), ("plain", "Plain"),
            ("plain", ""), ("?", ""), ("a*b", "abc"), ("[a-z]", "b"),
        ]
    )
    func differs(pattern: String, name: String) throws {
        #expect(try !#require(NamePattern(pattern)).matches(name))
    }

    @Test("Many stars against a long name end in good time")
    func manyStars() throws {
        let pattern = try #require(NamePattern(String(repeating: "a*", count: 50) + "b"))
        #expect(!pattern.matches(String(repeating: "a", count: 2_000)))
    }

    @Test(
        "What can be shown for a pattern is a name that it stands for",
        arguments: [
            ("gpt-realtime*", "gpt-realtime"), ("plain", "plain"), ("*", nil), ("a*b", nil),
            ("whisper-?", nil), ("gpt-*", nil),
        ] as [(String, String?)]
    )
    func stem(pattern: String, stem: String?) throws {
        let pattern = try #require(NamePattern(pattern))
        #expect(pattern.stem == stem)
        if let stem { #expect(pattern.matches(stem)) }
    }

    @Test("An empty text is no pattern")
    func empty() {
        #expect(NamePattern("") == nil)
    }
}
