import ParleyNames
import ParleyRealtime
import Testing

@testable import ParleySession

@Suite("Idle timer")
struct IdleTimerTests {
    private let end = Instant(.seconds(10))

    private let wait = IdleTimer.Wait(timeout: .seconds(5), position: 0)

    @Test("It fires once, when the answer was played and the time is over")
    func fires() {
        var timer = IdleTimer()
        timer.start(wait, after: end)
        #expect(timer.deadline == Instant(.seconds(15)))
        let early = timer.fire(at: Instant(.seconds(14)))
        let due = timer.fire(at: Instant(.seconds(15)))
        let again = timer.fire(at: Instant(.seconds(99)))
        #expect(early == nil && due == wait && again == nil)
    }

    @Test("A stop ends the wait")
    func stops() {
        var timer = IdleTimer()
        #expect(timer.deadline == nil)
        timer.start(wait, after: end)
        timer.stop()
        let fired = timer.fire(at: Instant(.seconds(99)))
        #expect(fired == nil && timer.deadline == nil)
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

@Suite("Names in updates")
struct NamesInUpdatesTests {
    private var rules: ConfigurationUpdate {
        ConfigurationUpdate(
            defaults: configuration,
            names: SessionNames(
                recognisers: NameTable(["ears"]),
                models: NameTable(["parley", "qwen3:4b"])
            ),
            toolServers: ToolServerRules(),
            toolServerCount: 1,
            prompts: PromptCatalog(),
            voiceHeard: nil,
            isResponding: false
        )
    }
    private let configuration = SessionConfiguration(model: "parley", voice: .named("slt"))

    private func outcome(
        _ change: (inout SessionUpdate) -> Void
    ) -> Result<SessionConfiguration, ProtocolError> {
        var update = SessionUpdate()
        change(&update)
        return rules.applied(update, to: configuration)
    }

    @Test("Another name for the session's model is taken and shown")
    func sameModel() throws {
        #expect(try outcome { $0.model = .set("qwen3:4b") }.get().model == "qwen3:4b")
    }

    @Test("Another model is refused")
    func otherModel() {
        let error = #expect(throws: ProtocolError.self) {
            try outcome { $0.model = .set("kitchen") }.get()
        }
        #expect(error?.param == "session.model")
    }

    @Test("A recogniser that a strict server doesn't have is refused, with what it has")
    func recogniser() {
        let error = #expect(throws: ProtocolError.self) {
            try outcome { update in
                var transcription = TranscriptionUpdate()
                transcription.model = .set("eras")
                update.transcription = .set(transcription)
            }
            .get()
        }
        #expect(error?.param == "session.audio.input.transcription.model")
        #expect(error?.message.contains("did you mean \"ears\"?") == true)
    }
}

@Suite("Voices")
struct VoiceNameTests {
    private let names = SessionNames(
        voices: NameTable(
            ["slt", "kal16"],
            aliases: ["alloy", "m*"].compactMap(NamePattern.init).map { .init($0, for: "slt") }
        )
    )

    @Test(
        "The pipeline's voices and other names for them are taken",
        arguments: [
            "slt", "kal16", "alloy", "marin",
        ]
    )
    func known(name: String) {
        #expect(names.fault(of: .named(name), param: "p") == nil)
    }

    @Test("An unknown voice is refused with what there is and what is near")
    func unknown() {
        let error = names.fault(of: .named("kal"), param: "p")
        #expect(error?.code == .invalidValue && error?.param == "p")
        #expect(error?.message.contains("did you mean \"kal16\"?") == true)
        #expect(error?.message.contains("one of: kal16, slt.") == true)
        #expect(names.fault(of: .named("zzzzzz"), param: "p")?.message.contains("mean") == false)
    }

    @Test("A pipeline that can't tell its voices takes any")
    func any() {
        #expect(SessionNames().fault(of: .named("x"), param: "p") == nil)
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
