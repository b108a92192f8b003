import ParleyJSON
import ParleyRealtime
import Testing

@testable import ParleySession

@Suite("What clients ask of a session")
struct SessionRequestTests {
    // MARK: Voices

    @Test("A custom voice comes back by its id, which is no change of voice")
    func customVoice() throws {
        var test = TestSession(voices: ["slt", "mine"])
        let set = test.update { $0.voice = .set(.custom(id: "mine")) }
        #expect(set?.output.voice.name == "mine")
        test.speak()
        let byName = test.update { $0.voice = .set(.named("mine")) }
        let byID = test.update { $0.voice = .set(.custom(id: "mine")) }
        var options = ResponseOptions()
        options.voice = .named("mine")
        let refusal = test.refusal(of: .responseCreate(options))
        #expect(byName != nil && byID != nil && refusal == nil)
    }

    @Test("Another voice is refused once one was heard")
    func lockedVoice() {
        var test = TestSession(voices: ["slt", "mine"])
        test.speak()
        var update = SessionUpdate()
        update.voice = .set(.custom(id: "mine"))
        let error = test.refusal(of: .sessionUpdate(update))
        #expect(error?.code == .voiceLocked)
    }

    // MARK: Tracing

    @Test(
        "Tracing comes back in a client's own spelling, which is no change",
        arguments: [
            ["group_id": "g", "metadata": ["runs": 2, "list": [1]]],
            ["group_id": "g", "workflow_name": .null, "metadata": ["runs": 2.0, "list": [1.0]]],
            ["metadata": ["list": [1.0], "none": .null, "runs": 2], "group_id": "g"],
        ] as [JSON]
    )
    func tracingKept(spelling: JSON) throws {
        var test = TestSession()
        let set: JSONObject = ["group_id": "g", "metadata": ["runs": 2.0, "list": [1.0]]]
        let again = try #require(spelling.object)
        let before = test.update { $0.tracing = .set(.configured(set)) }
        let after = test.update { $0.tracing = .set(.configured(again)) }
        #expect(before != nil && after?.tracing == before?.tracing)
    }

    @Test(
        "Tracing that is on can't be changed",
        arguments: [
            .reset, .set(.auto), .set(.configured([:])),
            .set(.configured(["group_id": "g", "metadata": ["runs": 3]])),
            .set(.configured(["group_id": "g", "metadata": ["runs": [2]]])),
            .set(.configured(["group_id": "g", "metadata": ["runs": 2, "more": 1]])),
        ] as [Change<Tracing>]
    )
    func tracingFixed(change: Change<Tracing>) {
        var test = TestSession()
        let set: JSONObject = ["group_id": "g", "metadata": ["runs": 2]]
        _ = test.update { $0.tracing = .set(.configured(set)) }
        var update = SessionUpdate()
        update.tracing = change
        let error = test.refusal(of: .sessionUpdate(update))
        #expect(error?.param == "session.tracing" && error?.code == .invalidValue)
    }

    // MARK: Transcription

    @Test("A member that only some models have goes again when it is null")
    func transcriptionExtras() {
        var test = TestSession()
        var members = TranscriptionUpdate()
        members.extras = ["languages": ["de"], "delay": "low"]
        _ = test.update { $0.transcription = .set(members) }
        members.extras = ["languages": .null]
        let after = test.update { $0.transcription = .set(members) }
        #expect(after?.input.transcription?.extras == ["delay": "low"])
    }

    // MARK: A response's own input

    @Test("An output in a response's own input needs its call beside it")
    func outputsOfInput() {
        var test = TestSession()
        let call = FunctionCall(callID: "call_a", name: "f", arguments: "{}")
        _ = test.send(
            .conversationItemCreate(
                item: NewItem(id: "there", content: .functionCall(call)),
                position: .end
            )
        )
        let output = ResponseInput.item(
            NewItem(content: .functionCallOutput(callID: "call_a", output: "1"))
        )
        var options = ResponseOptions()
        options.conversation = .none
        options.input = [output]
        let error = test.refusal(of: .responseCreate(options))
        options.input = [.reference("there"), output]
        let withReference = test.refusal(of: .responseCreate(options))
        options.input = [.item(NewItem(content: .functionCall(call))), output]
        let withCall = test.refusal(of: .responseCreate(options))
        #expect(error?.code == .invalidToolCallID)
        #expect(error?.param == "response.input[0].call_id")
        #expect(withReference == nil && withCall == nil)
    }

    // MARK: Our own faults

    @Test("A fault of ours is told as the server's, ends the session and names itself to the log")
    func poison() {
        var test = TestSession()
        test.session.outbox.note("A response ended twice")
        let outputs = test.session.finished()
        guard case .send(let event) = outputs.first, case .error(let error, nil) = event.body,
            case .perform(.closeConnection(let reason)) = outputs.last
        else {
            Issue.record("expected an error and a close, found \(outputs)")
            return
        }
        #expect(error.kind == .server && !error.message.contains("twice"))
        #expect(reason.code == 1011 && reason.fault == "A response ended twice")
        #expect(!reason.text.contains("twice"))
        let afterwards = test.send(.inputAudioBufferClear)
        #expect(afterwards.isEmpty)
    }
}
