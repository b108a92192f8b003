import ParleyClient
import ParleyJSON
import Testing

@testable import ParleyBench

extension LoadEvent {
    /// An event as a server would send it.
    init(_ event: JSON, at milliseconds: Int) {
        self.init(
            type: event["type"]?.string ?? "",
            text: event.serialized(),
            time: .milliseconds(milliseconds)
        )
    }
}

private let clock = StreamClock(start: .zero, frameDuration: .milliseconds(20))

@Suite("A session that listens")
struct ListenScriptTests {
    @Test("It sets itself up")
    func setUp() {
        var script = ListenScript(frameCount: 3, offset: 0)
        var figures = ListenScript.Figures()
        let created = script.receive(LoadEvent(["type": "session.created"], at: 0), &figures)
        #expect(created == [.send(ListenScript.update)])
        let updated = script.receive(LoadEvent(["type": "session.updated"], at: 0), &figures)
        #expect(updated == [.ready])
    }

    @Test("A session that is refused fails, and its error is counted")
    func refused() {
        var script = ListenScript(frameCount: 3, offset: 0)
        var figures = ListenScript.Figures()
        let error: JSON = ["type": "error", "error": ["code": "rate_limit_exceeded"]]
        #expect(
            script.receive(LoadEvent(error, at: 0), &figures)
                == [.fail("the session was refused: rate_limit_exceeded")]
        )
        #expect(figures.errors.counts == ["rate_limit_exceeded": 1])
    }

    @Test("It goes round its track from its own place")
    func track() {
        var script = ListenScript(frameCount: 3, offset: 5)
        var figures = ListenScript.Figures()
        let frames = (0..<4).map { _ in script.nextFrame(at: .zero, &figures) }
        #expect(frames == [.stored(2), .stored(0), .stored(1), .stored(2)])
    }

    @Test("Delays are counted from the decisive frames")
    func delays() {
        var script = ListenScript(frameCount: 3, offset: 0)
        var figures = ListenScript.Figures()
        _ = script.begin(clock)
        let started: JSON = ["type": "input_audio_buffer.speech_started", "audio_start_ms": 700]
        _ = script.receive(LoadEvent(started, at: 1_023), &figures)
        let stopped: JSON = ["type": "input_audio_buffer.speech_stopped", "audio_end_ms": 1_500]
        _ = script.receive(LoadEvent(stopped, at: 1_507), &figures)
        #expect(figures.speechStarted.maximum == .milliseconds(3))
        #expect(figures.speechStopped.maximum == .milliseconds(7))
        let cut: JSON = ["type": "input_audio_buffer.speech_started", "audio_start_ms": 0]
        _ = script.receive(LoadEvent(cut, at: 2_000), &figures)
        #expect(figures.unplaced == 1)
        #expect(figures.speechStarted.count == 1)
    }
}

@Suite("A session that talks")
struct ConversationScriptTests {
    /// Plays frames up to a moment.
    private func play(
        _ script: inout ConversationScript,
        _ figures: inout ConversationScript.Figures,
        _ range: Range<Int>
    ) -> [LoadFrame] {
        stride(from: range.lowerBound, to: range.upperBound, by: 20).map { time in
            script.nextFrame(at: .milliseconds(time), &figures)
        }
    }

    private func answer(
        _ script: inout ConversationScript,
        _ figures: inout ConversationScript.Figures,
        at time: Int
    ) {
        let events: [(JSON, Int)] = [
            (["type": "input_audio_buffer.speech_stopped", "audio_end_ms": .integer(time)], 10),
            (["type": "response.created"], 13), (["type": "response.output_audio.delta"], 20),
            (["type": "response.output_audio.delta"], 25),
        ]
        for (event, delay) in events {
            _ = script.receive(LoadEvent(event, at: time + delay), &figures)
        }
    }

    private func done(
        _ status: String,
        _ script: inout ConversationScript,
        _ figures: inout ConversationScript.Figures,
        at time: Int
    ) {
        let event: JSON = ["type": "response.done", "response": ["status": .string(status)]]
        _ = script.receive(LoadEvent(event, at: time), &figures)
    }

    @Test("A turn is spoken once, heard, answered and measured stage by stage")
    func turn() {
        var script = ConversationScript(frameCount: 2, delay: .milliseconds(40))
        var figures = ConversationScript.Figures()
        _ = script.begin(clock)
        #expect(
            play(&script, &figures, 0..<120)
                == [.quiet, .quiet, .stored(0), .stored(1), .quiet, .quiet]
        )
        let cut: JSON = ["type": "input_audio_buffer.speech_started", "audio_start_ms": 0]
        _ = script.receive(LoadEvent(cut, at: 90), &figures)
        #expect(figures.onset.count == 0)
        let started: JSON = ["type": "input_audio_buffer.speech_started", "audio_start_ms": 320]
        _ = script.receive(LoadEvent(started, at: 370), &figures)
        answer(&script, &figures, at: 576)
        done("completed", &script, &figures, at: 610)
        #expect(figures.onset.maximum == .milliseconds(50))
        // Speech ended at 76 ms, in the frame that was due at 60 ms.
        #expect(figures.speechStopped.maximum == .milliseconds(526))
        #expect(figures.stopDelay.maximum == .milliseconds(26))
        #expect(figures.responseCreated.maximum == .milliseconds(3))
        #expect(figures.firstAudio.maximum == .milliseconds(7))
        #expect(figures.firstAudio.count == 1)
        #expect(figures.voiceToVoice.maximum == .milliseconds(536))
        #expect(figures.turns == 1)
        #expect(script.state == .quiet(until: .milliseconds(1_610)))
    }

    @Test("Every second answer is spoken over as soon as the turn is over")
    func interruption() {
        var script = ConversationScript(frameCount: 1, delay: .zero)
        var figures = ConversationScript.Figures()
        _ = script.begin(clock)
        _ = play(&script, &figures, 0..<20)
        answer(&script, &figures, at: 500)
        done("completed", &script, &figures, at: 600)
        _ = play(&script, &figures, 1_600..<1_620)
        answer(&script, &figures, at: 2_100)
        #expect(script.state == .quiet(until: .milliseconds(2_110)))
        #expect(play(&script, &figures, 2_120..<2_140) == [.stored(0)])
        let started: JSON = ["type": "input_audio_buffer.speech_started", "audio_start_ms": 2_120]
        _ = script.receive(LoadEvent(started, at: 2_160), &figures)
        done("cancelled", &script, &figures, at: 2_162)
        #expect(figures.cancelled.maximum == .milliseconds(42))
        #expect(figures.onset.maximum == .milliseconds(40))
        answer(&script, &figures, at: 2_800)
        done("completed", &script, &figures, at: 2_900)
        #expect(figures.turns == 3)
        #expect(figures.voiceToVoice.count == 2)
    }

    @Test("An answer that does not come is given up")
    func unanswered() {
        var script = ConversationScript(frameCount: 1, delay: .zero)
        var figures = ConversationScript.Figures()
        _ = script.begin(clock)
        _ = play(&script, &figures, 0..<20)
        _ = script.nextFrame(at: .seconds(31), &figures)
        #expect(figures.unanswered == 1)
        #expect(script.state == .quiet(until: .seconds(32)))
    }

    @Test("An answer that fails is counted and the talk goes on")
    func failed() {
        var script = ConversationScript(frameCount: 1, delay: .zero)
        var figures = ConversationScript.Figures()
        _ = script.begin(clock)
        _ = play(&script, &figures, 0..<20)
        answer(&script, &figures, at: 500)
        done("failed", &script, &figures, at: 600)
        #expect(figures.failed == 1)
        #expect(script.state == .quiet(until: .milliseconds(1_600)))
    }
}

@Suite("A session that appends")
struct AppendScriptTests {
    @Test("Two batches are under way at a time, and each answer counts one")
    func batches() {
        var script = AppendScript(batch: [1, 2])
        var figures = AppendScript.Figures()
        #expect(script.begin(clock) == [.sendFrames([1, 2]), .sendFrames([1, 2])])
        let cleared = LoadEvent(["type": "input_audio_buffer.cleared"], at: 30)
        #expect(script.receive(cleared, &figures) == [.sendFrames([1, 2])])
        #expect(figures.frames == AppendScript.batchLength)
        #expect(figures.batch.maximum == .milliseconds(30))
    }
}

@Suite("Failures of a load")
struct ErrorTallyTests {
    @Test("Reasons are counted, the most frequent first, and only so many kinds")
    func tally() {
        var tally = ErrorTally()
        tally.add("a")
        tally.add("b", count: 2)
        #expect(tally.sorted.map(\.reason) == ["b", "a"])
        for number in 0..<100 { tally.add("kind \(number)") }
        #expect(tally.counts.count == 21)
        #expect(tally.total == 103)
    }
}
