import Testing

@testable import ParleySession

@Suite("Clause chunker")
struct ClauseChunkerTests {
    /// The clauses of a text that comes in pieces of so many characters.
    private func clauses(_ text: String, piece: Int = 3) -> [String] {
        var chunker = ClauseChunker()
        var clauses: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            clauses += chunker.append(String(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        return clauses + [chunker.finish()].compactMap { $0 }
    }

    static let texts = [
        "Well, of course. The answer is 3.14, as Dr. Smith says on www.example.org; e.g. there.",
        "今日は。元気ですか？はい、とても元気です。それでは、また明日お会いしましょう。",
        "你好！今天的天气很好，我们去公园散步吧。你觉得怎么样？",
        "नमस्ते। आप कैसे हैं? मैं ठीक हूँ॥ धन्यवाद।",
        "مرحبا، كيف حالك؟ أنا بخير، شكرا لك. وأنت؟",
        "สวัสดีครับ วันนี้อากาศดีมาก เราไปเดินเล่นที่สวนสาธารณะกันไหม",
        "안녕하세요. 오늘 날씨가 정말 좋네요. 같이 산책하러 갈까요?",
        "Ένα, δύο; Три! — \"Quoted.\" (In brackets.) …and so on\n\n- a list\n- of things",
        "   ", "", "?!", "🙂🙂", "a",
    ]

    @Test("Clauses put together are the text", arguments: texts, [1, 3, 1_000])
    func whole(text: String, piece: Int) {
        #expect(clauses(text, piece: piece).joined() == text)
    }

    @Test("However the text is cut, the clauses are the same", arguments: texts)
    func independentOfPieces(text: String) {
        #expect(clauses(text, piece: 1) == clauses(text, piece: 1_000))
    }

    @Test("The first clause ends at the first comma that leaves something to say")
    func firstComma() {
        #expect(clauses("Of course, I can help you.").first == "Of course,")
        #expect(clauses("Yes, I can. Of course.").first == "Yes, I can.")
    }

    @Test("A clause is there as soon as the character behind it is")
    func early() {
        var chunker = ClauseChunker()
        #expect(chunker.append("Hello.").isEmpty)
        #expect(chunker.append(" ") == ["Hello."])
    }

    @Test("Short sentences after the first are spoken together")
    func shortSentences() {
        #expect(
            clauses("Hello. I see. I do. Really, I do see that now. Yes.")
                == ["Hello.", " I see. I do. Really, I do see that now.", " Yes."]
        )
    }

    @Test(
        "Decimals, addresses, abbreviations, initials and list numbers end nothing",
        arguments: [
            "It is 3.14 or so", "See www.example.org now", "Ask Dr. Smith now",
            "Fruit, e.g. apples",
            "By J. S. Bach now", "1. Preheat the oven",
        ]
    )
    func noEnd(text: String) {
        #expect(clauses(text).allSatisfy { !$0.hasSuffix(".") })
    }

    @Test("Full stops of other scripts end sentences without a space")
    func otherScripts() {
        #expect(clauses("今日は。元気ですか？").first == "今日は。")
        #expect(clauses("नमस्ते। आप कैसे हैं?").first == "नमस्ते।")
        #expect(clauses("مرحبا؟ أنا بخير").first == "مرحبا؟")
    }

    @Test("Quotes and brackets stay with the sentence they close")
    func closing() {
        #expect(clauses("He said \"No.\" And left").first == "He said \"No.\"")
        #expect(clauses("「はい。」と言った").first == "「はい。」")
    }

    @Test("Text without any end is cut by its length, at a space where there is one")
    func forced() {
        let words = clauses(String(repeating: "word ", count: 200))
        #expect(words.dropLast().allSatisfy { $0.hasSuffix(" ") && $0.count <= 201 })
        let letters = clauses(String(repeating: "x", count: 2_000))
        #expect(letters.allSatisfy { $0.count <= 201 })
        let wide = clauses(String(repeating: "字", count: 300))
        #expect(wide.allSatisfy { $0.count <= 67 })
    }

    @Test("Thai is cut at its spaces, and marks stay with their letters")
    func thai() {
        let long = String(repeating: "ที่นี่", count: 100)
        let cut = clauses(long)
        #expect(cut.count > 1)
        #expect(cut.joined() == long)
        #expect(
            cut.allSatisfy { $0.unicodeScalars.first?.properties.isGraphemeExtend == false }
        )
    }

    @Test("Endless marks without a letter stay bounded")
    func marks() {
        let zalgo = "a" + String(repeating: "\u{0301}", count: 5_000)
        var chunker = ClauseChunker()
        let cut = chunker.append(zalgo)
        #expect(cut.allSatisfy { $0.unicodeScalars.count <= 201 })
    }

    @Test("Punctuation and pictures alone can't be said")
    func speakable() {
        #expect(!ClauseChunker.isSpeakable(" … 🙂 — "))
        #expect(ClauseChunker.isSpeakable("7"))
        #expect(ClauseChunker.isSpeakable("字"))
    }
}
