import ParleyHTTP
import Testing

@Suite struct RouterTests {
    private func router(_ policy: Router<String>.Policy = Router<String>.Policy()) -> Router<String>
    {
        var router = Router<String>(policy: policy)
        router.add(.get, "/", "root")
        router.add(.get, "/v1/models", "models")
        router.add(.get, "/v1/models/{model}", "model")
        router.add(.post, "/v1/realtime/calls", "create call")
        router.add(.post, "/v1/realtime/calls/{call_id}/accept", "accept")
        router.add(.post, "/v1/realtime/calls/{call_id}/{action}", "other action")
        router.add(.get, "/console/{file...}", "file")
        router.add(.get, "/console/special/{x}", "special")
        router.add(.put, "/console/special/y", "put special y")
        return router
    }

    private func describe(_ match: Router<String>.Match) -> String {
        switch match {
        case .found(let handler, _): handler
        case .options(let allow): "options " + allow.map(\.name).joined(separator: ",")
        case .methodNotAllowed(let allow): "405 " + allow.map(\.name).joined(separator: ",")
        case .notFound: "404"
        case .malformed: "400"
        }
    }

    @Test(
        "The best pattern that fits and has the method wins",
        arguments: [
            ("GET", "/", "root"), ("GET", "/v1/models", "models"), ("GET", "/v1/models/m", "model"),
            ("POST", "/v1/realtime/calls/c1/accept", "accept"),
            ("POST", "/v1/realtime/calls/c1/hangup", "other action"),
            ("GET", "/console/a/b.js", "file"), ("GET", "/console", "file"),
            ("GET", "/console/special/y", "special"),
            ("PUT", "/console/special/y", "put special y"),
            ("GET", "/console/special", "file"), ("GET", "/v1/../v1/models", "models"),
            ("HEAD", "/v1/models", "models"),
            ("GET", "/v2", "404"), ("GET", "/v1", "404"), ("GET", "/v1/models/a/b", "404"),
            ("GET", "/V1/models", "404"), ("GET", "/%zz", "400"), ("GET", "relative", "400"),
            ("DELETE", "/v1/models", "405 GET,HEAD,OPTIONS"),
            ("HEAD", "/v1/realtime/calls", "405 POST,OPTIONS"),
            ("OPTIONS", "/v1/realtime/calls", "options POST,OPTIONS"),
            ("OPTIONS", "/console/special/y", "options PUT,GET,HEAD,OPTIONS"),
            ("OPTIONS", "/nowhere", "404"), ("OPTIONS", "*", "options GET,POST,PUT,HEAD,OPTIONS"),
            ("GET", "*", "404"),
        ]
    )
    func match(method: String, path: String, expected: String) throws {
        let method = try #require(HTTPMethod(method))
        #expect(describe(router().match(method, path)) == expected)
    }

    @Test("Parameters are handed over, decoded")
    func parameters() {
        guard
            case .found(_, let call) = router().match(.post, "/v1/realtime/calls/rtc%5F1/refer"),
            case .found(_, let file) = router().match(.get, "/console/a/b%20c.js"),
            case .found(_, let none) = router().match(.get, "/console")
        else {
            Issue.record("no match")
            return
        }
        #expect(call["call_id"] == "rtc_1")
        #expect(call["action"] == "refer")
        #expect(call["none"] == nil)
        #expect(file["file"] == "a/b c.js")
        #expect(none["file"]?.isEmpty == true)
    }

    @Test("An encoded slash stays within its parameter")
    func encodedSlash() {
        guard case .found("model", let parameters) = router().match(.get, "/v1/models/org%2Fm")
        else {
            Issue.record("no match")
            return
        }
        #expect(parameters["model"] == "org/m")
    }

    @Test(
        "Slashes too many are forgiven by default",
        arguments: ["/v1/models/", "//v1//models", "/v1/models//"]
    )
    func forgiving(path: String) {
        #expect(describe(router().match(.get, path)) == "models")
    }

    @Test(
        "Slashes too many can be refused",
        arguments: ["/v1/models/", "//v1/models", "/v1//models"]
    )
    func strict(path: String) {
        var policy = Router<String>.Policy()
        policy.ignoresTrailingSlash = false
        policy.mergesSlashes = false
        #expect(describe(router(policy).match(.get, path)) == "404")
    }

    @Test(
        "Segments that say nothing at the front may be missing or come twice",
        arguments: [
            ("/realtime", "realtime"), ("/v1/realtime", "realtime"),
            ("/v1/v1/realtime", "realtime"),
            ("/openai/v1/realtime/", "realtime"), ("//openai//realtime", "realtime"),
            ("/v1/openai/v1/openai/realtime", "realtime"), ("/v1", "root"),
            ("/%76%31/realtime", "realtime"),
            ("/v1/v1/v1/v1/v1/realtime", "404"), ("/V1/realtime", "404"), ("/v2/realtime", "404"),
            ("/v1/realtime/v1", "404"), ("/realtime/realtime", "404"), ("/v1%2Frealtime", "404"),
            ("/v1/../secret", "404"), ("/v1/%2e%2e/v1/realtime", "realtime"),
            ("/v1;x/realtime", "404"), ("/v1/models/v1", "model"), ("/v1/%zz/realtime", "400"),
        ]
    )
    func ignoredFront(path: String, expected: String) {
        var policy = Router<String>.Policy()
        policy.ignoredFront = ["v1", "openai"]
        var router = Router<String>(policy: policy)
        router.add(.get, "/", "root")
        router.add(.get, "/realtime", "realtime")
        router.add(.get, "/models/{model}", "model")
        #expect(describe(router.match(.get, path)) == expected)
    }

    @Test("A second route of the same shape replaces the first")
    func replaced() {
        var router = router()
        router.add(.get, "/v1/models/{id}", "new")
        guard case .found("new", let parameters) = router.match(.get, "/v1/models/m") else {
            Issue.record("not replaced")
            return
        }
        #expect(parameters["id"] == "m")
    }

    @Test(
        "A malformed pattern is none",
        arguments: ["", "a", "/{a}/{a}", "/{}", "/{a...}/b", "/{...}"]
    )
    func badPatterns(text: String) {
        #expect(RoutePattern(text) == nil)
    }
}
