import ParleyHTTP
import ParleyRealtime
import Testing

@testable import ParleyServer

@Suite struct RealtimeQueryTests {
    @Test(
        "The model is read from the URL, as this API or Azure spells it",
        arguments: [
            ("/v1/realtime?model=parley", "parley"),
            ("/openai/realtime?api-version=2024-10-01&deployment=parley", "parley"),
            ("/v1/realtime?model=a%20b&unknown=1", "a b"),
        ]
    )
    func readsModel(target: String, model: String) throws {
        #expect(try RealtimeQuery(request(target)).model == model)
    }

    @Test("An absent or empty model is none", arguments: ["/v1/realtime", "/v1/realtime?model="])
    func readsNoModel(target: String) throws {
        #expect(try RealtimeQuery(request(target)).model == nil)
    }

    @Test("A path for translations tells the kind, whatever intent and dialect the client names")
    func readsTranslation() throws {
        let target = "/v1/realtime/translations?model=parley&intent=transcription"
        var request = request(target)
        request.headers.add("OpenAI-Beta", "realtime=v1")
        let query = try RealtimeQuery(request, of: .translation)
        #expect(query.kind == .translation)
        #expect(query.model == "parley")
        #expect(query.dialect == .ga)
    }

    @Test("A call to join is refused by name")
    func refusesCalls() {
        let error = #expect(throws: ProtocolError.self) {
            try RealtimeQuery(request("/v1/realtime?call_id=rtc_1"))
        }
        #expect(error?.code == .invalidCallID)
        #expect(error?.message.contains("rtc_1") == true)
    }

    @Test("A call that is named by nothing is none")
    func ignoresEmptyCall() throws {
        #expect(try RealtimeQuery(request("/v1/realtime?model=m&call_id=")).model == "m")
    }

    @Test(
        "The intent tells the kind of session",
        arguments: [
            ("/v1/realtime", SessionKind.realtime),
            ("/v1/realtime?intent=conversation", .realtime),
            ("/v1/realtime?intent=transcription", .transcription),
        ]
    )
    func readsKind(target: String, kind: SessionKind) throws {
        #expect(try RealtimeQuery(request(target)).kind == kind)
    }

    @Test("Language and recogniser may stand in the URL")
    func readsTranscription() throws {
        let target = "/v1/realtime?model=m&language=de&transcription_model=whisper-1"
        let query = try RealtimeQuery(request(target))
        #expect(query.language == "de")
        #expect(query.transcriptionModel == "whisper-1")
    }

    @Test("A language in the URL is a tag, and an error says what was found instead")
    func refusesBadLanguage() {
        let error = #expect(throws: ProtocolError.self) {
            try RealtimeQuery(request("/v1/realtime?model=m&language=into+Spanish"))
        }
        #expect(error?.code == .invalidValue)
        #expect(error?.param == "language")
        #expect(error?.message.contains("into Spanish") == true)
    }

    @Test("An intent that nobody knows is an invalid value")
    func refusesUnknownIntent() {
        let error = #expect(throws: ProtocolError.self) {
            try RealtimeQuery(request("/v1/realtime?intent=karaoke"))
        }
        #expect(error?.code == .invalidValue)
        #expect(error?.param == "intent")
    }

    @Test(
        "The mark of the beta dialect is seen wherever it stands",
        arguments: [
            ("OpenAI-Beta", "realtime=v1"),
            ("Sec-WebSocket-Protocol", "realtime, openai-beta.realtime-v1"),
        ]
    )
    func readsBeta(name: String, value: String) throws {
        let field = try #require(HTTPFieldName(name))
        var request = request("/v1/realtime?model=parley")
        request.headers.add(field, value)
        #expect(try RealtimeQuery(request).dialect == .beta)
    }

    @Test("The REST SDK's beta header is no mark")
    func acceptsAssistantsHeader() throws {
        var request = request("/v1/realtime?model=parley")
        request.headers.add("OpenAI-Beta", "assistants=v2")
        #expect(try RealtimeQuery(request).dialect == nil)
    }

    private func request(_ target: String) -> HTTPRequest {
        HTTPRequest(.get, HTTPTarget(target))
    }
}
