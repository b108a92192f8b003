import ParleyRealtime
import Testing

@testable import ParleyRuntime

@Suite struct TurnTimerTests {
    private let start = ContinuousClock.now
    private var timer = TurnTimer()

    private func part(of response: ResponseID) -> PartLocation {
        PartLocation(responseID: response, itemID: "item_2", outputIndex: 0, contentIndex: 0)
    }

    private func response(_ id: ResponseID, isBeside: Bool = false) -> Response {
        Response(
            id: id,
            conversationID: isBeside ? nil : "conv_1",
            configuration: SessionConfiguration(model: "parley", voice: .named("slt"))
        )
    }

    private mutating func observe(
        _ event: ServerEvent.Body,
        after milliseconds: Int = 0
    )
        -> TurnTimer.Reading?
    {
        timer.observe(event, at: start + .milliseconds(milliseconds))
    }

    private let stopped = ServerEvent.Body.inputAudioBufferSpeechStopped(
        audioEnd: .seconds(1),
        itemID: "item_1"
    )

    @Test("The latency of a turn runs from the end of speech to the first output of its response")
    mutating func timesTurn() {
        #expect(observe(stopped) == nil)
        #expect(observe(.responseCreated(response("resp_1"))) == nil)
        let delta = ServerEvent.Body.responseOutputAudioDelta(part(of: "resp_1"), audio: [0, 0])
        #expect(observe(delta, after: 120) == .turnLatency(.milliseconds(120)))
    }

    @Test("Only the first output of a turn is timed")
    mutating func timesOnce() {
        _ = observe(stopped)
        _ = observe(.responseCreated(response("resp_1")))
        _ = observe(.responseOutputTextDelta(part(of: "resp_1"), delta: "a"))
        #expect(observe(.responseOutputTextDelta(part(of: "resp_1"), delta: "b")) == nil)
    }

    @Test("Output of a response that speech did not interrupt answers no turn")
    mutating func ignoresRunningResponse() {
        _ = observe(.responseCreated(response("resp_1")))
        _ = observe(stopped)
        let old = ServerEvent.Body.responseOutputAudioDelta(part(of: "resp_1"), audio: [0, 0])
        #expect(observe(old, after: 10) == nil)
        _ = observe(.responseCreated(response("resp_2")))
        #expect(observe(old, after: 20) == nil)
        let new = ServerEvent.Body.responseOutputAudioDelta(part(of: "resp_2"), audio: [0, 0])
        #expect(observe(new, after: 30) == .turnLatency(.milliseconds(30)))
    }

    @Test("A response beside the conversation answers no turn")
    mutating func ignoresResponseBeside() {
        _ = observe(stopped)
        _ = observe(.responseCreated(response("resp_1", isBeside: true)))
        #expect(observe(.responseOutputTextDelta(part(of: "resp_1"), delta: "a")) == nil)
        _ = observe(.responseCreated(response("resp_2")))
        let text = ServerEvent.Body.responseOutputTextDelta(part(of: "resp_2"), delta: "a")
        #expect(observe(text, after: 5) == .turnLatency(.milliseconds(5)))
    }

    @Test("A turn whose response ends without output has no latency")
    mutating func endsWithoutOutput() {
        _ = observe(stopped)
        _ = observe(.responseCreated(response("resp_1")))
        _ = observe(.responseDone(response("resp_1")))
        _ = observe(.responseCreated(response("resp_2")))
        #expect(observe(.responseOutputTextDelta(part(of: "resp_2"), delta: "a")) == nil)
    }

    @Test("Speech that goes on makes the turn begin anew")
    mutating func speechGoesOn() {
        _ = observe(stopped)
        _ = observe(.inputAudioBufferSpeechStarted(audioStart: .seconds(2), itemID: "item_3"))
        _ = observe(.responseCreated(response("resp_1")))
        #expect(observe(.responseOutputTextDelta(part(of: "resp_1"), delta: "a")) == nil)
    }
}
