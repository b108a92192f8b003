import ParleyJSON
import ParleyRealtime
import Testing

@Suite("Events of translation sessions")
struct TranslationEventTests {
    private func decode(
        _ text: String,
        isStrict: Bool = false,
        in kind: SessionKind = .translation
    ) -> Result<ClientEvent, EventDecodingError> {
        var decoder = EventDecoder()
        decoder.kind = kind
        decoder.refusesUnknownMembers = isStrict
        return Result { () throws(EventDecodingError) in try decoder.decode(Array(text.utf8)) }
    }

    private func error(
        _ text: String,
        isStrict: Bool = false,
        in kind: SessionKind = .translation
    ) -> ProtocolError? {
        guard case .failure(let error) = decode(text, isStrict: isStrict, in: kind) else {
            return nil
        }
        return error.error
    }

    private func update(_ session: String) throws -> SessionUpdate {
        let event = try decode(#"{"type":"session.update","session":\#(session)}"#).get()
        guard case .sessionUpdate(let update) = event.body else { throw TestError() }
        return update
    }

    private struct TestError: Error {}

    @Test("Audio, the end and an update are the events that there are")
    func events() throws {
        let append = #"{"type":"session.input_audio_buffer.append","audio":"AQID"}"#
        let close = #"{"type":"session.close","event_id":"c1"}"#
        #expect(
            try decode(append).get()
                == ClientEvent(.sessionInputAudioBufferAppend(audio: [1, 2, 3]))
        )
        #expect(try decode(close).get() == ClientEvent(id: "c1", .sessionClose))
        #expect(try update("{}") == SessionUpdate())
    }

    @Test(
        "Events of other sessions are unknown here",
        arguments: [
            "input_audio_buffer.append", "input_audio_buffer.commit", "input_audio_buffer.clear",
            "conversation.item.create", "conversation.item.retrieve", "conversation.item.delete",
            "conversation.item.truncate", "response.create", "response.cancel",
            "output_audio_buffer.clear", "transcription_session.update",
        ]
    )
    func foreign(type: String) {
        let error = error(#"{"type":"\#(type)","audio":"AQID","item_id":"i"}"#)
        #expect(error?.code == .invalidValue)
        #expect(error?.param == "type")
        #expect(error?.message.contains("an event of a translation session") == true)
    }

    @Test(
        "Its events are unknown in other sessions",
        arguments: [SessionKind.realtime, .transcription],
        ["session.input_audio_buffer.append", "session.close"]
    )
    func unknownElsewhere(kind: SessionKind, type: String) {
        let error = error(#"{"type":"\#(type)","audio":"AQID"}"#, in: kind)
        #expect(error?.code == .invalidValue)
        #expect(error?.param == "type")
    }

    @Test("An update names the language, the transcription and the noise reduction")
    func members() throws {
        let update = try update(
            #"{"audio":{"input":{"transcription":{"model":"whisper-1"},"#
                + #""noise_reduction":{"type":"near_field"}},"output":{"language":"pt-BR"}}}"#
        )
        var transcription = TranscriptionUpdate()
        transcription.model = .set("whisper-1")
        #expect(update.outputLanguage == .set("pt-BR"))
        #expect(update.transcription == .set(transcription))
        #expect(update.noiseReduction == .set(NoiseReductionUpdate(.nearField)))
    }

    @Test("Null takes members back, and stands for none of them where a group is null")
    func nulls() throws {
        let update = try update(
            #"{"audio":{"input":{"transcription":null},"output":{"language":null}}}"#
        )
        #expect(update.outputLanguage == .reset)
        #expect(update.transcription == .reset)
        #expect(try self.update(#"{"audio":null}"#) == SessionUpdate())
        #expect(try self.update(#"{"audio":{"input":null,"output":null}}"#) == SessionUpdate())
    }

    @Test(
        "A language is a tag",
        arguments: ["", "-", "es-", "es_MX", "into Spanish, please", "abcdefghi"]
    )
    func badLanguages(tag: String) {
        let error = error(
            #"{"type":"session.update","session":{"audio":{"output":{"language":"\#(tag)"}}}}"#
        )
        #expect(error?.code == .invalidValue)
        #expect(error?.param == "session.audio.output.language")
    }

    @Test("A tag has at most 35 characters")
    func longestTag() {
        #expect(LanguageTag.isWellFormed("abcdefgh-abcdefgh-abcdefgh-abcdefgh"))
        #expect(!LanguageTag.isWellFormed("abcdefgh-abcdefgh-abcdefgh-abcdefgh-a"))
    }

    @Test("A flat session is none: beta has no translations")
    func notFlat() throws {
        let update = try update(#"{"voice":"slt","input_audio_format":"g711_ulaw"}"#)
        #expect(update == SessionUpdate())
    }

    @Test(
        "Strictly, other members are refused by their paths",
        arguments: [
            (#"{"instructions":"x"}"#, "session.instructions"),
            (#"{"audio":{"input":{"format":{"type":"audio/pcm"}}}}"#, "session.audio.input.format"),
            (#"{"audio":{"output":{"voice":"slt"}}}"#, "session.audio.output.voice"),
        ]
    )
    func strict(session: String, param: String) {
        let text = #"{"type":"session.update","session":\#(session)}"#
        let error = error(text, isStrict: true)
        #expect(error?.code == .unknownParameter)
        #expect(error?.param == param)
    }

    @Test("What session.updated shows can be sent back strictly")
    func echo() throws {
        let shown = Samples.ofEveryType.compactMap { event -> SessionObject? in
            guard case .sessionUpdated(let session) = event.body,
                session.configuration.kind == .translation
            else { return nil }
            return session
        }
        let text = String(decoding: WrittenSession(shown[0], in: .ga).serialized(), as: UTF8.self)
        let event = decode(#"{"type":"session.update","session":\#(text)}"#, isStrict: true)
        #expect(throws: Never.self) { try event.get() }
    }

    @Test("A translation session looks alike in every dialect", arguments: Dialect.allCases)
    func dialects(dialect: Dialect) throws {
        let session = SessionObject(
            id: "sess_1",
            expiresAt: 5,
            configuration: Samples.configuration.translating()
        )
        let shown = try JSON.parse(WrittenSession(session, in: dialect).serialized())
        #expect(
            shown == [
                "type": "translation", "id": "sess_1", "model": "local-llm", "expires_at": 5,
                "audio": [
                    "input": ["transcription": .null, "noise_reduction": .null],
                    "output": ["language": "en"],
                ],
            ]
        )
    }
}
