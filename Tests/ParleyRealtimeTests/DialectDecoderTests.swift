import ParleyAudio
import ParleyJSON
import ParleyRealtime
import Testing

@Suite("Client events in the beta dialect, and of transcription sessions")
struct DialectDecoderTests {
    private func update(_ message: String, strictly: Bool = false) throws -> SessionUpdate {
        let event = try decode(message, in: .beta, strictly: strictly).get()
        guard case .sessionUpdate(let update) = event.body else { throw NotAnUpdate() }
        return update
    }

    private struct NotAnUpdate: Error {}

    private static let flat = #"""
        {"type":"session.update","session":{"model":"m","modalities":["audio","text"],
        "instructions":"Hi","voice":"ash","input_audio_format":"g711_ulaw",
        "output_audio_format":"g711_alaw","input_audio_transcription":{"model":"whisper-1"},
        "input_audio_noise_reduction":{"type":"far_field"},
        "turn_detection":{"type":"server_vad","threshold":0.7,"silence_duration_ms":400},
        "tools":[{"type":"function","name":"f","parameters":{}}],
        "tool_choice":{"type":"function","function":{"name":"f"}},"temperature":0.9,
        "max_response_output_tokens":"inf","speed":1.5,"tracing":"auto",
        "include":["item.input_audio_transcription.logprobs"]}}
        """#

    @Test("Every flat member is read, strictly too", arguments: [false, true])
    func readsFlat(strictly: Bool) throws {
        let update = try update(Self.flat, strictly: strictly)
        #expect(update.kind == .realtime)
        #expect(update.model == .set("m"))
        #expect(update.outputModality == .set(.audio))
        #expect(update.voice == .set(.named("ash")))
        #expect(update.inputFormat == .set(.pcmu))
        #expect(update.outputFormat == .set(.pcma))
        #expect(update.noiseReduction == .set(NoiseReductionUpdate(.farField)))
        #expect(update.toolChoice == .set(.function(name: "f")))
        #expect(update.temperature == .set(0.9))
        #expect(update.maximumOutputTokens == .set(.infinite))
        #expect(update.speed == .set(1.5))
        guard case .set(let detection) = update.turnDetection else {
            Issue.record("no turn detection")
            return
        }
        #expect(detection.threshold == .set(0.7))
    }

    @Test("The type none, as old clients write it, switches turn detection off")
    func readsNone() throws {
        let message = #"{"type":"session.update","session":{"turn_detection":{"type":"none"}}}"#
        #expect(try update(message).turnDetection == .reset)
    }

    @Test("Audio alone is taken for audio with its text")
    func readsLoneAudio() throws {
        let message = #"{"type":"session.update","session":{"modalities":["audio"]}}"#
        #expect(try update(message).outputModality == .set(.audio))
    }

    @Test("A client that says beta and writes as in GA is understood")
    func readsNested() throws {
        let message = #"""
            {"type":"session.update","session":{"type":"realtime",
            "audio":{"output":{"voice":"ash"}}}}
            """#
        #expect(try update(message).voice == .set(.named("ash")))
    }

    @Test("An update of a transcription session is read, strictly too", arguments: [false, true])
    func readsTranscriptionSession(strictly: Bool) throws {
        let message = #"""
            {"type":"transcription_session.update","session":{"input_audio_format":"pcm16",
            "input_audio_transcription":{"model":"w","language":"de","prompt":"p"},
            "turn_detection":null,"input_audio_noise_reduction":null,"modalities":["text"],
            "include":null}}
            """#
        let update = try update(message, strictly: strictly)
        #expect(update.kind == .transcription)
        #expect(update.turnDetection == .reset)
        guard case .set(let transcription) = update.transcription else {
            Issue.record("no transcription")
            return
        }
        #expect(transcription.language == .set("de"))
    }

    @Test("For Speaches one event updates every kind of session")
    func readsSpeaches() throws {
        let event = try decode(Self.flat, in: .speaches).get()
        guard case .sessionUpdate(let update) = event.body else { throw NotAnUpdate() }
        #expect(update.kind == nil)
        #expect(update.voice == .set(.named("ash")))
        let other = #"{"type":"transcription_session.update","session":{}}"#
        #expect(failure(other, in: .speaches)?.error.param == "type")
    }

    @Test("GA does not know beta's event")
    func refusesInGA() throws {
        let error = failure(#"{"type":"transcription_session.update","session":{}}"#)
        #expect(error?.error.code == .invalidValue)
        #expect(error?.error.param == "type")
    }

    @Test(
        "A wrong flat member is named by its flat path",
        arguments: [
            (#"{"temperature":3}"#, "session.temperature"),
            (#"{"voice":1}"#, "session.voice"),
            (
                #"{"input_audio_transcription":{"language":"de_AT"}}"#,
                "session.input_audio_transcription.language"
            ),
            (#"{"modalities":["smell"]}"#, "session.modalities[0]"),
            (#"{"input_audio_format":"mp3"}"#, "session.input_audio_format"),
            (#"{"max_response_output_tokens":0}"#, "session.max_response_output_tokens"),
        ]
    )
    func namesFlatPath(session: String, param: String) {
        let message = #"{"type":"session.update","session":\#(session)}"#
        #expect(failure(message, in: .beta)?.error.param == param)
    }

    @Test(
        "Strictly, beta's session has no members of GA",
        arguments: [#""output_modalities":["text"]"#, #""audio":{}"#, #""type":"realtime""#]
    )
    func refusesMembersOfGA(member: String) {
        let message = #"{"type":"session.update","session":{\#(member)}}"#
        let error = failure(message, in: .beta, strictly: true)?.error
        #expect(error?.code == .unknownParameter)
    }

    @Test("Strictly, a transcription session of GA has only its input")
    func refusesOutputOfTranscription() {
        let message = #"""
            {"type":"session.update","session":{"type":"transcription",
            "audio":{"output":{"voice":"ash"}}}}
            """#
        let error = failure(message, strictly: true)?.error
        #expect(error?.code == .unknownParameter)
        #expect(error?.param == "session.audio.output")
    }

    @Test("A response's own members are flat, strictly too", arguments: [false, true])
    func readsResponse(strictly: Bool) throws {
        let message = #"""
            {"type":"response.create","response":{"modalities":["text"],"voice":"ash",
            "output_audio_format":"g711_ulaw","temperature":0.7,"max_response_output_tokens":7,
            "tool_choice":{"type":"function","function":{"name":"f"}},
            "tools":[{"type":"function","function":{"name":"f","parameters":{}}}]}}
            """#
        let event = try decode(message, in: .beta, strictly: strictly).get()
        guard case .responseCreate(let options) = event.body else {
            Issue.record("not a response.create")
            return
        }
        #expect(options.outputModality == .text)
        #expect(options.voice == .named("ash"))
        #expect(options.outputFormat == .pcmu)
        #expect(options.temperature == 0.7)
        #expect(options.maximumOutputTokens == .tokens(7))
        #expect(options.toolChoice == .function(name: "f"))
        #expect(options.tools == [.function(FunctionTool(name: "f", parameters: [:]))])
    }

    @Test(
        "An item comes back as beta shows it, with nulls, strictly too",
        arguments: [false, true]
    )
    func readsItem(strictly: Bool) throws {
        let message = #"""
            {"type":"conversation.item.create","item":{"id":"item_1","object":"realtime.item",
            "type":"message","status":"completed","role":"assistant","content":[{"type":"text",
            "transcript":null,"audio":null,"text":"Hi","id":null}],"call_id":null,"name":null,
            "arguments":null,"output":null}}
            """#
        let event = try decode(message, in: .beta, strictly: strictly).get()
        let said = Message(role: .assistant, parts: [.outputText("Hi")])
        let item = NewItem(id: "item_1", content: .message(said))
        #expect(event.body == .conversationItemCreate(item: item, position: .end))
    }

    @Test("A flat update without a mark is translated in GA, temperature and all")
    func translatesInGA() throws {
        let event = try decode(Self.flat).get()
        guard case .sessionUpdate(let update) = event.body else { throw NotAnUpdate() }
        #expect(update.kind == nil)
        #expect(update.voice == .set(.named("ash")))
        #expect(update.temperature == .set(0.9))
        #expect(update.outputModality == .set(.audio))
    }
}
