import ParleyRealtime
import Testing

@Suite("Faults of session.update")
struct SessionDecoderFaultTests {
    private func message(_ session: String) -> String {
        #"{"type":"session.update","session":\#(session)}"#
    }

    @Test(
        "A wrong member gives the code and the path of section 9",
        arguments: [
            (#"{"type":"bogus"}"#, .invalidValue, "type"),
            (#"{"type":1}"#, .invalidType, "type"),
            (#"{"model":1}"#, .invalidType, "model"),
            (#"{"model":""}"#, .invalidValue, "model"),
            (#"{"output_modalities":"audio"}"#, .invalidType, "output_modalities"),
            (#"{"output_modalities":["audio","text"]}"#, .invalidValue, "output_modalities"),
            (#"{"output_modalities":["audio",1]}"#, .invalidType, "output_modalities[1]"),
            (#"{"instructions":{}}"#, .invalidType, "instructions"),
            (#"{"parallel_tool_calls":"yes"}"#, .invalidType, "parallel_tool_calls"),
            (#"{"reasoning":"low"}"#, .invalidType, "reasoning"),
            (#"{"reasoning":{"effort":"none"}}"#, .invalidValue, "reasoning.effort"),
            (#"{"max_output_tokens":0}"#, .integerBelowMinimum, "max_output_tokens"),
            (#"{"max_output_tokens":5000}"#, .integerAboveMaximum, "max_output_tokens"),
            (#"{"max_output_tokens":1.5}"#, .invalidType, "max_output_tokens"),
            (#"{"truncation":"never"}"#, .invalidValue, "truncation"),
            (#"{"truncation":{}}"#, .missingRequiredParameter, "truncation.type"),
            (#"{"truncation":{"type":"x"}}"#, .invalidValue, "truncation.type"),
            (
                #"{"truncation":{"type":"retention_ratio"}}"#, .missingRequiredParameter,
                "truncation.retention_ratio"
            ),
            (
                #"{"truncation":{"type":"retention_ratio","retention_ratio":1.1}}"#,
                .invalidValue, "truncation.retention_ratio"
            ),
            (
                #"""
                {"truncation":{"type":"retention_ratio","retention_ratio":1,
                "token_limits":{"post_instructions":-1}}}
                """#,
                .integerBelowMinimum, "truncation.token_limits.post_instructions"
            ),
            (#"{"prompt":"p"}"#, .invalidType, "prompt"),
            (#"{"prompt":{"id":"p","version":2}}"#, .invalidType, "prompt.version"),
            (#"{"prompt":{"id":"p","variables":[]}}"#, .invalidType, "prompt.variables"),
            (
                #"{"prompt":{"id":"p","variables":{"a":1}}}"#, .invalidType, "prompt.variables.a"
            ),
            (
                #"{"prompt":{"id":"p","variables":{"a":{"type":"input_image"}}}}"#,
                .invalidValue, "prompt.variables.a.type"
            ),
            (#"{"tracing":"on"}"#, .invalidValue, "tracing"),
            (#"{"tracing":{"group_id":1}}"#, .invalidType, "tracing.group_id"),
            (#"{"tracing":{"metadata":1}}"#, .invalidType, "tracing.metadata"),
            (#"{"include":["x"]}"#, .invalidValue, "include[0]"),
            (#"{"audio":1}"#, .invalidType, "audio"),
            (#"{"audio":{"input":1}}"#, .invalidType, "audio.input"),
        ] as [(String, ProtocolError.Code, String)]
    )
    func refuses(session: String, code: ProtocolError.Code, param: String) {
        let error = failure(message(session))?.error
        #expect(error?.code == code)
        #expect(error?.param == "session.\(param)")
    }

    @Test(
        "What a trace is described by has limits",
        arguments: [
            (#""workflow_name":"\#(String(repeating: "a", count: 257))""#, "workflow_name"),
            (#""group_id":"\#(String(repeating: "a", count: 257))""#, "group_id"),
            (#""metadata":{"a":"\#(String(repeating: "a", count: 16_384))"}"#, "metadata"),
        ]
    )
    func traceLimits(member: String, param: String) {
        let error = failure(message(#"{"tracing":{\#(member)}}"#))?.error
        #expect(error?.code == .stringAboveMaximumLength)
        #expect(error?.param == "session.tracing.\(param)")
    }

    @Test(
        "A wrong member of the input gives its path",
        arguments: [
            (#"{"format":1}"#, .invalidType, "format"),
            (#"{"format":"mp3"}"#, .invalidValue, "format"),
            (#"{"format":{"type":"mp3"}}"#, .invalidValue, "format.type"),
            (#"{"format":{"type":"audio/pcm","rate":7999}}"#, .integerBelowMinimum, "format.rate"),
            (#"{"format":{"type":"audio/pcm","rate":48001}}"#, .integerAboveMaximum, "format.rate"),
            (#"{"transcription":"whisper-1"}"#, .invalidType, "transcription"),
            (#"{"transcription":{"model":1}}"#, .invalidType, "transcription.model"),
            (#"{"transcription":{"languages":[]}}"#, .invalidValue, "transcription.languages"),
            (#"{"transcription":{"languages":"de"}}"#, .invalidType, "transcription.languages"),
            (
                #"{"transcription":{"languages":["de",1]}}"#, .invalidType,
                "transcription.languages[1]"
            ),
            (
                #"{"transcription":{"languages":["x y"]}}"#, .invalidValue,
                "transcription.languages[0]"
            ),
            (#"{"transcription":{"language":""}}"#, .invalidValue, "transcription.language"),
            (#"{"transcription":{"language":"de_AT"}}"#, .invalidValue, "transcription.language"),
            (#"{"transcription":{"keywords":[1]}}"#, .invalidType, "transcription.keywords[0]"),
            (#"{"transcription":{"delay":"x"}}"#, .invalidValue, "transcription.delay"),
            (#"{"transcription":{"model":""}}"#, .invalidValue, "transcription.model"),
            (#"{"noise_reduction":{"type":"x"}}"#, .invalidValue, "noise_reduction.type"),
            (
                #"{"noise_reduction":{"strength":1.1}}"#, .invalidValue,
                "noise_reduction.strength"
            ),
            (#"{"turn_detection":true}"#, .invalidType, "turn_detection"),
            (#"{"turn_detection":{"type":"x"}}"#, .invalidValue, "turn_detection.type"),
            (#"{"turn_detection":{"threshold":1.01}}"#, .invalidValue, "turn_detection.threshold"),
            (#"{"turn_detection":{"threshold":-1}}"#, .invalidValue, "turn_detection.threshold"),
            (#"{"turn_detection":{"threshold":"x"}}"#, .invalidType, "turn_detection.threshold"),
            (
                #"{"turn_detection":{"prefix_padding_ms":-1}}"#,
                .integerBelowMinimum, "turn_detection.prefix_padding_ms"
            ),
            (
                #"{"turn_detection":{"silence_duration_ms":600001}}"#,
                .integerAboveMaximum, "turn_detection.silence_duration_ms"
            ),
            (
                #"{"turn_detection":{"idle_timeout_ms":4999}}"#,
                .integerBelowMinimum, "turn_detection.idle_timeout_ms"
            ),
            (
                #"{"turn_detection":{"idle_timeout_ms":30001}}"#,
                .integerAboveMaximum, "turn_detection.idle_timeout_ms"
            ),
            (#"{"turn_detection":{"eagerness":"x"}}"#, .invalidValue, "turn_detection.eagerness"),
            (
                #"{"turn_detection":{"create_response":0}}"#, .invalidType,
                "turn_detection.create_response"
            ),
        ] as [(String, ProtocolError.Code, String)]
    )
    func refusesInput(input: String, code: ProtocolError.Code, param: String) {
        let error = failure(message(#"{"type":"realtime","audio":{"input":\#(input)}}"#))?.error
        #expect(error?.code == code)
        #expect(error?.param == "session.audio.input.\(param)")
    }

    @Test(
        "A wrong member of the output gives its path",
        arguments: [
            (#"{"format":{"rate":1}}"#, .integerBelowMinimum, "format.rate"),
            (#"{"voice":1}"#, .invalidType, "voice"),
            (#"{"voice":{"id":1}}"#, .invalidType, "voice.id"),
            (#"{"speed":0.24}"#, .invalidValue, "speed"),
            (#"{"speed":1.51}"#, .invalidValue, "speed"),
        ] as [(String, ProtocolError.Code, String)]
    )
    func refusesOutput(output: String, code: ProtocolError.Code, param: String) {
        let error = failure(message(#"{"audio":{"output":\#(output)}}"#))?.error
        #expect(error?.code == code)
        #expect(error?.param == "session.audio.output.\(param)")
    }

    @Test("Instructions may be long, but not without end")
    func limitsInstructions() throws {
        func session(_ length: Int) -> String {
            let text = String(repeating: "ä", count: length)
            return #"{"type":"realtime","instructions":"\#(text)"}"#
        }
        #expect(failure(message(session(1_048_576))) == nil)
        let error = failure(message(session(1_048_577)))?.error
        #expect(error?.code == .stringAboveMaximumLength)
        #expect(error?.param == "session.instructions")
    }

    @Test("A session may have many tools, but not without end")
    func limitsTools() throws {
        func session(_ count: Int) -> String {
            let tools = (0..<count).map { #"{"type":"function","name":"f\#($0)"}"# }
            return #"{"type":"realtime","tools":[\#(tools.joined(separator: ","))]}"#
        }
        #expect(failure(message(session(1_024))) == nil)
        let error = failure(message(session(1_025)))?.error
        #expect(error?.code == .invalidValue)
        #expect(error?.param == "session.tools")
    }

    @Test(
        "In strict mode unknown members are named",
        arguments: [
            (#"{"bogus":1}"#, "bogus"), (#"{"voice":"ash"}"#, "voice"),
            (#"{"modalities":["text"]}"#, "modalities"),
            (#"{"audio":{"x":1}}"#, "audio.x"), (#"{"audio":{"input":{"x":1}}}"#, "audio.input.x"),
            (#"{"audio":{"output":{"x":1}}}"#, "audio.output.x"),
            (
                #"{"audio":{"input":{"format":{"type":"audio/pcmu","rate":1}}}}"#,
                "audio.input.format.rate"
            ),
            (#"{"audio":{"input":{"turn_detection":{"x":1}}}}"#, "audio.input.turn_detection.x"),
            (#"{"audio":{"input":{"transcription":{"x":1}}}}"#, "audio.input.transcription.x"),
            (
                #"{"audio":{"input":{"noise_reduction":{"type":"near_field","x":1}}}}"#,
                "audio.input.noise_reduction.x"
            ),
            (#"{"reasoning":{"x":1}}"#, "reasoning.x"), (#"{"tracing":{"x":1}}"#, "tracing.x"),
            (#"{"prompt":{"id":"p","x":1}}"#, "prompt.x"),
            (
                #"{"truncation":{"type":"retention_ratio","retention_ratio":1,"x":1}}"#,
                "truncation.x"
            ),
        ]
    )
    func namesUnknownMembers(session: String, param: String) {
        #expect(failure(message(session)) == nil)
        #expect(failure(message(session), strictly: true)?.error.code == .unknownParameter)
        #expect(failure(message(session), strictly: true)?.error.param == "session.\(param)")
    }
}
