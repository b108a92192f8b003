import ParleyRealtime
import ParleySession
import Testing

@testable import ParleyRuntime

@Suite struct TranslationTimerTests {
    private let start = ContinuousClock.now
    private var timer = TranslationTimer(backlog: 16)

    private mutating func perform(_ effect: Session.Effect, at milliseconds: Int) {
        #expect(timer.observe(.perform(effect), at: start + .milliseconds(milliseconds)) == nil)
    }

    private mutating func speak(at milliseconds: Int) -> Duration? {
        let event = ServerEvent(
            id: "event_1",
            .sessionOutputTranscriptDelta(delta: "Hola.", elapsed: .zero)
        )
        return timer.observe(.send(event), at: start + .milliseconds(milliseconds))
    }

    private func translate(_ item: ItemID) -> Session.Effect {
        var request = Session.GenerationRequest(
            model: "parley",
            instructions: "",
            context: [],
            conversationID: "conv_1"
        )
        request.task = .translate(item, into: "es")
        return .startGeneration("resp_1", request)
    }

    @Test("A translation takes from the end of its stretch to the first of it, and that once")
    mutating func one() {
        perform(.finishTranscription("item_1"), at: 100)
        perform(translate("item_1"), at: 300)
        #expect(speak(at: 450) == .milliseconds(350))
        #expect(speak(at: 500) == nil)
    }

    @Test("A stretch waits for those before it, and that counts")
    mutating func backlog() {
        perform(.finishTranscription("item_1"), at: 0)
        perform(translate("item_1"), at: 10)
        perform(.finishTranscription("item_2"), at: 100)
        #expect(speak(at: 200) == .milliseconds(200))
        perform(translate("item_2"), at: 900)
        #expect(speak(at: 1_000) == .milliseconds(900))
    }

    @Test("Where a pause has given the text, the stretch ends when its recogniser is let go")
    mutating func speculation() {
        perform(.cancelTranscription("item_1"), at: 50)
        perform(translate("item_1"), at: 50)
        #expect(speak(at: 90) == .milliseconds(40))
    }

    @Test("Stretches without words are forgotten")
    mutating func wordless() {
        perform(.finishTranscription("item_1"), at: 0)
        for number in 2...200 {
            perform(.finishTranscription(ItemID(rawValue: "item_\(number)")), at: number)
        }
        perform(translate("item_1"), at: 500)
        #expect(speak(at: 510) == .milliseconds(10))
    }
}
