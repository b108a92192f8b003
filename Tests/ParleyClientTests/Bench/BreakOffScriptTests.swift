import ParleyClient
import ParleyJSON
import Testing

@testable import ParleyBench

@Suite("A session that breaks off")
struct BreakOffScriptTests {
    private var script = BreakOffScript(frameCount: 2)
    private var figures = BreakOffScript.Figures()

    init() {
        _ = script.begin(StreamClock(start: .zero, frameDuration: .milliseconds(20)))
    }

    private mutating func hear(_ event: JSON, at milliseconds: Int) -> [LoadAction] {
        script.receive(LoadEvent(event, at: milliseconds), &figures)
    }

    private mutating func done(_ status: String, at milliseconds: Int) -> [LoadAction] {
        hear(
            ["type": "response.done", "response": ["status": .string(status)]],
            at: milliseconds
        )
    }

    private static let audio: JSON = ["type": "response.output_audio.delta"]
    private static let cancel = LoadAction.send(ClientMessage.event("response.cancel"))
    private static let question = BreakOffScript.question.map(LoadAction.send)

    @Test("It asks as soon as the stream begins")
    func begin() {
        var script = BreakOffScript(frameCount: 1)
        var figures = BreakOffScript.Figures()
        let created = LoadEvent(["type": "session.created"], at: 0)
        #expect(script.receive(created, &figures) == [.send(BreakOffScript.update)])
        let clock = StreamClock(start: .zero, frameDuration: .milliseconds(20))
        #expect(script.begin(clock) == Self.question)
        #expect(script.nextFrame(at: .zero, &figures) == .quiet)
    }

    @Test("The first answer is cancelled by command when it is heard, and timed")
    mutating func byCommand() {
        #expect(hear(Self.audio, at: 100) == [Self.cancel])
        #expect(hear(Self.audio, at: 101) == [])
        #expect(done("cancelled", at: 103) == Self.question)
        #expect(figures.cancelled.maximum == .milliseconds(3))
        #expect(script.state == .asking(byVoice: true))
    }

    @Test("The second answer is spoken over, and what was spoken is taken back")
    mutating func byVoice() {
        _ = hear(Self.audio, at: 10)
        _ = done("cancelled", at: 11)
        #expect(hear(Self.audio, at: 100) == [])
        let frames = [100, 120, 140].map { script.nextFrame(at: .milliseconds($0), &figures) }
        #expect(frames == [.stored(0), .stored(1), .quiet])
        let started: JSON = ["type": "input_audio_buffer.speech_started", "audio_start_ms": 120]
        _ = hear(started, at: 160)
        #expect(done("cancelled", at: 162) == [])
        #expect(figures.interrupted.maximum == .milliseconds(42))
        let committed: JSON = ["type": "input_audio_buffer.committed", "item_id": "u1"]
        let delete = ClientMessage.event("conversation.item.delete", ["item_id": "u1"])
        #expect(hear(committed, at: 400) == [.send(delete)])
        #expect(hear(["type": "conversation.item.deleted"], at: 402) == Self.question)
        #expect(figures.takenBack.maximum == .milliseconds(2))
        #expect(script.state == .asking(byVoice: false))
    }

    @Test("A pause in the utterance is taken back too, and the utterance goes on")
    mutating func pause() {
        _ = hear(Self.audio, at: 10)
        _ = done("cancelled", at: 11)
        _ = hear(Self.audio, at: 100)
        let committed: JSON = ["type": "input_audio_buffer.committed", "item_id": "u1"]
        #expect(hear(committed, at: 110).count == 1)
        #expect(hear(["type": "conversation.item.deleted"], at: 111) == [])
        #expect(script.state == .speaking(frame: 0))
    }

    @Test("An answer that was whole before it was broken off is counted, not timed")
    mutating func tooLate() {
        _ = hear(Self.audio, at: 100)
        #expect(done("completed", at: 101) == Self.question)
        #expect(figures.tooLate == 1)
        #expect(figures.cancelled.count == 0)
    }

    @Test("An answer that fails, or that never comes, ends the session's part")
    mutating func stuck() {
        _ = done("failed", at: 100)
        #expect(script.state == .stuck)
        _ = script.nextFrame(at: .seconds(60), &figures)
        #expect(figures.stuck == 1)
        var other = BreakOffScript(frameCount: 1)
        _ = other.begin(StreamClock(start: .zero, frameDuration: .milliseconds(20)))
        _ = other.nextFrame(at: .seconds(31), &figures)
        #expect(other.state == .stuck)
        #expect(figures.stuck == 2)
    }
}

@Suite("A session that is idle")
struct IdleScriptTests {
    @Test("It says nothing until it is told to listen, and then nothing but quiet")
    func silence() {
        var script = IdleScript()
        var figures = IdleScript.Figures()
        let created = LoadEvent(["type": "session.created"], at: 0)
        #expect(script.receive(created, &figures) == [.send(ListenScript.update)])
        #expect(script.receive(LoadEvent(["type": "session.updated"], at: 0), &figures) == [.ready])
        _ = script.begin(StreamClock(start: .zero, frameDuration: .milliseconds(20)))
        #expect(script.nextFrame(at: .zero, &figures) == .none)
        script.listen()
        #expect(script.nextFrame(at: .zero, &figures) == .quiet)
    }

    @Test("A session that is refused fails; a later error is only counted")
    func errors() {
        var script = IdleScript()
        var figures = IdleScript.Figures()
        let error = LoadEvent(["type": "error", "error": ["code": "x"]], at: 0)
        #expect(script.receive(error, &figures) == [.fail("the session was refused: x")])
        _ = script.begin(StreamClock(start: .zero, frameDuration: .milliseconds(20)))
        #expect(script.receive(error, &figures) == [])
        #expect(figures.errors.counts == ["x": 2])
    }
}
