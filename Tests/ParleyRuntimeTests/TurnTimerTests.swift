import ParleyRealtime
import Testing

@testable import ParleyRuntime

@Suite struct TurnTimerTests {
    private let start = ContinuousClock.now
    private let part = PartLocation(
        responseID: "resp_1",
        itemID: "item_2",
        outputIndex: 0,
        contentIndex: 0
    )

    @Test("The latency of a turn runs from the end of speech to the first output")
    func timesTurn() {
        var timer = TurnTimer()
        let stopped = ServerEvent.Body.inputAudioBufferSpeechStopped(
            audioEnd: .seconds(1),
            itemID: "item_1"
        )
        #expect(timer.observe(stopped, at: start) == nil)
        let first = timer.observe(
            .responseOutputAudioDelta(part, audio: [0, 0]),
            at: start + .milliseconds(120)
        )
        #expect(first == .turnLatency(.milliseconds(120)))
    }

    @Test("Only the first output of a turn is timed")
    func timesOnce() {
        var timer = TurnTimer()
        _ = timer.observe(
            .inputAudioBufferSpeechStopped(audioEnd: .zero, itemID: "item_1"),
            at: start
        )
        _ = timer.observe(.responseOutputTextDelta(part, delta: "a"), at: start)
        #expect(timer.observe(.responseOutputTextDelta(part, delta: "b"), at: start) == nil)
    }
}
