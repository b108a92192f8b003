import Testing

@testable import ParleySession

@Suite("Speech to text map")
struct SpeechTextMapTests {
    private func map(_ clauses: [(String, Int)], isWhole: Bool = true) -> SpeechTextMap {
        var map = SpeechTextMap()
        for (text, count) in clauses {
            map.begin(text)
            map.extend(by: count)
            if isWhole { map.end() }
        }
        return map
    }

    @Test("Nothing was heard of what has not sounded")
    func nothing() {
        #expect(map([("Hello there.", 24_000)]).text(heard: 0) == "")
        #expect(SpeechTextMap().text(heard: 5) == "")
    }

    @Test("Whole clauses that ended before were heard whole")
    func whole() {
        let map = map([("One.", 1_000), (" Two.", 1_000)])
        #expect(map.text(heard: 1_000) == "One.")
        #expect(map.text(heard: 2_000) == "One. Two.")
        #expect(map.text(heard: 99_999) == "One. Two.")
    }

    @Test("A clause that was cut was heard in proportion, back to its last whole word")
    func proportion() {
        let map = map([("alpha beta gamma delta", 22_000)])
        #expect(map.text(heard: 13_000) == "alpha beta ")
        #expect(map.text(heard: 4_999) == "")
    }

    @Test("Scripts without spaces are cut between characters")
    func withoutSpaces() {
        #expect(map([("今日は元気です", 7_000)]).text(heard: 3_000) == "今日は")
    }

    @Test("Of a clause that was broken off, the length is guessed from those before")
    func brokenOff() {
        var map = map([("aaaa bbbb ", 10_000)])
        map.begin("cccc dddd ")
        map.extend(by: 5_000)
        #expect(map.text(heard: 15_000) == "aaaa bbbb cccc ")
    }

    @Test("Negative positions are nothing")
    func negative() {
        #expect(map([("One.", 1_000)]).text(heard: -5) == "")
    }
}
