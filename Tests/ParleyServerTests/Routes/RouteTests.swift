import ParleyHTTP
import ParleyJSON
import ParleyNetwork
import Testing

@testable import ParleyServer

/// The routes of a whole server, over real sockets; no engine is ever loaded.
@Suite(.timeLimit(.minutes(1))) struct RouteTests {
    /// A running server and a client on its loop.
    private struct Door: Sendable {
        let server: Server
        let client: HTTPClient

        func ask(
            _ method: HTTPMethod,
            _ path: String,
            headers: HTTPHeaders = HTTPHeaders()
        ) async throws -> (response: HTTPClientResponse, body: [UInt8]) {
            var request = HTTPClientRequest(method, try WebURL(server.url + path))
            request.headers.add(headers)
            let response = try await client.execute(request)
            return (response, try await response.collect(limit: 1 << 20))
        }
    }

    private func open(
        _ change: (inout ServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Door) async throws -> Void
    ) async throws {
        var settings = ServerConfiguration()
        settings.port = 0
        change(&settings)
        let configuration = Configuration(server: settings, pipelines: .builtIn, scripts: [:])
        let group = try EventLoopGroup(count: 1, name: "routes")
        defer { group.shutDown() }
        let output = LogOutput(level: .error, sink: try LogWriter(format: .text))
        let server = try Server(configuration, on: group, log: output)
        let loop = group.loops[0]
        let door = Door(server: server, client: try HTTPClient(on: loop))
        let result = await Task(executorPreference: loop) { try await body(door) }.result
        await server.drain(grace: .zero)
        try result.get()
    }

    @Test("A liveness probe is answered, a readiness probe refused while no engine is loaded")
    func probes() async throws {
        try await open({ $0.apiKeys = [APIKey(name: "a", digest: SecretDigest(of: "secret"))] }) {
            door in
            #expect(try await door.ask(.get, "/healthz").response.status == .ok)
            let (response, body) = try await door.ask(.get, "/readyz")
            #expect(response.status == .serviceUnavailable)
            #expect(try JSON.parse(body) == ["status": "not ready"])
        }
    }

    @Test(
        "Errors have the shape of the API, each member present",
        arguments: [
            (HTTPMethod.get, "/v1/nothing", 404), (.delete, "/v1/models", 405),
            (.get, "/v1/models/nobody", 404), (.get, "/v1/models/%zz", 400),
            (.post, "/v1/realtime/calls", 501), (.get, "/v1/realtime", 426),
        ]
    )
    func errors(method: HTTPMethod, path: String, status: Int) async throws {
        try await open { door in
            let (response, body) = try await door.ask(method, path)
            #expect(response.status.code == status)
            #expect(response.headers[.contentType] == "application/json")
            let error = try #require(try JSON.parse(body)["error"]?.object)
            #expect(error.members.map(\.key).sorted() == ["code", "message", "param", "type"])
        }
    }

    @Test("A wrong method names the right ones, OPTIONS too")
    func allow() async throws {
        try await open { door in
            let wrong = try await door.ask(.put, "/v1/models").response
            #expect(wrong.headers[.allow] == "GET, HEAD, OPTIONS")
            let options = try await door.ask(.options, "/v1/realtime").response
            #expect(options.status == .noContent)
            #expect(options.headers[.allow] == "GET, POST, HEAD, OPTIONS")
        }
    }

    @Test("A model's name may hold slashes", arguments: ["/v1/models/a/b", "/v1/models/a%2Fb"])
    func slashes(path: String) async throws {
        try await open { door in
            let (response, body) = try await door.ask(.get, path)
            #expect(response.status == .notFound)
            let message = try JSON.parse(body)["error"]?["message"]?.string
            #expect(message?.contains("\"a/b\"") == true)
        }
    }

    @Test(
        "What people make of the base URL leads to the same door, with the same lock",
        arguments: [
            "/v1/models", "/models", "/v1/v1/models", "/openai/v1/models/", "//v1//models",
            "/v1/%6dodels", "/v1/health/../models", "/%2e%2e/v1/models",
        ]
    )
    func sameDoor(path: String) async throws {
        try await open({ $0.apiKeys = [APIKey(name: "a", digest: SecretDigest(of: "secret"))] }) {
            door async throws in
            #expect(try await door.ask(.get, path).response.status == .unauthorized)
            let headers: HTTPHeaders = [.authorization: "Bearer secret"]
            #expect(try await door.ask(.get, path, headers: headers).response.status == .ok)
        }
    }

    @Test(
        "No spelling leads around the lock, or to what isn't there",
        arguments: [
            ("/v1/metrics", 401), ("/openai/metrics", 401), ("/health/../metrics", 401),
            ("/v1/..%2fmetrics", 404), ("/v1/models%2f..%2fhealth", 404), ("/v1%2fmodels", 404),
            ("/v1;/models", 404), ("/V1/models", 404), ("/v1/v1/v1/v1/v1/models", 404),
            ("/v1/realtime/models", 404), ("/healthz/models", 404),
            ("/v1/models/%2e%2e/metrics", 401),
            ("/v1/%00/models", 400), ("/v1/%zz/models", 400),
        ]
    )
    func noWayAround(path: String, status: Int) async throws {
        try await open({ $0.apiKeys = [APIKey(name: "a", digest: SecretDigest(of: "secret"))] }) {
            door async throws in
            #expect(try await door.ask(.get, path).response.status.code == status)
        }
    }

    @Test("A page of an origin that is not named may not connect", arguments: [true, false])
    func foreignOrigin(isNamed: Bool) async throws {
        let ours = "https://app.example"
        try await open({ $0.corsOrigins = [ours] }) { door in
            var options = WebSocketClient.Options()
            options.headers.add(.origin, isNamed ? ours : "https://evil.example")
            let url = try WebURL(door.server.url + "/v1/realtime?model=nobody")
            let opening = await Result { [options] in
                try await WebSocketClient.connect(url, options, on: door.client.loop)
            }
            switch opening {
            case .success(let socket):
                #expect(isNamed)
                await socket.close()
            case .failure(let error):
                #expect(!isNamed)
                #expect((error as? NetworkError)?.reply?.response.status == .forbidden)
            }
        }
    }

    @Test("Without the key a request that is no WebSocket is refused as HTTP, a WebSocket is told")
    func keyBeforeUpgrade() async throws {
        try await open({ $0.apiKeys = [APIKey(name: "a", digest: SecretDigest(of: "secret"))] }) {
            door in
            let (response, body) = try await door.ask(.get, "/v1/realtime?model=parley")
            #expect(response.status == .unauthorized)
            #expect(try JSON.parse(body)["error"]?["code"] == .null)
            let url = try WebURL(door.server.url + "/v1/realtime?model=parley")
            let socket = try await WebSocketClient.connect(url, on: door.client.loop)
            let event = try await socket.nextMessage()?.bytes ?? []
            #expect(try JSON.parse(event)["type"] == "error")
            #expect(try await socket.nextMessage() == nil)
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
