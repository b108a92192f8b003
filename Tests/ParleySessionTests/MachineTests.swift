import ParleyRealtime
import Testing

@testable import ParleySession

@Suite("Idle timer")
struct IdleTimerTests {
    private let end = Instant(.seconds(10))

    @Test("It fires once, when the answer was played and the time is over")
    func fires() {
        var timer = IdleTimer()
        timer.start(after: end, timeout: .seconds(5))
        #expect(timer.deadline == Instant(.seconds(15)))
        let early = timer.fire(at: Instant(.seconds(14)))
        let due = timer.fire(at: Instant(.seconds(15)))
        let again = timer.fire(at: Instant(.seconds(99)))
        #expect((early, due, again) == (false, true, false))
    }

    @Test("Without a timeout it does not wait, and a stop ends the wait")
    func stops() {
        var timer = IdleTimer()
        timer.start(after: end, timeout: nil)
        #expect(timer.deadline == nil)
        timer.start(after: end, timeout: .seconds(5))
        timer.stop()
        let fired = timer.fire(at: Instant(.seconds(99)))
        #expect(!fired && timer.deadline == nil)
    }
}

@Suite("Ids")
struct IdentifierSourceTests {
    @Test("Ids have the wire's shapes")
    func shapes() {
        var ids = IdentifierSource(seed: 7)
        let item: ItemID = ids.next()
        let call: FunctionCallID = ids.next()
        #expect(item.rawValue.hasPrefix("item_") && item.rawValue.count == 26)
        #expect(call.rawValue.hasPrefix("call_") && call.rawValue.count == 21)
        #expect(
            item.rawValue.dropFirst(5).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        )
    }

    @Test("The same seed makes the same ids, and never one twice")
    func seeds() {
        var first = IdentifierSource(seed: 7)
        var second = IdentifierSource(seed: 7)
        let ids: [EventID] = (0..<5_000).map { _ in first.next() }
        #expect(Set(ids).count == 5_000)
        #expect(ids == (0..<5_000).map { _ in second.next() })
    }
}

@Suite("Positions")
struct SamplePositionTests {
    @Test("Durations become samples and back")
    func roundTrip() {
        #expect(Duration.milliseconds(100).sampleCount == 2_400)
        #expect(Duration(samples: 24) == .milliseconds(1))
        #expect(Duration.microseconds(1_500).sampleCount == 36)
    }

    @Test(
        "Durations that a client made up are safe",
        arguments: [
            Duration.seconds(Int64.max), .seconds(-5), .milliseconds(-1), .zero,
        ]
    )
    func extremes(duration: Duration) {
        #expect((0...24_000_024_000).contains(duration.sampleCount))
    }
}

@Suite("Voices")
struct VoiceCatalogTests {
    private let voices = VoiceCatalog(voices: ["slt", "kal16"])

    @Test(
        "The pipeline's voices and the vendor's names are taken",
        arguments: [
            "slt", "kal16", "alloy", "marin",
        ]
    )
    func known(name: String) {
        #expect(voices.check(.named(name), param: "p") == nil)
    }

    @Test("An unknown voice is refused with what there is and what is near")
    func unknown() {
        let error = voices.check(.named("kal"), param: "p")
        #expect(error?.code == .invalidValue && error?.param == "p")
        #expect(error?.message.contains("Did you mean kal16?") == true)
        #expect(error?.message.contains("slt, kal16") == true)
        #expect(voices.check(.named("zzzzzz"), param: "p")?.message.contains("mean") == false)
    }

    @Test("A pipeline that can't tell its voices takes any")
    func any() {
        #expect(VoiceCatalog(voices: []).check(.named("x"), param: "p") == nil)
    }
}

@Suite("Semantic pause")
struct SemanticPauseTests {
    @Test(
        "Words that leave a sentence open make the wait long",
        arguments: [
            (SemanticVAD.Eagerness.low, 1_600, 8_000), (.medium, 800, 4_000), (.auto, 800, 4_000),
            (.high, 500, 2_000),
        ]
    )
    func waits(eagerness: SemanticVAD.Eagerness, usual: Int, longest: Int) {
        let pause = SemanticPause(eagerness)
        #expect(pause.duration(after: "I am here") == .milliseconds(usual))
        #expect(pause.duration(after: "I would like a pizza and") == .milliseconds(longest))
        #expect(pause.duration(after: "") == .milliseconds(usual))
    }
}
