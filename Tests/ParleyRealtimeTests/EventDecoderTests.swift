import ParleyAudio
import ParleyJSON
import ParleyRealtime
import Testing

/// What a message decodes to.
func decode(
    _ text: String,
    in dialect: Dialect = .ga,
    strictly: Bool = false
) -> Result<ClientEvent, EventDecodingError> {
    var decoder = EventDecoder(dialect: dialect)
    decoder.refusesUnknownMembers = strictly
    return Result { () throws(EventDecodingError) in try decoder.decode(Array(text.utf8)) }
}

/// The error that a message gives.
func failure(
    _ text: String,
    in dialect: Dialect = .ga,
    strictly: Bool = false
) -> EventDecodingError? {
    guard case .failure(let error) = decode(text, in: dialect, strictly: strictly) else {
        return nil
    }
    return error
}

@Suite("Client events from JSON")
struct EventDecoderTests {
    @Test(
        "Every event is read",
        arguments: [
            (#"{"type":"session.update","session":{"type":"realtime"}}"#, .sessionUpdate(typed)),
            (
                #"{"type":"input_audio_buffer.append","audio":"AQID"}"#,
                .inputAudioBufferAppend(audio: [1, 2, 3])
            ),
            (#"{"type":"input_audio_buffer.commit"}"#, .inputAudioBufferCommit),
            (#"{"type":"input_audio_buffer.clear"}"#, .inputAudioBufferClear),
            (
                #"""
                {"type":"conversation.item.create","item":{"type":"function_call_output",
                "call_id":"c","output":"o"}}
                """#,
                .conversationItemCreate(item: output, position: .end)
            ),
            (
                #"{"type":"conversation.item.retrieve","item_id":"a b"}"#,
                .conversationItemRetrieve(itemID: "a b")
            ),
            (
                #"{"type":"conversation.item.delete","item_id":"i"}"#,
                .conversationItemDelete(itemID: "i")
            ),
            (
                #"""
                {"type":"conversation.item.truncate","item_id":"i","content_index":0,
                "audio_end_ms":1500}
                """#,
                .conversationItemTruncate(
                    itemID: "i",
                    contentIndex: 0,
                    audioEnd: .milliseconds(1_500)
                )
            ),
            (#"{"type":"response.create"}"#, .responseCreate(ResponseOptions())),
            (#"{"type":"response.create","response":null}"#, .responseCreate(ResponseOptions())),
            (#"{"type":"response.cancel"}"#, .responseCancel(responseID: nil)),
            (#"{"type":"response.cancel","response_id":null}"#, .responseCancel(responseID: nil)),
            (#"{"type":"response.cancel","response_id":"r"}"#, .responseCancel(responseID: "r")),
        ] as [(String, ClientEvent.Body)]
    )
    func reads(text: String, body: ClientEvent.Body) {
        #expect(decode(text) == .success(ClientEvent(body)))
        #expect(decode(text, strictly: true) == .success(ClientEvent(body)))
    }

    private static var typed: SessionUpdate {
        var update = SessionUpdate()
        update.kind = .realtime
        return update
    }

    private static let output = NewItem(content: .functionCallOutput(callID: "c", output: "o"))

    @Test("The client's event id comes along, with the event and with its error")
    func keepsEventID() {
        #expect(
            decode(#"{"type":"input_audio_buffer.commit","event_id":"c1"}"#)
                == .success(ClientEvent(id: "c1", .inputAudioBufferCommit))
        )
        let error = failure(#"{"event_id":"é\n","type":"conversation.item.delete"}"#)
        #expect(error?.clientEventID == "é\n")
        #expect(error?.error.param == "item_id")
    }

    @Test("An event id may be null or 512 characters long")
    func takesLongEventID() {
        let id = String(repeating: "é", count: 512)
        #expect(
            decode(#"{"type":"input_audio_buffer.clear","event_id":"\#(id)"}"#)
                == .success(ClientEvent(id: EventID(rawValue: id), .inputAudioBufferClear))
        )
        #expect(
            decode(#"{"type":"input_audio_buffer.clear","event_id":null}"#)
                == .success(ClientEvent(.inputAudioBufferClear))
        )
    }

    @Test(
        "A message that is no object is invalid JSON without a param",
        arguments: ["", "{", "[]", "null", "\"x\"", "1", "{}{}", "{\"type\":\"a\u{1}\"}"]
    )
    func refusesOtherMessages(text: String) {
        let error = failure(text)
        #expect(error?.error.code == .invalidJSON)
        #expect(error?.error.kind == .invalidRequest)
        #expect(error?.error.param == nil)
        #expect(error?.clientEventID == nil)
    }

    @Test(
        "A type that this session doesn't know is named, with those it knows",
        arguments: [
            "bogus", "", "Session.update", "session.created", "transcription_session.update",
            "session.input_audio_buffer.append", "session.close",
        ]
    )
    func refusesUnknownTypes(type: String) throws {
        let error = try #require(failure(#"{"type":"\#(type)","event_id":"e"}"#))
        #expect(error.error.code == .invalidValue)
        #expect(error.error.param == "type")
        #expect(error.error.message.contains("'\(type)'"))
        #expect(error.error.message.contains("'response.create'"))
        #expect(error.clientEventID == "e")
    }

    @Test(
        "A transcription session recommends no event that it would refuse",
        arguments: [
            (Dialect.ga, "'session.update'", "transcription_session.update"),
            (.beta, "'transcription_session.update'", "'session.update'"),
        ]
    )
    func recommendsUsefulTypes(dialect: Dialect, useful: String, refused: String) throws {
        var decoder = EventDecoder(dialect: dialect)
        decoder.kind = .transcription
        let error = try #require(
            #expect(throws: EventDecodingError.self) {
                try decoder.decode(Array(#"{"type":"bogus"}"#.utf8))
            }
        )
        let message = error.error.message
        #expect(message.contains("transcription session"))
        #expect(message.contains(useful) && message.contains("'input_audio_buffer.commit'"))
        for other in [refused, "response.create", "response.cancel", "item.truncate"] {
            #expect(!message.contains(other))
        }
    }

    @Test("Whether there is an output audio buffer to clear is the session's matter")
    func clearsOutput() throws {
        let event = try EventDecoder().decode(Array(#"{"type":"output_audio_buffer.clear"}"#.utf8))
        #expect(event.body == .outputAudioBufferClear)
    }

    @Test("LocalAI's tone is taken where the server is lenient, and never named among the events")
    func takesTestTone() throws {
        let message = Array(#"{"type":"test_tone","event_id":"e"}"#.utf8)
        #expect(try EventDecoder().decode(message).body == .testTone)
        var strict = EventDecoder()
        strict.refusesUnknownMembers = true
        let error = #expect(throws: EventDecodingError.self) { try strict.decode(message) }
        #expect(error?.error.param == "type")
        #expect(failure(#"{"type":"x"}"#)?.error.message.contains("test_tone") == false)
    }

    @Test("A binary message has its own error")
    func refusesBinary() {
        #expect(EventDecoder.binaryMessage.code == .invalidEvent)
        #expect(EventDecoder.binaryMessage.param == nil)
    }

    @Test(
        "A wrong member gives the code and the path of section 9",
        arguments: [
            (#"{}"#, .missingRequiredParameter, "type"),
            (#"{"type":1}"#, .invalidType, "type"),
            (#"{"type":"input_audio_buffer.commit","event_id":5}"#, .invalidType, "event_id"),
            (#"{"type":"session.update"}"#, .missingRequiredParameter, "session"),
            (#"{"type":"session.update","session":[]}"#, .invalidType, "session"),
            (#"{"type":"input_audio_buffer.append"}"#, .missingRequiredParameter, "audio"),
            (#"{"type":"input_audio_buffer.append","audio":[1]}"#, .invalidType, "audio"),
            (#"{"type":"input_audio_buffer.append","audio":"AAA"}"#, .invalidValue, "audio"),
            (#"{"type":"input_audio_buffer.append","audio":"AA-_"}"#, .invalidValue, "audio"),
            (#"{"type":"conversation.item.create"}"#, .missingRequiredParameter, "item"),
            (
                #"{"type":"conversation.item.create","item":{}}"#, .missingRequiredParameter,
                "item.type"
            ),
            (
                #"""
                {"type":"conversation.item.create","item":{"type":"function_call_output",
                "call_id":"c","output":""},"previous_item_id":1}
                """#,
                .invalidType, "previous_item_id"
            ),
            (#"{"type":"conversation.item.retrieve"}"#, .missingRequiredParameter, "item_id"),
            (#"{"type":"conversation.item.delete","item_id":null}"#, .invalidType, "item_id"),
            (#"{"type":"conversation.item.truncate"}"#, .missingRequiredParameter, "item_id"),
            (
                #"{"type":"conversation.item.truncate","item_id":"i"}"#, .missingRequiredParameter,
                "content_index"
            ),
            (
                #"""
                {"type":"conversation.item.truncate","item_id":"i","content_index":-1,
                "audio_end_ms":0}
                """#,
                .integerBelowMinimum, "content_index"
            ),
            (
                #"""
                {"type":"conversation.item.truncate","item_id":"i","content_index":0,
                "audio_end_ms":-1}
                """#,
                .integerBelowMinimum, "audio_end_ms"
            ),
            (
                #"""
                {"type":"conversation.item.truncate","item_id":"i","content_index":0,
                "audio_end_ms":9e99}
                """#,
                .integerAboveMaximum, "audio_end_ms"
            ),
            (
                #"""
                {"type":"conversation.item.truncate","item_id":"i","content_index":0,
                "audio_end_ms":1.5}
                """#,
                .invalidType, "audio_end_ms"
            ),
            (#"{"type":"response.cancel","response_id":7}"#, .invalidType, "response_id"),
            (#"{"type":"response.create","response":"x"}"#, .invalidType, "response"),
        ] as [(String, ProtocolError.Code, String)]
    )
    func refuses(text: String, code: ProtocolError.Code, param: String) {
        #expect(failure(text)?.error.code == code)
        #expect(failure(text)?.error.param == param)
    }

    @Test("An event id beyond 512 characters is refused and not repeated")
    func refusesLongEventID() {
        let id = String(repeating: "x", count: 513)
        let error = failure(#"{"type":"input_audio_buffer.clear","event_id":"\#(id)"}"#)
        #expect(error?.error.code == .stringAboveMaximumLength)
        #expect(error?.error.param == "event_id")
        #expect(error?.clientEventID == nil)
    }

    @Test("Fifteen MiB of audio are taken, more is refused")
    func limitsAudio() {
        let message = { (byteCount: Int) in
            let audio = String(repeating: "A", count: byteCount / 3 * 4)
            return #"{"type":"input_audio_buffer.append","audio":"\#(audio)"}"#
        }
        let limit = 15 * 1_024 * 1_024
        #expect(throws: Never.self) { try decode(message(limit)).get() }
        let error = failure(message(limit + 3))
        #expect(error?.error.code == .stringAboveMaximumLength)
        #expect(error?.error.param == "audio")
    }

    @Test("Unknown members are ignored, and named in strict mode")
    func namesUnknownMembers() {
        let text = #"{"type":"input_audio_buffer.commit","bogus":1}"#
        #expect(decode(text) == .success(ClientEvent(.inputAudioBufferCommit)))
        #expect(failure(text, strictly: true)?.error.code == .unknownParameter)
        #expect(failure(text, strictly: true)?.error.param == "bogus")
    }

    @Test("A path that a stranger made long is cut")
    func cutsLongPaths() {
        let name = String(repeating: "x", count: 10_000)
        let error = failure(#"{"type":"input_audio_buffer.commit","\#(name)":1}"#, strictly: true)
        #expect(error?.error.param?.count == 256)
        #expect((error?.error.message.count ?? .max) < 400)
    }

    @Test("Messages say what was found and what was expected")
    func explains() {
        #expect(
            failure(#"{"type":"conversation.item.delete","item_id":5}"#)?.error.message
                == "'item_id' is an integer: expected a string."
        )
        #expect(
            failure(#"{"type""#)?.error.message
                == "The message is not JSON: line 1, byte 7: found the end, expected \":\"."
        )
    }
}
