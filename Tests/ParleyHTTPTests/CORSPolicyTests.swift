import ParleyHTTP
import Testing

@Suite struct CORSPolicyTests {
    private func request(_ method: HTTPMethod, _ headers: HTTPHeaders) -> HTTPRequest {
        HTTPRequest(method, HTTPTarget("/v1/realtime/calls"), headers: headers)
    }

    private func preflight(_ headers: String, method: String = "POST") -> HTTPRequest {
        request(
            .options,
            [
                .origin: "https://app.example", "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": headers,
            ]
        )
    }

    @Test("A browser's call is allowed from anywhere by default, and may read Location")
    func actual() {
        let headers = CORSPolicy().responseHeaders(
            for: request(.post, [.origin: "https://app.example"])
        )
        let expected: HTTPHeaders = [
            "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Location",
        ]
        #expect(headers == expected)
    }

    @Test("A request without an origin gets nothing")
    func noOrigin() {
        #expect(CORSPolicy().responseHeaders(for: request(.post, [:])) == [:])
    }

    @Test("A preflight for the headers of the known clients is allowed")
    func allowedPreflight() {
        let asked = "authorization, content-type, openai-beta, x-stainless-os"
        let response = CORSPolicy().preflight(preflight(asked))
        #expect(response?.status == .noContent)
        #expect(response?.headers["Access-Control-Allow-Origin"] == "*")
        #expect(response?.headers["Access-Control-Allow-Methods"] == "GET, POST, OPTIONS")
        #expect(response?.headers["Access-Control-Allow-Headers"] == asked)
        #expect(response?.headers["Access-Control-Max-Age"] == "600")
    }

    @Test(
        "A preflight for another header or method is refused",
        arguments: [
            ("cookie", "POST"), ("open", "POST"), ("a b", "POST"), ("", "DELETE"), ("", "post"),
        ]
    )
    func refusedPreflight(headers: String, method: String) {
        let response = CORSPolicy().preflight(preflight(headers, method: method))
        #expect(response?.status == .forbidden)
        #expect(response?.headers["Access-Control-Allow-Methods"] == nil)
    }

    @Test("What is no preflight is left to the routes")
    func noPreflight() {
        let policy = CORSPolicy()
        #expect(policy.preflight(request(.options, [.origin: "https://a"])) == nil)
        #expect(
            policy.preflight(request(.options, ["Access-Control-Request-Method": "GET"])) == nil
        )
        #expect(policy.preflight(request(.post, [.origin: "https://a"])) == nil)
    }

    @Test("With a list only its origins are allowed, and caches are told")
    func list() {
        let policy = CORSPolicy(origins: .only(["https://APP.example"]))
        let good = policy.responseHeaders(for: request(.get, [.origin: "https://app.example"]))
        #expect(good["Access-Control-Allow-Origin"] == "https://app.example")
        #expect(good[.vary] == "Origin")
        let bad = policy.responseHeaders(for: request(.get, [.origin: "https://app.example.evil"]))
        #expect(bad == [.vary: "Origin"])
        #expect(policy.preflight(preflight(""))?.status == .noContent)
    }

    @Test("A pattern with nothing but a star allows every header")
    func anyHeader() {
        let policy = CORSPolicy(headers: ["*"])
        #expect(policy.preflight(preflight("anything, x"))?.status == .noContent)
    }
}
