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

    @Test(
        "What is not served yet is refused by name",
        arguments: [
            ("/v1/realtime?intent=transcription", "Transcription"),
            ("/v1/realtime?call_id=rtc_1", "rtc_1"),
        ]
    )
    func refusesWhatIsNotServed(target: String, word: String) {
        let error = #expect(throws: ProtocolError.self) { try RealtimeQuery(request(target)) }
        #expect(error?.code == .notImplemented)
        #expect(error?.message.contains(word) == true)
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
        "The marker of the beta dialect is refused wherever it stands",
        arguments: [
            ("OpenAI-Beta", "realtime=v1"),
            ("Sec-WebSocket-Protocol", "realtime, openai-beta.realtime-v1"),
        ]
    )
    func refusesBeta(name: String, value: String) throws {
        let field = try #require(HTTPFieldName(name))
        var request = request("/v1/realtime?model=parley")
        request.headers.add(field, value)
        #expect(throws: ProtocolError.self) { try RealtimeQuery(request) }
    }

    @Test("The REST SDK's beta header is no marker")
    func acceptsAssistantsHeader() throws {
        var request = request("/v1/realtime?model=parley")
        request.headers.add("OpenAI-Beta", "assistants=v2")
        #expect(try RealtimeQuery(request).model == "parley")
    }

    private func request(_ target: String) -> HTTPRequest {
        HTTPRequest(.get, HTTPTarget(target))
    }
}
