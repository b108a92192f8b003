import ParleyHTTP
import ParleyRemoteEngine
import ParleyServer
import Testing

@Suite struct KeyRingTests {
    private let ring = KeyRing([
        APIKey(name: "one", key: .init("sk-one")), APIKey(name: "two", key: .init("sk-two")),
    ])

    @Test("Without keys everybody is admitted")
    func isOpenWithoutKeys() {
        #expect(KeyRing([]).isOpen)
        guard case .admitted(nil) = KeyRing([]).judge(request()) else {
            Issue.record("a request without a key was not admitted")
            return
        }
    }

    @Test(
        "A key is found in every place that clients put it",
        arguments: [
            ("Authorization", "Bearer sk-two"), ("Authorization", "bearer sk-two"),
            ("api-key", "sk-two"), ("X-API-Key", "sk-two"), ("xi-api-key", "sk-two"),
            ("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.sk-two"),
        ]
    )
    func findsKeyInHeader(name: String, value: String) throws {
        #expect(admittedName(request(name, value)) == "two")
    }

    @Test("A key is found in the query")
    func findsKeyInQuery() {
        #expect(admittedName(request(path: "/v1/realtime?api_key=sk-one")) == "one")
    }

    @Test("The Authorization header outranks the query")
    func ranksPlaces() {
        let request = request("Authorization", "Bearer sk-one", path: "/?api_key=sk-two")
        #expect(admittedName(request) == "one")
    }

    @Test(
        "A key that is not ours is wrong, however much of it fits",
        arguments: ["sk-on", "sk-one1", "sk-onesk-one", "", "sk-three", "SK-ONE"]
    )
    func refusesWrongKey(candidate: String) {
        #expect(ring.key(matching: candidate) == nil)
    }

    @Test("A request without a key is told so, not that its key is wrong")
    func tellsMissingFromWrong() {
        guard case .missingKey = ring.judge(request()) else {
            Issue.record("expected a missing key")
            return
        }
        guard case .wrongKey = ring.judge(request("X-API-Key", "nonsense")) else {
            Issue.record("expected a wrong key")
            return
        }
    }

    private func admittedName(_ request: HTTPRequest) -> String? {
        if case .admitted(let name) = ring.judge(request) { name } else { nil }
    }

    private func request(
        _ name: String? = nil,
        _ value: String = "",
        path: String = "/v1/realtime"
    ) -> HTTPRequest {
        var headers = HTTPHeaders()
        if let field = name.flatMap({ HTTPFieldName($0) }) { headers.add(field, value) }
        return HTTPRequest(.get, HTTPTarget(path), headers: headers)
    }
}
