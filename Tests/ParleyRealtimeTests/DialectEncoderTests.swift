import ParleyJSON
import ParleyRealtime
import Testing

@Suite("Server events in the beta dialect, and of transcription sessions")
struct DialectEncoderTests {
    private func text(_ event: ServerEvent, in dialect: Dialect) -> String? {
        EventEncoder(dialect: dialect).encode(event).map { String(decoding: $0, as: UTF8.self) }
    }

    private func member(_ body: ServerEvent.Body, _ path: String...) throws -> JSON? {
        let event = ServerEvent(id: "event_1", body)
        let bytes = try #require(EventEncoder(dialect: .beta).encode(event))
        return path.reduce(try JSON.parse(bytes)) { $0?[$1] }
    }

    @Test(
        "The beta samples of the reference come out byte for byte",
        arguments: Samples.ofBetaReference.indices
    )
    func reproducesReference(index: Int) {
        let sample = Samples.ofBetaReference[index]
        #expect(text(sample.event, in: .beta) == sample.line)
    }

    @Test("A transcription session of GA has no members that say how to answer")
    func reproducesTranscriptionSession() {
        // The sample shows a silence of 500 ms; what is in force by default is 200.
        let line = Samples.transcriptionCreated.line
            .replacing(#""silence_duration_ms":500"#, with: #""silence_duration_ms":200"#)
        #expect(text(Samples.transcriptionCreated.event, in: .ga) == line)
    }

    @Test("A transcription session of beta is flat and has events of its own")
    func writesBetaTranscriptionSession() {
        let events: [(ServerEvent.Body, String)] = [
            (.sessionCreated(Samples.transcriptionSession), "transcription_session.created"),
            (.sessionUpdated(Samples.transcriptionSession), "transcription_session.updated"),
        ]
        for (body, type) in events {
            #expect(
                text(ServerEvent(id: "event_1", body), in: .beta) == #"{"type":"\#(type)","#
                    + #""event_id":"event_1","session":{"id":"sess_2","#
                    + #""object":"realtime.transcription_session","expires_at":1790000000,"#
                    + #""input_audio_format":"pcm16","input_audio_transcription":"#
                    + #"{"model":"whisper-1","language":null,"prompt":null},"#
                    + #""turn_detection":{"type":"server_vad","threshold":0.5,"#
                    + #""prefix_padding_ms":300,"silence_duration_ms":200},"#
                    + #""input_audio_noise_reduction":null,"include":null,"client_secret":null}}"#
            )
        }
    }

    @Test("What beta has no event for is not said")
    func leavesOut() {
        let silent = Samples.ofEveryType.filter { text($0, in: .beta) == nil }
        #expect(
            Set(silent.map { "\($0.body.type)" }) == [
                "conversation.item.done", "input_audio_buffer.timeout_triggered",
                "input_audio_buffer.dtmf_event_received",
            ]
        )
    }

    @Test("Every event of beta is JSON that begins with its type", arguments: Dialect.allCases)
    func isJSON(dialect: Dialect) throws {
        for event in Samples.ofEveryType {
            guard let bytes = EventEncoder(dialect: dialect).encode(event) else { continue }
            let object = try #require(try JSON.parse(bytes).object)
            let type = event.body.type(in: dialect).map { "\($0)" }
            #expect(object["type"]?.string == type)
            #expect(object.members.prefix(2).map(\.key) == ["type", "event_id"])
        }
    }

    @Test("Calls show what messages have as null")
    func writesCall() throws {
        let item = try member(
            .conversationItemAdded(item: Samples.functionCallBegun, previousItemID: nil),
            "item"
        )
        #expect(
            item == [
                "id": "item_f", "object": "realtime.item", "type": "function_call",
                "status": "in_progress", "role": .null, "content": .null, "call_id": "call_1",
                "name": "get_time", "arguments": "", "output": .null,
            ]
        )
    }

    @Test("The output of a call shows what else items have as null")
    func writesOutput() throws {
        let output = Item(id: "item_o", content: .functionCallOutput(callID: "call_1", output: "9"))
        let item = try member(.conversationItemAdded(item: output, previousItemID: nil), "item")
        #expect(
            item == [
                "id": "item_o", "object": "realtime.item", "type": "function_call_output",
                "status": "completed", "role": .null, "content": .null, "call_id": "call_1",
                "name": .null, "arguments": .null, "output": "9",
            ]
        )
    }

    @Test("Items of MCP tools show what other items have as null", arguments: Samples.toolItems)
    func writesToolItems(item: Item) throws {
        let written = try member(.conversationItemAdded(item: item, previousItemID: nil), "item")
        let members = Set(try #require(written?.object).members.map(\.key))
        #expect(
            members.isSuperset(of: [
                "id", "object", "type", "status", "role", "content", "call_id", "name",
                "arguments", "output",
            ])
        )
        #expect(written?["object"] == "realtime.item")
        #expect(written?["content"] == .null && written?["call_id"] == .null)
    }

    @Test("Audio bytes appear only when an item is retrieved")
    func showsAudio() throws {
        let item = Samples.user(audio: [0, 0, 0])
        let added = try member(
            .conversationItemAdded(item: item, previousItemID: nil),
            "item",
            "content"
        )
        let retrieved = try member(.conversationItemRetrieved(item: item), "item", "content")
        let bare: JSON = [
            "type": "input_audio", "transcript": .null, "audio": .null, "text": .null, "id": .null,
        ]
        #expect(added?[0] == bare)
        #expect(retrieved?[0]?["audio"] == "AAAA")
    }

    @Test("Everything that can be set is shown under its flat name")
    func writesRichSession() throws {
        let session = try #require(
            try member(.sessionUpdated(Samples.richSession), "session")?.object
        )
        #expect(session["input_audio_format"] == "g711_ulaw")
        #expect(session["output_audio_format"] == "g711_alaw")
        #expect(session["voice"] == "voice_1")
        #expect(session["speed"] == 1.25)
        #expect(session["max_response_output_tokens"] == 1_000)
        #expect(session["input_audio_noise_reduction"] == ["type": "near_field"])
        #expect(session["input_audio_transcription"]?["language"] == "de")
        #expect(session["turn_detection"]?["eagerness"] == "auto")
        #expect(session["tool_choice"] == ["type": "function", "name": "get_time"])
        #expect(session["type"] == nil)
    }

    @Test("A chosen temperature is shown by the session and by the response")
    func showsTemperature() throws {
        var configuration = Samples.configuration
        configuration.temperature = 1.1
        let session = SessionObject(id: "sess_1", expiresAt: 0, configuration: configuration)
        let response = Response(id: "resp_1", conversationID: nil, configuration: configuration)
        #expect(try member(.sessionUpdated(session), "session", "temperature") == 1.1)
        #expect(try member(.responseCreated(response), "response", "temperature") == 1.1)
    }

    @Test("An idle timeout is not shown: nothing comes of one in beta")
    func hidesIdleTimeout() throws {
        var configuration = Samples.configuration
        var detection = ServerVAD()
        detection.idleTimeout = .seconds(6)
        configuration.input.turnDetection = .serverVAD(detection)
        let session = SessionObject(id: "sess_1", expiresAt: 0, configuration: configuration)
        let shown = try member(.sessionUpdated(session), "session", "turn_detection")
        #expect(shown?["type"] == "server_vad")
        #expect(shown?["idle_timeout_ms"] == nil)
    }

    @Test(
        "An error names the member as the dialect does",
        arguments: [
            ("session.audio.output.voice", "session.voice"), ("session.type", "type"),
            ("response.audio.output.voice", "response.voice"), ("item.id", "item.id"),
            (
                "session.audio.input.transcription.model",
                "session.input_audio_transcription.model"
            ),
            ("session.audio.output.voice.id", "session.voice.id"),
            ("session.tools[0].server_url", "session.tools[0].server_url"),
            ("session.types", "session.types"),
        ]
    )
    func namesParam(param: String, betaParam: String) throws {
        let error = ProtocolError(.invalidValue, "Wrong.", param: param)
        let event = ServerEvent.Body.error(error, clientEventID: nil)
        #expect(try member(event, "error", "param")?.string == betaParam)
    }

    @Test("For Speaches every kind of session looks alike and names what speaks")
    func writesSpeaches() throws {
        var session = Samples.transcriptionSession
        session.configuration.speechModel = "flite"
        let event = ServerEvent(id: "event_1", .sessionUpdated(session))
        let bytes = try #require(EventEncoder(dialect: .speaches).encode(event))
        let written = try JSON.parse(bytes)
        #expect(written["type"] == "session.updated")
        #expect(written["session"]?["object"] == "realtime.session")
        #expect(written["session"]?["speech_model"] == "flite")
        #expect(written["session"]?["turn_detection"]?["create_response"] == false)
        let item = ServerEvent.Body.conversationItemAdded(
            item: Samples.assistant,
            previousItemID: nil
        )
        #expect(item.type(in: .speaches).map { "\($0)" } == "conversation.item.created")
    }

    @Test("A flat session made by a REST endpoint shows its secret")
    func writesSecret() throws {
        let secret = WrittenSession.ClientSecret(value: "ek_1", expiresAt: 60)
        for session in [Samples.session, Samples.transcriptionSession] {
            var writer = JSONWriter(capacity: 512)
            WrittenSession(session, in: .beta, clientSecret: secret).write(to: &writer)
            let written = try JSON.parse(writer.bytes)
            #expect(written["client_secret"] == ["value": "ek_1", "expires_at": 60])
        }
    }
}
