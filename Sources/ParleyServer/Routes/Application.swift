internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyNetwork
internal import ParleyRealtime

/// Answers every HTTP request of the server.
struct Application: Sendable {
    /// What a route does with a request.
    private enum Route: Sendable {
        case realtime
        case health
        case alive
        case ready
        case models
        case model
        case metrics
        case welcome
        /// Known to the protocol, not to this version.
        case later(String)
    }

    let realtime: RealtimeService
    let keys: KeyRing
    let cors: CORSPolicy
    let health: HealthReport
    let models: ModelList
    let metrics: MetricsRegistry

    private static let router: Router<Route> = {
        var router = Router<Route>()
        router.add(.get, "/", .welcome)
        router.add(.get, "/health", .health)
        router.add(.get, "/healthz", .alive)
        router.add(.get, "/readyz", .ready)
        router.add(.get, "/metrics", .metrics)
        for prefix in ["", "/v1", "/openai", "/openai/v1"] {
            add(prefix, to: &router)
        }
        return router
    }()

    /// SDKs append paths to a base URL, so one with a missing `/v1` is common; Azure spells its
    /// own.
    private static func add(_ prefix: String, to router: inout Router<Route>) {
        func pattern(_ path: String) -> RoutePattern { RoutePattern(stringLiteral: prefix + path) }
        router.add(.get, pattern("/realtime"), .realtime)
        router.add(.get, pattern("/models"), .models)
        // Names may hold slashes, and SDKs don't encode them.
        router.add(.get, pattern("/models/{model...}"), .model)
        router.add(.get, pattern("/realtime/translations"), .later("Translation sessions"))
        for path in [
            "/realtime/client_secrets", "/realtime/sessions", "/realtime/transcription_sessions",
            "/realtime/translations/client_secrets",
        ] {
            router.add(.post, pattern(path), .later("Client secrets"))
        }
        router.add(.post, pattern("/realtime"), .later("WebRTC calls"))
        router.add(.post, pattern("/realtime/calls"), .later("WebRTC calls"))
        for action in ["accept", "reject", "refer", "hangup"] {
            router.add(.post, pattern("/realtime/calls/{call_id}/\(action)"), .later("Calls"))
        }
    }

    /// Answers one request.
    func answer(
        _ request: HTTPRequest,
        _ body: HTTPRequestBody,
        _ writer: HTTPResponseWriter
    ) async throws {
        if let preflight = cors.preflight(request) { return try await writer.respond(preflight) }
        switch Self.router.match(request.method, request.target.rawPath) {
        case .found(.realtime, _):
            if let origin = request.headers[.origin], !cors.allows(origin: origin) {
                let reply = HTTPReply.error(.forbidden, "Pages of this origin may not connect.")
                return try await send(reply, to: request, writer)
            }
            // Who asks for no WebSocket, or not properly, needs a key as elsewhere.
            if case .refuse = WebSocketHandshake.answer(request), let reply = refusal(of: request) {
                return try await send(reply, to: request, writer)
            }
            try await realtime.serve(request, writer)
        case .found(let route, let parameters):
            let reply = isPublic(route) ? nil : refusal(of: request)
            try await send(reply ?? self.reply(route, parameters), to: request, writer)
        case .options(let allow):
            let headers: HTTPHeaders = [.allow: Self.list(allow)]
            try await send(
                HTTPReply(HTTPResponse(.noContent, headers: headers)),
                to: request,
                writer
            )
        case .methodNotAllowed(let allow):
            var reply = HTTPReply.error(
                .methodNotAllowed,
                "Found \(request.method), expected one of: \(Self.list(allow))."
            )
            reply.response.headers[.allow] = Self.list(allow)
            try await send(reply, to: request, writer)
        case .notFound:
            let reply = HTTPReply.error(
                .notFound,
                "There is nothing at \(request.target.rawPath.prefix(256)).",
                code: "unknown_url"
            )
            try await send(reply, to: request, writer)
        case .malformed:
            let reply = HTTPReply.error(
                .badRequest,
                "The path cannot be decoded.",
                code: "invalid_url"
            )
            try await send(reply, to: request, writer)
        }
    }

    private func send(
        _ reply: HTTPReply,
        to request: HTTPRequest,
        _ writer: HTTPResponseWriter
    ) async throws {
        var reply = reply
        reply.response.headers.add(cors.responseHeaders(for: request))
        try await writer.respond(reply)
    }

    private static func list(_ methods: [HTTPMethod]) -> String {
        methods.map(\.name).joined(separator: ", ")
    }

    // MARK: Routes

    private func reply(_ route: Route, _ parameters: RouteParameters) -> HTTPReply {
        switch route {
        case .health: health.reply()
        case .alive: .json(.ok, ["status": "ok"])
        case .ready: health.readiness()
        case .models: .json(.ok, models.list)
        case .model: models.reply(for: parameters["model"] ?? "")
        case .metrics:
            HTTPReply(
                HTTPResponse(
                    .ok,
                    headers: [.contentType: MetricsRegistry.prometheusContentType]
                ),
                body: Array(metrics.prometheusText().utf8)
            )
        case .welcome: Welcome.reply
        case .later(let what):
            .error(.notImplemented, "\(what) are not served yet.", code: "not_implemented")
        case .realtime:
            .error(.upgradeRequired, "This is a WebSocket endpoint.")
        }
    }

    /// Probes and people who look for the door need no key.
    private func isPublic(_ route: Route) -> Bool {
        switch route {
        case .health, .alive, .ready, .welcome: true
        case .realtime, .models, .model, .metrics, .later: false
        }
    }

    private func refusal(of request: HTTPRequest) -> HTTPReply? {
        var reply: HTTPReply
        switch keys.judge(request) {
        case .admitted: return nil
        case .missingKey:
            reply = .error(.unauthorized, SessionRefusal.missingKey.error.message)
        case .wrongKey:
            reply = .error(
                .unauthorized,
                SessionRefusal.wrongKey.error.message,
                code: "invalid_api_key"
            )
        }
        reply.response.headers[.wwwAuthenticate] = "Bearer"
        return reply
    }
}
