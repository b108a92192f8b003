import ParleyHTTP
import ParleyJSON
import ParleyNetwork
import ParleyRealtime
import ParleyRuntime
import Testing

@testable import ParleyServer

@Suite("Client secrets are made", .timeLimit(.minutes(1)))
struct ClientSecretRouteTests {
    private static let pipelines = """
        name: other
        instructions: Be brief.
        pipeline: {vad: silero, transcription: pocketsphinx, llm: scripted, tts: flite}
        """

    private let clock = TestClock()

    private func access(
        limits: KeyLimits = KeyLimits(),
        store: any SecretStore = MemorySecretStore()
    ) -> AccessControl {
        var server = ServerConfiguration()
        server.keyLimits = limits
        return AccessControl(
            AccessControl.Policy(server),
            secrets: store,
            clock: clock.access,
            log: .disabled,
            makeSecret: { "secret" }
        )
    }

    private func route(
        _ access: AccessControl? = nil,
        isStrict: Bool = false
    ) throws -> ClientSecretRoute {
        let catalog = try PipelineCatalog.read([
            ConfigurationFile(name: "other.yaml", text: Self.pipelines)
        ])
        let group = try EventLoopGroup(count: 1)
        let configuration = Configuration(
            server: ServerConfiguration(),
            pipelines: catalog,
            scripts: [:]
        )
        let library = EngineFactory(configuration, group: group).library()
        group.shutDown()
        return ClientSecretRoute(
            access: access ?? self.access(),
            planner: SessionPlanner(library: library, isStrict: isStrict)
        )
    }

    private func post(
        _ body: String,
        at endpoint: ClientSecretRoute.Endpoint = .clientSecrets,
        to route: ClientSecretRoute,
        as caller: Caller = Caller()
    ) async throws -> JSON {
        let object = try RESTBody.object(Array(body.utf8))
        let reply = try await route.answer(endpoint, object, to: caller)
        #expect(reply.response.status == .ok)
        #expect(reply.response.headers["Cache-Control"] == "no-store")
        return try JSON.parse(reply.body)
    }

    private func refusal(
        _ body: String,
        at endpoint: ClientSecretRoute.Endpoint = .clientSecrets,
        by route: ClientSecretRoute
    ) async throws -> RESTRefusal? {
        do {
            _ = try await post(body, at: endpoint, to: route)
            return nil
        } catch let refusal as RESTRefusal {
            return refusal
        }
    }

    @Test("An empty body gives a secret of ten minutes for the default session")
    func emptyBody() async throws {
        clock.pass(1_000)
        let answer = try await post("", to: route())
        #expect(answer["value"] == "ek_secret")
        #expect(answer["expires_at"] == 1_600)
        let session = try #require(answer["session"])
        #expect(session["type"] == "realtime")
        #expect(session["object"] == "realtime.session")
        #expect(session["id"]?.string?.hasPrefix("sess_") == true)
        #expect(session["expires_at"] == 0)
        #expect(session["model"] == "parley")
    }

    @Test("What is asked for shows in the session, over the defaults of the pipeline it names")
    func configured() async throws {
        let answer = try await post(
            """
            {"session": {"type": "realtime", "model": "other", "audio": {"output": {"speed": 1.25},
            "input": {"turn_detection": null}}}, "expires_after": {"anchor": "created_at",
            "seconds": 10}}
            """,
            to: route()
        )
        #expect(answer["expires_at"] == 10)
        #expect(answer["session"]?["model"] == "other")
        #expect(answer["session"]?["instructions"] == "Be brief.")
        #expect(answer["session"]?["audio"]?["output"]?["speed"] == 1.25)
        #expect(answer["session"]?["audio"]?["input"]?["turn_detection"] == .null)
    }

    @Test("A session without a model is of the key's pipeline")
    func pipelineOfKey() async throws {
        var key = APIKey(name: "a", digest: SecretDigest(of: "a"))
        key.pipeline = "other"
        let answer = try await post("{}", to: route(), as: Caller(key: key))
        #expect(answer["session"]?["model"] == "other")
    }

    @Test("The session of a secret is planned again as it was asked for")
    func roundTrip() async throws {
        let access = access()
        let route = try route(access)
        _ = try await post(#"{"session": {"instructions": "Sing.", "model": "other"}}"#, to: route)
        let plan = try await route.planner.plan(secret(access))
        #expect(plan.pipeline.name == "other")
        #expect(plan.configuration.instructions.text == "Sing.")
        #expect(plan.dialect == .ga)
    }

    @Test("A secret for a translation shows and keeps its session")
    func translation() async throws {
        let access = access()
        let route = try route(access)
        let answer = try await post(
            #"{"session": {"model": "other", "audio": {"output": {"language": "ja"}}}}"#,
            at: .translationSecrets,
            to: route
        )
        #expect(answer["expires_at"] == 600)
        #expect(answer["session"]?["type"] == "translation")
        #expect(answer["session"]?["model"] == "other")
        #expect(answer["session"]?["audio"]?["output"] == ["language": "ja"])
        let plan = try await route.planner.plan(secret(access))
        #expect(plan.configuration.kind == .translation)
        #expect(plan.configuration.output.language == "ja")
    }

    @Test(
        "A secret for a translation names a model, not even a key's pipeline stands for it",
        arguments: [("{}", "session"), (#"{"session": {}}"#, "session.model")]
    )
    func translationWithoutModel(body: String, param: String) async throws {
        let refusal = try await refusal(body, at: .translationSecrets, by: route())
        #expect(refusal?.error.code == .missingRequiredParameter)
        #expect(refusal?.error.param == param)
    }

    @Test("Secrets for translations have an endpoint of their own")
    func translationElsewhere() async throws {
        let body = #"{"session": {"type": "translation", "model": "other"}}"#
        let refusal = try await refusal(body, by: route())
        #expect(refusal?.error.param == "session.type")
    }

    private func secret(_ access: AccessControl) async throws -> SecretRecord {
        let request = HTTPRequest(.get, HTTPTarget("/?api_key=ek_secret"))
        guard case .admitted(let caller) = await access.judge(request) else {
            throw CancellationError()
        }
        return try #require(caller.secret)
    }

    @Test("A transcription session has no answers to configure")
    func transcription() async throws {
        let access = access()
        let route = try route(access)
        let answer = try await post(
            """
            {"session": {"type": "transcription", "audio": {"input": {"transcription":
            {"model": "whisper-1", "language": "en"}}}}}
            """,
            to: route
        )
        let session = try #require(answer["session"])
        #expect(session["type"] == "transcription")
        #expect(session["object"] == "realtime.transcription_session")
        #expect(session["expires_at"] == 0)
        #expect(session["audio"]?["input"]?["transcription"]?["model"] == "whisper-1")
        #expect(session["audio"]?["output"] == nil)
        let secret = try await secret(access)
        #expect(secret.kind == .transcription)
        #expect(try route.planner.plan(secret).configuration.kind == .transcription)
    }

    // MARK: Flat sessions

    @Test("A flat session is answered in kind, with its secret of a minute inside")
    func flatSession() async throws {
        let access = access()
        let route = try route(access)
        let answer = try await post(
            #"{"model": "other", "voice": "kal16", "turn_detection": null, "temperature": 0.6}"#,
            at: .flatSession(.realtime),
            to: route
        )
        #expect(answer["object"] == "realtime.session")
        #expect(answer["voice"] == "kal16")
        #expect(answer["turn_detection"] == .null)
        #expect(answer["client_secret"] == ["value": "ek_secret", "expires_at": 60])
        #expect(answer["type"] == nil && answer["audio"] == nil)
        let plan = try await route.planner.plan(secret(access))
        #expect(plan.dialect == .beta)
        #expect(plan.pipeline.name == "other")
        #expect(plan.configuration.output.voice == .named("kal16"))
        #expect(plan.configuration.temperature == 0.6)
    }

    @Test("An empty flat transcription session has a secret of ten minutes")
    func flatTranscription() async throws {
        let access = access()
        let route = try route(access)
        let answer = try await post("{}", at: .flatSession(.transcription), to: route)
        #expect(answer["object"] == "realtime.transcription_session")
        #expect(answer["client_secret"]?["expires_at"] == 600)
        let secret = try await secret(access)
        #expect(secret.kind == .transcription && secret.dialect == .beta)
        #expect(try route.planner.plan(secret).configuration.kind == .transcription)
    }

    @Test(
        "The lifetime of a flat session's secret stands in client_secret, by either SDK's name",
        arguments: [false, true],
        ["expires_after", "expires_at"]
    )
    func flatLifetime(isStrict: Bool, name: String) async throws {
        let body = #"{"client_secret": {"\#(name)": {"anchor": "created_at", "seconds": 30}}}"#
        for kind in [SessionKind.realtime, .transcription] {
            let route = try route(isStrict: isStrict)
            let answer = try await post(body, at: .flatSession(kind), to: route)
            #expect(answer["client_secret"]?["expires_at"] == 30)
        }
    }

    @Test("A secret that comes back has a time there: it says nothing", arguments: [false, true])
    func flatEcho(isStrict: Bool) async throws {
        let body = #"{"client_secret": {"value": "ek_old", "expires_at": 7}}"#
        let route = try route(isStrict: isStrict)
        let answer = try await post(body, at: .flatSession(.realtime), to: route)
        #expect(answer["client_secret"] == ["value": "ek_secret", "expires_at": 60])
    }

    @Test("Where the server is strict, client_secret has no other members")
    func flatStrict() async throws {
        let body = #"{"client_secret": {"expires_in": 30}}"#
        let endpoint = ClientSecretRoute.Endpoint.flatSession(.realtime)
        #expect(try await refusal(body, at: endpoint, by: route()) == nil)
        let refused = try await refusal(body, at: endpoint, by: route(isStrict: true))
        #expect(refused?.error.code == .unknownParameter)
        #expect(refused?.error.param == "client_secret.expires_in")
    }

    @Test(
        "What is wrong in a flat session is named by its flat path",
        arguments: [
            (#"{"voice": "nobody"}"#, "voice"),
            (#"{"speed": 9}"#, "speed"),
            (#"{"model": "nothing"}"#, "model"),
            (
                #"{"turn_detection": {"type": "server_vad", "threshold": 2}}"#,
                "turn_detection.threshold"
            ),
            (#"{"prompt": {"id": "x"}}"#, "prompt.id"),
            (#"{"client_secret": 1}"#, "client_secret"),
            (
                #"{"client_secret": {"expires_after": {"seconds": 1}}}"#,
                "client_secret.expires_after.seconds"
            ),
            (
                #"{"client_secret": {"expires_at": {"seconds": 1}}}"#,
                "client_secret.expires_at.seconds"
            ),
        ]
    )
    func refusedFlat(body: String, param: String) async throws {
        let refused = try await refusal(body, at: .flatSession(.realtime), by: route())
        #expect(refused?.status == .badRequest)
        #expect(refused?.error.param == param)
    }

    @Test(
        "What is wrong is named by its path, and nothing is made",
        arguments: [
            (
                #"{"session": {"audio": {"output": {"speed": 9}}}}"#,
                "invalid_value", "session.audio.output.speed"
            ),
            (
                #"{"session": {"audio": {"output": {"voice": "nobody"}}}}"#, "invalid_value",
                "session.audio.output.voice"
            ),
            (#"{"session": {"model": "nothing"}}"#, "invalid_model", "session.model"),
            (#"{"session": {"type": "karaoke"}}"#, "invalid_value", "session.type"),
            (#"{"session": []}"#, "invalid_type", "session"),
            (#"{"session": {"instructions": 1}}"#, "invalid_type", "session.instructions"),
            (
                #"{"expires_after": {"seconds": 9}}"#, "integer_below_min_value",
                "expires_after.seconds"
            ),
            (
                #"{"expires_after": {"seconds": 7201}}"#, "integer_above_max_value",
                "expires_after.seconds"
            ),
            (#"{"expires_after": {"seconds": 10.5}}"#, "invalid_type", "expires_after.seconds"),
            (#"{"expires_after": {"anchor": "born"}}"#, "invalid_value", "expires_after.anchor"),
            (#"{"expires_after": 5}"#, "invalid_type", "expires_after"),
        ]
    )
    func refused(body: String, code: String, param: String) async throws {
        let store = MemorySecretStore()
        let refused = try await refusal(body, by: route(access(store: store)))
        #expect(refused?.status == .badRequest)
        #expect(refused?.error.code?.rawValue == code)
        #expect(refused?.error.param == param)
        #expect(store.count == 0)
    }

    @Test("Unknown members are ignored, or refused where the server is strict")
    func unknownMembers() async throws {
        let body = #"{"sesion": {}}"#
        _ = try await post(body, to: route())
        let refused = try await refusal(body, by: route(isStrict: true))
        #expect(refused?.error.code == .unknownParameter)
        #expect(refused?.error.param == "sesion")
    }

    @Test("Headers of a tool's server are kept and not shown")
    func hidesHeaders() async throws {
        // Whether the tool can be offered is not what this is about.
        let body = """
            {"session": {"tools": [{"type": "mcp", "server_label": "s", "server_url": \
            "https://example.org", "authorization": "hidden", "headers": {"X-A": "hidden"}}]}}
            """
        guard let answer = try? await post(body, to: route()) else { return }
        #expect(!answer.description.contains("hidden"))
    }

    @Test("A key whose day is used up gets no secret, and hears when to come again")
    func dayIsUsedUp() async throws {
        var limits = KeyLimits()
        limits.minutesPerDay = 1
        let access = access(limits: limits)
        _ = try access.admit(Caller())
        clock.pass(60)
        let refused = try await refusal("", by: route(access))
        #expect(refused?.status == .tooManyRequests)
        #expect(refused?.reply.response.headers["Retry-After"] == "86340")
        #expect(refused?.error.code == .rateLimitExceeded)
    }

    @Test("A full store is 429, one that is down 503")
    func storeRefuses() async throws {
        let full = MemorySecretStore(
            total: .init(count: 1, byteCount: 1_000),
            perOwner: .init(count: 1, byteCount: 1_000)
        )
        let route = try route(access(store: full))
        _ = try await post("", to: route)
        let refused = try await refusal("", by: route)
        #expect(refused?.status == .tooManyRequests)
        #expect(refused?.reply.response.headers["Retry-After"] == "600")
        let broken = try await refusal("", by: self.route(access(store: BrokenStore())))
        #expect(broken?.status == .serviceUnavailable)
    }
}
