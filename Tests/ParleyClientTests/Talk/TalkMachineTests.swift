import ParleyJSON
import Testing

@testable import ParleyClient

/// Plays a server by hand and keeps what the machine says.
struct Rehearsal {
    var machine: TalkMachine
    var now = Duration.zero
    var outputs: [TalkMachine.Output] = []

    init(_ script: TalkScript) {
        machine = TalkMachine(script, at: .zero)
    }

    /// The server says something.
    mutating func server(_ event: JSON) {
        outputs += machine.handle(.message(ServerMessage(event.serialized())), at: now)
    }

    mutating func input(_ input: TalkMachine.Input) {
        outputs += machine.handle(input, at: now)
    }

    /// Time passes; the machine is called at each of its deadlines.
    mutating func wait(_ duration: Duration) {
        let end = now + duration
        while let deadline = machine.deadline, deadline <= end {
            now = max(now, deadline)
            outputs += machine.handle(.timeout, at: now)
        }
        now = end
    }

    mutating func begin(detection: JSON = ["type": "server_vad", "silence_duration_ms": 500]) {
        let session: JSON = ["model": "parley", "audio": ["input": ["turn_detection": detection]]]
        server(["type": "session.created", "session": session])
        server(["type": "session.updated", "session": session])
    }

    mutating func response(_ id: String, text: String, status: String = "completed") {
        server(["type": "response.created", "response": ["id": .string(id)]])
        done(id, text: text, status: status)
    }

    mutating func audio(milliseconds: Int, itemID: String = "a1") {
        let bytes = [UInt8](repeating: 1, count: milliseconds * 48)
        server([
            "type": "response.output_audio.delta", "item_id": .string(itemID),
            "delta": .string(String(decoding: Base64.encode(bytes), as: UTF8.self)),
        ])
    }

    mutating func done(_ id: String, text: String, status: String = "completed") {
        let item: JSON = ["type": "message", "content": [["transcript": .string(text)]]]
        server([
            "type": "response.done",
            "response": [
                "id": .string(id), "status": .string(status), "output": [item],
                "status_details": ["error": ["message": "it broke"]],
            ],
        ])
    }

    mutating func heard(_ itemID: String, end: Int, text: String) {
        let id = JSON.string(itemID)
        server(["type": "input_audio_buffer.speech_started", "item_id": id])
        server([
            "type": "input_audio_buffer.speech_stopped", "audio_end_ms": .integer(end),
            "item_id": id,
        ])
        server(["type": "input_audio_buffer.committed", "item_id": id])
        server([
            "type": "conversation.item.input_audio_transcription.completed", "item_id": id,
            "transcript": .string(text),
        ])
    }

    var lines: [String] {
        outputs.compactMap { if case .show(let line) = $0 { line } else { nil } }
    }

    var sentTypes: [String] {
        outputs.compactMap { output in
            guard case .send(let bytes) = output else { return nil }
            return (try? JSON.parse(bytes))?["type"]?.string
        }
    }

    func sent(_ type: String) -> [JSON] {
        outputs.compactMap { output in
            guard case .send(let bytes) = output, let json = try? JSON.parse(bytes) else {
                return nil
            }
            return json["type"]?.string == type ? json : nil
        }
    }

    var result: TalkResult? {
        outputs.lazy.compactMap { if case .finish(let result) = $0 { result } else { nil } }.first
    }
}

@Suite("Talking by script")
struct TalkMachineTests {
    /// One second of speech.
    private static let recording = [Int16](repeating: 1_000, count: 24_000)

    private func script(_ turns: TalkScript.Turn...) -> TalkScript { TalkScript(turns: turns) }

    @Test("A typed turn is asked, answered and over")
    func textTurn() {
        var rehearsal = Rehearsal(script(.text("hello")))
        rehearsal.begin()
        rehearsal.response("r1", text: "Hello yourself.")
        #expect(
            rehearsal.sentTypes == [
                "session.update", "conversation.item.create", "response.create",
            ]
        )
        #expect(
            rehearsal.lines
                == ["Connected; model parley.", "You:    hello", "Parley: Hello yourself."]
        )
        #expect(rehearsal.result == .answered)
    }

    @Test("Speech goes out in real time, with silence after it")
    func pacing() {
        var rehearsal = Rehearsal(script(.speech(Self.recording)))
        rehearsal.begin()
        #expect(rehearsal.sent("input_audio_buffer.append").count == 1)
        rehearsal.wait(.milliseconds(1_999))
        let frames = rehearsal.sent("input_audio_buffer.append")
        #expect(frames.count == 50)
        let audio = frames.map { Base64.decode($0["audio"]?.string ?? "") ?? [] }
        #expect(audio.allSatisfy { $0.count == 1_920 })
        #expect(audio[24].allSatisfy { $0 != 0 } && audio[25].allSatisfy { $0 == 0 })
    }

    @Test("A late frame does not move the next ones")
    func noDrift() {
        var rehearsal = Rehearsal(script(.speech(Self.recording)))
        rehearsal.begin()
        rehearsal.now = .milliseconds(107)
        rehearsal.input(.timeout)
        #expect(rehearsal.sent("input_audio_buffer.append").count == 3)
        #expect(rehearsal.machine.deadline == .milliseconds(120))
    }

    @Test("A spoken turn shows what was understood, the answer and how long it took")
    func speechTurn() {
        var rehearsal = Rehearsal(script(.speech(Self.recording)))
        rehearsal.begin()
        rehearsal.wait(.milliseconds(1_600))
        rehearsal.heard("u1", end: 1_500, text: "what time is it")
        rehearsal.server(["type": "response.created", "response": ["id": "r1"]])
        rehearsal.wait(.milliseconds(100))
        rehearsal.audio(milliseconds: 250)
        rehearsal.done("r1", text: "Late.")
        // Spoken at 1.00 s, and a frame of 40 ms is sent when it is full: the stream begins at
        // -0.04 s.
        #expect(
            rehearsal.lines.dropFirst()
                == [
                    "You:    what time is it", "Parley: Late.",
                    "        (first audio 0.74 s after the end of speech, 0.25 s of audio)",
                ]
        )
        #expect(rehearsal.result == .answered)
        #expect(rehearsal.machine.answers.recording.count == 6_000)
    }

    @Test("A turn with two pieces of speech waits for both answers")
    func twoPieces() {
        var rehearsal = Rehearsal(script(.speech(Self.recording)))
        rehearsal.begin()
        rehearsal.wait(.milliseconds(700))
        rehearsal.heard("u1", end: 600, text: "one")
        rehearsal.response("r1", text: "First.")
        rehearsal.wait(.milliseconds(500))
        #expect(rehearsal.result == nil)
        rehearsal.heard("u2", end: 1_100, text: "two")
        #expect(rehearsal.result == nil)
        rehearsal.response("r2", text: "Second.")
        rehearsal.wait(.milliseconds(100))
        #expect(rehearsal.result == .answered)
    }

    @Test("A transcript may come after the answer, within a grace")
    func lateTranscript() {
        var rehearsal = Rehearsal(script(.speech(Self.recording)))
        rehearsal.begin()
        rehearsal.wait(.seconds(2))
        rehearsal.server(["type": "input_audio_buffer.speech_started", "item_id": "u1"])
        rehearsal.server(["type": "input_audio_buffer.speech_stopped", "audio_end_ms": 1_500])
        rehearsal.server(["type": "input_audio_buffer.committed", "item_id": "u1"])
        rehearsal.response("r1", text: "Yes.")
        #expect(rehearsal.result == nil)
        rehearsal.wait(.milliseconds(1_900))
        #expect(rehearsal.result == nil)
        rehearsal.wait(.milliseconds(200))
        #expect(rehearsal.result == .answered)
    }

    @Test("The next turn begins when the last one is answered")
    func turns() {
        var rehearsal = Rehearsal(script(.text("one"), .text("two")))
        rehearsal.begin()
        rehearsal.response("r1", text: "1")
        rehearsal.response("r2", text: "2")
        #expect(rehearsal.sent("response.create").count == 2)
        #expect(rehearsal.result == .answered)
    }

    @Test("Lines of standard input are turns until it ends")
    func lines() {
        var rehearsal = Rehearsal(script(.lines))
        rehearsal.begin()
        rehearsal.input(.line("   "))
        rehearsal.input(.line("hello"))
        rehearsal.response("r1", text: "Hi.")
        rehearsal.input(.line(nil))
        #expect(rehearsal.outputs.filter { $0 == .readLine }.count == 3)
        #expect(rehearsal.result == .answered)
    }

    @Test("A response that failed is a turn without an answer")
    func failedResponse() {
        var rehearsal = Rehearsal(script(.text("one"), .text("two")))
        rehearsal.begin()
        rehearsal.response("r1", text: "", status: "failed")
        #expect(rehearsal.lines.last == "Parley: (failed: it broke)")
        #expect(rehearsal.result == .unanswered("it broke"))
    }

    @Test(
        "Silence of the server ends the turn after the timeout",
        arguments: [
            (0, "the server heard no speech within 3 s"),
            (1, "the server heard speech but saw no end of it within 3 s"),
            (2, "the server began no answer within 3 s"),
            (3, "the server went silent for 3 s in the middle of its answer"),
        ]
    )
    func timeouts(_ row: (Int, String)) {
        var script = script(.speech(Self.recording))
        script.timeout = .seconds(3)
        var rehearsal = Rehearsal(script)
        rehearsal.begin()
        rehearsal.wait(.seconds(2))
        if row.0 > 0 { rehearsal.server(["type": "input_audio_buffer.speech_started"]) }
        if row.0 > 1 { rehearsal.server(["type": "input_audio_buffer.committed", "item_id": "u"]) }
        if row.0 > 2 { rehearsal.server(["type": "response.created", "response": ["id": "r"]]) }
        rehearsal.wait(.seconds(4))
        #expect(rehearsal.result == .unanswered(row.1))
    }

    @Test("An error before the session is made is no connection")
    func refusedSession() {
        var rehearsal = Rehearsal(script(.text("x")))
        rehearsal.server([
            "type": "error", "error": ["code": "invalid_api_key", "message": "Wrong key."],
        ])
        #expect(
            rehearsal.result
                == .notConnected("the server refused the session: Wrong key. (invalid_api_key)")
        )
    }

    @Test("An error later is told and the talk goes on")
    func laterError() {
        var rehearsal = Rehearsal(script(.text("x")))
        rehearsal.begin()
        rehearsal.server(["type": "error", "error": ["code": .null, "message": "Odd."]])
        #expect(rehearsal.outputs.contains(.complain("error: Odd.")))
        rehearsal.response("r", text: "y")
        #expect(rehearsal.result == .answered)
    }

    @Test("A server that never makes a session is no connection")
    func noSession() {
        var rehearsal = Rehearsal(script(.text("x")))
        rehearsal.wait(.seconds(31))
        #expect(rehearsal.result == .notConnected("the server made no session within 30 s"))
    }

    @Test("A connection that ends is told by when it ended")
    func closed() {
        var early = Rehearsal(script(.text("x")))
        early.input(.closed("gone"))
        #expect(early.result == .notConnected("gone"))
        var late = Rehearsal(script(.text("x")))
        late.begin()
        late.input(.closed("gone"))
        #expect(late.result == .unanswered("gone"))
        late.input(.closed("again"))
        #expect(late.outputs.filter { if case .finish = $0 { true } else { false } }.count == 1)
    }

    @Test("Events are printed as they came, without a transcript")
    func events() {
        var script = script(.text("x"))
        script.showsEvents = true
        var rehearsal = Rehearsal(script)
        rehearsal.begin()
        rehearsal.response("r", text: "y")
        #expect(rehearsal.lines.count == 4)
        #expect(rehearsal.lines.allSatisfy { $0.hasPrefix("{\"type\":") })
    }

    @Test(
        "A server that detects no turns, or answers none, is asked to",
        arguments: [
            (JSON.null, true), (["type": "server_vad"], false),
            (["type": "semantic_vad", "create_response": true], false),
            (["type": "server_vad", "create_response": false], true),
        ] as [(JSON, Bool)]
    )
    func detection(_ row: (JSON, Bool)) {
        var rehearsal = Rehearsal(script(.text("x")))
        rehearsal.begin(detection: row.0)
        let input = rehearsal.sent("session.update").first?["session"]?["audio"]?["input"]
        #expect((input?["turn_detection"] != nil) == row.1)
    }

    @Test("Rubbish from the server changes nothing")
    func rubbish() {
        var rehearsal = Rehearsal(script(.text("x")))
        rehearsal.begin()
        for text in ["", "[]", "{", "{\"type\":1}", "{\"type\":\"response.done\"}", "\u{0}"] {
            rehearsal.input(.message(ServerMessage(Array(text.utf8))))
        }
        #expect(rehearsal.result != .answered)
    }
}

@Suite("Interrupting by script")
struct TalkInterruptionTests {
    private static let recording = [Int16](repeating: 1_000, count: 24_000)

    @Test("The recording is spoken again over the answer, and what was heard is told")
    func speech() {
        var script = TalkScript(turns: [.speech(Self.recording)])
        script.interruptAfter = .milliseconds(500)
        var rehearsal = Rehearsal(script)
        rehearsal.begin()
        rehearsal.wait(.milliseconds(1_500))
        rehearsal.heard("u1", end: 1_500, text: "one")
        rehearsal.server(["type": "response.created", "response": ["id": "r1"]])
        rehearsal.audio(milliseconds: 4_000)
        rehearsal.done("r1", text: "A long answer.")
        #expect(rehearsal.result == nil)
        rehearsal.wait(.milliseconds(600))
        rehearsal.server(["type": "input_audio_buffer.speech_started", "item_id": "u2"])
        let truncation = rehearsal.sent("conversation.item.truncate").first
        #expect(truncation?["item_id"] == "a1")
        #expect(truncation?["audio_end_ms"] == 600)
        #expect(rehearsal.machine.answers.recording.count == 14_400)
        rehearsal.wait(.milliseconds(1_500))
        rehearsal.heard("u2", end: 3_500, text: "two")
        #expect(rehearsal.result == nil)
        rehearsal.response("r2", text: "Short.")
        #expect(rehearsal.lines.contains("Parley: Short."))
        #expect(rehearsal.result == .answered)
    }

    @Test("An answer to a typed question is cancelled by command")
    func text() {
        var script = TalkScript(turns: [.text("x"), .text("y")])
        script.interruptAfter = .milliseconds(100)
        var rehearsal = Rehearsal(script)
        rehearsal.begin()
        rehearsal.server(["type": "response.created", "response": ["id": "r1"]])
        rehearsal.audio(milliseconds: 1_000)
        rehearsal.wait(.milliseconds(150))
        #expect(rehearsal.sent("response.cancel").count == 1)
        #expect(rehearsal.sent("conversation.item.truncate").first?["audio_end_ms"] == 100)
        rehearsal.done("r1", text: "Half", status: "cancelled")
        rehearsal.response("r2", text: "Whole.")
        #expect(rehearsal.result == .answered)
    }
}
