import ParleyHTTP
import ParleyNetwork
import ParleyNetworkTesting
import ParleyRealtime
import Testing

@testable import ParleyServer

@Suite("Who may come in", .timeLimit(.minutes(1)))
struct AccessControlTests {
    private let clock = TestClock()
    private let log = LogCapture()

    private func control(
        _ keys: [(name: String, key: String)] = [("one", "sk-one"), ("two", "sk-two")],
        store: any SecretStore = MemorySecretStore()
    ) -> AccessControl {
        AccessControl(
            policy(keys),
            secrets: store,
            clock: clock.access,
            log: Logger(label: "access", output: LogOutput(level: .trace, sink: log)),
            makeSecret: { "secret" }
        )
    }

    private func policy(_ keys: [(name: String, key: String)]) -> AccessControl.Policy {
        var server = ServerConfiguration()
        server.apiKeys = keys.map { APIKey(name: $0.name, digest: SecretDigest(of: $0.key)) }
        return AccessControl.Policy(server)
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

    private func bearer(_ value: String) -> HTTPRequest {
        request("Authorization", "Bearer \(value)")
    }

    private func record(of key: String?, until seconds: Int = 600) -> SecretRecord {
        SecretRecord(
            owner: key.map { SecretDigest(of: $0) },
            kind: .realtime,
            dialect: .ga,
            session: Array("{}".utf8),
            model: "parley",
            expiresAt: seconds
        )
    }

    /// `two`, `secret of two`, `anybody`, `missing`, `wrong` or `unavailable`.
    private func verdict(_ control: AccessControl, _ request: HTTPRequest) async -> String {
        switch await control.judge(request) {
        case .admitted(let caller):
            (caller.showsKey ? "" : "secret of ") + (caller.key?.name ?? "anybody")
        case .missingKey: "missing"
        case .wrongKey: "wrong"
        case .unavailable: "unavailable"
        }
    }

    // MARK: Places

    private static let allPlaces: [(header: String?, value: String, path: String)] = [
        ("Authorization", "Bearer KEY", "/v1/realtime"),
        ("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.KEY", "/v1/realtime"),
        ("api-key", "KEY", "/v1/realtime"),
        ("X-API-Key", "KEY", "/v1/realtime"),
        ("xi-api-key", "KEY", "/v1/realtime"),
        (nil, "", "/v1/realtime?api_key=KEY"),
    ]

    @Test("A key and a client secret are found in every place", arguments: allPlaces.indices)
    func places(index: Int) async throws {
        let place = Self.allPlaces[index]
        let control = control()
        let secret = try await control.mint(record(of: "sk-one"))
        for (shown, expected) in [("sk-two", "two"), (secret, "secret of one"), ("x", "wrong")] {
            let request = request(
                place.header,
                place.value.replacing("KEY", with: shown),
                path: place.path.replacing("KEY", with: shown)
            )
            #expect(await verdict(control, request) == expected)
        }
    }

    @Test("An earlier place outranks a later one, even with a wrong key", arguments: 0..<5)
    func order(index: Int) async {
        var headers = HTTPHeaders()
        for (offset, place) in Self.allPlaces.enumerated() where offset >= index {
            guard let name = place.header.flatMap({ HTTPFieldName($0) }) else { continue }
            headers.add(name, place.value.replacing("KEY", with: offset == index ? "x" : "sk-two"))
        }
        let request = HTTPRequest(.get, HTTPTarget("/?api_key=sk-two"), headers: headers)
        #expect(await verdict(control(), request) == "wrong")
    }

    @Test("A request without a key is told so, not that its key is wrong")
    func missing() async {
        #expect(await verdict(control(), request()) == "missing")
        #expect(await verdict(control(), request(path: "/?api_key=")) == "missing")
        #expect(await verdict(control(), request("Authorization", "Basic x")) == "missing")
        #expect(await verdict(control(), bearer("x")) == "wrong")
    }

    @Test("Where no key is needed any key will do")
    func open() async {
        let control = control([])
        #expect(await verdict(control, request()) == "anybody")
        #expect(await verdict(control, bearer("whatever")) == "anybody")
    }

    // MARK: Client secrets

    @Test("A secret opens until it expires, any number of times")
    func secretExpires() async throws {
        let control = control()
        let secret = try await control.mint(record(of: "sk-two", until: 60))
        #expect(secret == "ek_secret")
        clock.pass(59)
        for _ in 0..<3 { #expect(await verdict(control, bearer(secret)) == "secret of two") }
        clock.pass(1)
        #expect(await verdict(control, bearer(secret)) == "wrong")
    }

    @Test("Real secrets are 46 characters, and no two the same")
    func randomSecrets() async throws {
        let control = AccessControl(policy([]), secrets: MemorySecretStore(), log: .disabled)
        var secrets: Set<String> = []
        for _ in 0..<50 {
            secrets.insert(try await control.mint(record(of: nil, until: .max)))
        }
        #expect(secrets.count == 50)
        #expect(secrets.allSatisfy { $0.hasPrefix("ek_") && $0.utf8.count == 46 })
    }

    @Test("Where no key is needed a secret is still judged")
    func openSecret() async throws {
        let control = control([])
        let secret = try await control.mint(record(of: nil))
        #expect(await verdict(control, bearer(secret)) == "secret of anybody")
        #expect(await verdict(control, bearer("ek_other")) == "wrong")
    }

    @Test("A secret ends with its key, also when a new key takes the name")
    func revoked() async throws {
        let control = control()
        let secret = try await control.mint(record(of: "sk-two"))
        #expect(await control.replace(policy([("one", "sk-one"), ("two", "sk-new")])))
        #expect(await verdict(control, bearer(secret)) == "wrong")
        #expect(await verdict(control, bearer("sk-two")) == "wrong")
        #expect(await verdict(control, bearer("sk-new")) == "two")
    }

    @Test("A secret outlives changes to its key's limits, and to other keys")
    func survivesReload() async throws {
        let control = control()
        let secret = try await control.mint(record(of: "sk-two"))
        #expect(await control.replace(policy([("second", "sk-two")])))
        #expect(await verdict(control, bearer(secret)) == "secret of second")
    }

    @Test("Secrets of an open server end when keys are set")
    func lockingRevokes() async throws {
        let control = control([])
        let secret = try await control.mint(record(of: nil))
        #expect(await control.replace(policy([("one", "sk-one")])))
        #expect(await verdict(control, bearer(secret)) == "wrong")
    }

    @Test("Reading the configuration of an open server again keeps its secrets")
    func openStaysOpen() async throws {
        let control = control([])
        let secret = try await control.mint(record(of: nil))
        #expect(await control.replace(policy([])))
        #expect(await verdict(control, bearer(secret)) == "secret of anybody")
    }

    @Test("Reading the configuration again never opens a server that asks for keys")
    func staysLocked() async {
        let control = control()
        #expect(await !control.replace(policy([])))
        #expect(await verdict(control, request()) == "missing")
        #expect(await verdict(control, bearer("sk-one")) == "one")
    }

    @Test("A store that can't be asked lets nobody in, and keys still open")
    func unavailableStore() async throws {
        let control = control(store: BrokenStore())
        #expect(await verdict(control, bearer("ek_1")) == "unavailable")
        #expect(await verdict(control, bearer("sk-one")) == "one")
        await #expect(throws: SecretStoreError.unavailable(detail: "down")) {
            try await control.mint(record(of: "sk-one"))
        }
        #expect(log.records.count == 2)
    }

    // MARK: Limits

    @Test("Limits of a key win over those of all keys")
    func limitsOfKey() async throws {
        var server = ServerConfiguration()
        server.keyLimits.sessions = 1
        var generous = APIKey(name: "generous", digest: SecretDigest(of: "a"))
        generous.limits.sessions = 2
        server.apiKeys = [generous, APIKey(name: "plain", digest: SecretDigest(of: "b"))]
        let control = AccessControl(
            AccessControl.Policy(server),
            secrets: MemorySecretStore(),
            clock: clock.access,
            log: .disabled
        )
        let plain = Caller(key: server.apiKeys[1])
        _ = try control.admit(plain)
        #expect(throws: QuotaRefusal(reason: .sessions, limit: 1)) { try control.admit(plain) }
        for _ in 0..<2 { _ = try control.admit(Caller(key: generous)) }
        #expect(throws: QuotaRefusal(reason: .sessions, limit: 2)) {
            try control.admit(Caller(key: generous))
        }
    }

    @Test("Sessions by a secret count towards its key")
    func secretsCount() throws {
        var server = ServerConfiguration()
        server.keyLimits.sessionsPerMinute = 2
        server.apiKeys = [APIKey(name: "one", digest: SecretDigest(of: "a"))]
        let control = AccessControl(
            AccessControl.Policy(server),
            secrets: MemorySecretStore(),
            clock: clock.access,
            log: .disabled
        )
        let key = Caller(key: server.apiKeys[0])
        let secret = Caller(key: server.apiKeys[0], secret: record(of: "a"))
        control.leave(try control.admit(key))
        #expect(control.rateLimits(of: key).map(\.remaining) == [1])
        control.leave(try control.admit(secret))
        #expect(throws: QuotaRefusal.self) { try control.admit(secret) }
        #expect(control.rateLimits(of: secret).map(\.remaining) == [0])
    }

    @Test("Limits hold when many come at once")
    func concurrency() async {
        var server = ServerConfiguration()
        server.keyLimits.sessions = 7
        let control = AccessControl(
            AccessControl.Policy(server),
            secrets: MemorySecretStore(),
            clock: clock.access,
            log: .disabled
        )
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask { (try? control.admit(Caller())) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 7)
    }

    @Test("Housekeeping names sessions of a day that is used up")
    func housekeeping() async throws {
        var server = ServerConfiguration()
        server.keyLimits.minutesPerDay = 1
        let control = AccessControl(
            AccessControl.Policy(server),
            secrets: MemorySecretStore(),
            clock: clock.access,
            log: .disabled
        )
        let ticket = try control.admit(Caller())
        clock.pass(59)
        #expect(await control.keepHouse().isEmpty)
        clock.pass(1)
        #expect(await control.keepHouse().map(\.tickets) == [[ticket]])
        #expect(control.dayRefusal(of: Caller())?.reason == .minutesPerDay)
    }
}
