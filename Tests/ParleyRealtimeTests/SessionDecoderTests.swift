import ParleyAudio
import ParleyJSON
import ParleyRealtime
import Testing

@Suite("Session objects as clients write them")
struct SessionDecoderTests {
    private func update(_ session: String, strictly: Bool = false) throws -> SessionUpdate {
        let value = try JSON.parse(session)
        return try SessionDecoder(refusesUnknownMembers: strictly).decode(value)
    }

    private func error(_ session: String, strictly: Bool = false) throws -> ProtocolError? {
        let value = try JSON.parse(session)
        do throws(ProtocolError) {
            _ = try SessionDecoder(refusesUnknownMembers: strictly).decode(value)
            return nil
        } catch {
            return error
        }
    }

    private static let whole = #"""
        {"type":"realtime","model":"m","output_modalities":["audio"],"instructions":"","tools":[],
        "tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false,
        "reasoning":{"effort":"xhigh"},"max_output_tokens":"inf",
        "truncation":{"type":"retention_ratio","retention_ratio":0.5,
        "token_limits":{"post_instructions":9}},
        "prompt":{"id":"p","version":"1","variables":{"a":"b"}},"tracing":{"workflow_name":"w"},
        "include":["item.input_audio_transcription.logprobs"],
        "audio":{"input":{"format":{"type":"audio/pcm","rate":16000},
        "transcription":{"model":"w","language":"de","prompt":"p","keywords":["k"],"delay":"low"},
        "noise_reduction":{"type":"far_field"},
        "turn_detection":{"type":"server_vad","threshold":1,"prefix_padding_ms":0,
        "silence_duration_ms":700,
        "idle_timeout_ms":5000,"create_response":false,"interrupt_response":true}},
        "output":{"format":{"type":"audio/pcmu"},"voice":"ash","speed":0.25}}}
        """#

    @Test("Every member is read", arguments: [false, true])
    func readsAll(strictly: Bool) throws {
        let update = try update(Self.whole, strictly: strictly)
        #expect(update.kind == .realtime)
        #expect(update.model == .set("m"))
        #expect(update.outputModality == .set(.audio))
        #expect(update.instructions == .set(""))
        #expect(update.tools == .set([]))
        #expect(update.toolChoice == .set(.function(name: "f")))
        #expect(update.allowsParallelToolCalls == .set(false))
        #expect(update.reasoningEffort == .set(.xhigh))
        #expect(update.maximumOutputTokens == .set(.infinite))
        #expect(update.truncation == .set(.retentionRatio(0.5, postInstructionsTokens: 9)))
        #expect(update.prompt == .set(["id": "p", "version": "1", "variables": ["a": "b"]]))
        #expect(update.tracing == .set(.configured(["workflow_name": "w"])))
        #expect(update.include == .set([.transcriptionLogprobs]))
    }

    @Test("Every member of audio is read", arguments: [false, true])
    func readsAudio(strictly: Bool) throws {
        let update = try update(Self.whole, strictly: strictly)
        #expect(update.inputFormat == .set(.pcm(sampleRate: 16_000)))
        #expect(update.noiseReduction == .set(NoiseReductionUpdate(.farField)))
        #expect(update.outputFormat == .set(.pcmu))
        #expect(update.voice == .set(.named("ash")))
        #expect(update.speed == .set(0.25))
        var transcription = TranscriptionUpdate()
        transcription.model = .set("w")
        transcription.language = .set("de")
        transcription.prompt = .set("p")
        transcription.extras = ["keywords": ["k"], "delay": "low"]
        #expect(update.transcription == .set(transcription))
        var detection = TurnDetectionUpdate()
        detection.kind = .serverVAD
        detection.threshold = .set(1)
        detection.prefixPadding = .set(.zero)
        detection.silenceDuration = .set(.milliseconds(700))
        detection.idleTimeout = .set(.seconds(5))
        detection.createsResponse = .set(false)
        detection.interruptsResponse = .set(true)
        #expect(update.turnDetection == .set(detection))
    }

    @Test(
        "Absent members change nothing",
        arguments: ["{}", #"{"audio":{}}"#, #"{"audio":{"input":{},"output":null}}"#]
    )
    func keepsAbsent(session: String) throws {
        #expect(try update(session) == SessionUpdate())
    }

    @Test("Null members are reset", arguments: [false, true])
    func resetsNull(strictly: Bool) throws {
        let text = #"""
            {"model":null,"output_modalities":null,"instructions":null,"tools":null,
            "tool_choice":null,
            "parallel_tool_calls":null,"reasoning":null,"max_output_tokens":null,"truncation":null,
            "prompt":null,"tracing":null,"include":null,"audio":{"input":{"format":null,
            "transcription":null,"noise_reduction":null,"turn_detection":null},
            "output":{"format":null,"voice":null,"speed":null}}}
            """#
        let update = try update(text, strictly: strictly)
        #expect(update.kind == nil)
        #expect(update.model == .reset && update.outputModality == .reset)
        #expect(update.instructions == .reset && update.tools == .reset)
        #expect(update.toolChoice == .reset && update.allowsParallelToolCalls == .reset)
        #expect(update.reasoningEffort == .reset && update.maximumOutputTokens == .reset)
        #expect(update.truncation == .reset && update.prompt == .reset)
        #expect(update.tracing == .reset && update.include == .reset)
        #expect(update.inputFormat == .reset && update.transcription == .reset)
        #expect(update.noiseReduction == .reset && update.turnDetection == .reset)
        #expect(update.outputFormat == .reset && update.voice == .reset && update.speed == .reset)
    }

    @Test(
        "Noise reduction keeps what an update doesn't name",
        arguments: [
            ("{}", NoiseReductionUpdate()), (#"{"type":null}"#, NoiseReductionUpdate()),
            (#"{"strength":0.5}"#, NoiseReductionUpdate(strength: 0.5)),
        ]
    )
    func keepsNoiseReduction(text: String, expected: NoiseReductionUpdate) throws {
        let session = #"{"type":"realtime","audio":{"input":{"noise_reduction":\#(text)}}}"#
        for strictly in [false, true] {
            #expect(try update(session, strictly: strictly).noiseReduction == .set(expected))
        }
    }

    @Test("A flat beta object is understood")
    func readsFlat() throws {
        let text = #"""
            {"modalities":["text","audio"],"instructions":"i","voice":"ash","speed":1.5,
            "input_audio_format":"g711_alaw","output_audio_format":"pcm16",
            "input_audio_transcription":{"model":"whisper-1"},"input_audio_noise_reduction":null,
            "turn_detection":{"type":"none"},"temperature":0.8,"max_response_output_tokens":200}
            """#
        var expected = SessionUpdate()
        expected.outputModality = .set(.audio)
        expected.instructions = .set("i")
        expected.voice = .set(.named("ash"))
        expected.speed = .set(1.5)
        expected.inputFormat = .set(.pcma)
        expected.outputFormat = .set(.standard)
        var transcription = TranscriptionUpdate()
        transcription.model = .set("whisper-1")
        expected.transcription = .set(transcription)
        expected.noiseReduction = .reset
        expected.turnDetection = .reset
        expected.maximumOutputTokens = .set(.tokens(200))
        expected.temperature = .set(0.8)
        #expect(try update(text) == expected)
        #expect(try error(text, strictly: true)?.code == .unknownParameter)
    }

    @Test("Faults in a flat object are named where the client wrote them")
    func namesFlatPlaces() throws {
        #expect(try error(#"{"input_audio_format":"mp3"}"#)?.param == "session.input_audio_format")
        #expect(
            try error(#"{"turn_detection":{"threshold":2}}"#)?.param
                == "session.turn_detection.threshold"
        )
    }

    @Test(
        "With type or audio the object is no flat one",
        arguments: [#""type":"realtime""#, #""audio":{}"#]
    )
    func ignoresFlatMembersInGA(member: String) throws {
        var expected = SessionUpdate()
        expected.kind = member.hasPrefix("\"type\"") ? .realtime : nil
        #expect(try update(#"{\#(member),"voice":"ash","turn_detection":null}"#) == expected)
    }

    @Test("What clients send back of the session has no effect", arguments: [false, true])
    func ignoresEchoes(strictly: Bool) throws {
        let text = #"""
            {"type":"realtime","id":"s","object":"realtime.session","expires_at":0,
            "client_secret":null,
            "speech_model":"x","audio":{"input":{
            "turn_detection":{"type":"semantic_vad","model_version":"v1"}}}}
            """#
        var expected = SessionUpdate()
        expected.kind = .realtime
        var detection = TurnDetectionUpdate()
        detection.kind = .semanticVAD
        expected.turnDetection = .set(detection)
        #expect(try update(text, strictly: strictly) == expected)
    }

    @Test("Members of the other kind of turn detection are ignored")
    func ignoresOtherKind() throws {
        let semantic =
            #"{"type":"semantic_vad","eagerness":"high","threshold":7,"silence_duration_ms":-1}"#
        var expected = TurnDetectionUpdate()
        expected.kind = .semanticVAD
        expected.eagerness = .set(.high)
        #expect(
            try update(#"{"audio":{"input":{"turn_detection":\#(semantic)}}}"#).turnDetection
                == .set(expected)
        )
        let server = #"{"type":"server_vad","eagerness":"bogus","threshold":0.1}"#
        expected = TurnDetectionUpdate()
        expected.kind = .serverVAD
        expected.threshold = .set(0.1)
        #expect(
            try update(#"{"audio":{"input":{"turn_detection":\#(server)}}}"#).turnDetection
                == .set(expected)
        )
    }

    @Test("A transcription session's type is passed on")
    func passesTypeOn() throws {
        #expect(try update(#"{"type":"transcription"}"#).kind == .transcription)
    }

    @Test("REST bodies name their own paths")
    func takesOtherPaths() throws {
        let error = #expect(throws: ProtocolError.self) {
            try SessionDecoder().decode(["model": 1], path: "")
        }
        #expect(error?.param == "model")
    }
}
