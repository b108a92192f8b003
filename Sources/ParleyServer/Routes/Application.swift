internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyNetwork
internal import ParleyRealtime

/// Answers every HTTP request of the server.
struct Application: Sendable {
    let access: AccessControl
    let realtime: RealtimeService
    let clientSecrets: ClientSecretRoute
    let cors: CORSPolicy
    let health: HealthReport
    let models: ModelList
    let metrics: MetricsRegistry

    /// Answers one request.
    func answer(
        _ request: HTTPRequest,
        _ body: HTTPRequestBody,
        _ writer: HTTPResponseWriter
    ) async throws {
        if let preflight = cors.preflight(request) { return try await writer.respond(preflight) }
        let match = Route.router.match(request.method, request.target.rawPath)
        if case .found(.realtime(let kind), _) = match, await mayUpgrade(request) {
            return try await realtime.serve(request, writer, of: kind)
        }
        var reply = try await reply(to: request, body, match)
        reply.response.headers.add(cors.responseHeaders(for: request))
        try await writer.respond(reply)
    }

    private func allowsOrigin(of request: HTTPRequest) -> Bool {
        request.headers[.origin].map(cors.allows(origin:)) ?? true
    }

    /// Who asks for no WebSocket, or not properly, needs a key as elsewhere; others hear of theirs
    /// within the WebSocket.
    private func mayUpgrade(_ request: HTTPRequest) async -> Bool {
        guard allowsOrigin(of: request) else { return false }
        guard case .refuse = WebSocketHandshake.answer(request) else { return true }
        if case .admitted = await access.judge(request) { return true }
        return false
    }

    private func reply(
        to request: HTTPRequest,
        _ body: HTTPRequestBody,
        _ match: Router<Route>.Match
    ) async throws -> HTTPReply {
        switch match {
        case .found(let route, let parameters):
            return try await reply(route, parameters, to: request, body)
        case .options(let allow):
            return HTTPReply(HTTPResponse(.noContent, headers: [.allow: Self.list(allow)]))
        case .methodNotAllowed(let allow):
            var reply = HTTPReply.error(
                .methodNotAllowed,
                "Found \(request.method), expected one of: \(Self.list(allow))."
            )
            reply.response.headers[.allow] = Self.list(allow)
            return reply
        case .notFound:
            let path = request.target.rawPath.prefix(256)
            return .error(.notFound, "There is nothing at \(path).", code: "unknown_url")
        case .malformed:
            return .error(.badRequest, "The path cannot be decoded.", code: "invalid_url")
        }
    }

    private static func list(_ methods: [HTTPMethod]) -> String {
        methods.map(\.name).joined(separator: ", ")
    }

    // MARK: Routes

    private func reply(
        _ route: Route,
        _ parameters: RouteParameters,
        to request: HTTPRequest,
        _ body: HTTPRequestBody
    ) async throws -> HTTPReply {
        switch route {
        case .health: return health.reply()
        case .alive: return .json(.ok, ["status": "ok"])
        case .ready: return health.readiness()
        case .welcome: return Welcome.reply
        case .realtime where !allowsOrigin(of: request):
            return RESTRefusal.foreignOrigin.reply
        case .realtime: return RESTRefusal(await access.judge(request)).reply
        case .call:
            let verdict = await access.judge(request)
            // A client secret is made for this.
            guard case .admitted = verdict else { return RESTRefusal(verdict).reply }
            return Self.notServed("WebRTC calls")
        case .keyed(let route):
            do {
                let caller = try await keyHolder(of: request)
                return try await reply(route, parameters, to: request, body, from: caller)
            } catch let refusal as RESTRefusal {
                return refusal.reply
            } catch let failure as HTTPFailure {
                // Said here, so that a page of another origin may read it.
                return .error(failure.status, failure.message)
            }
        }
    }

    private func reply(
        _ route: Route.Keyed,
        _ parameters: RouteParameters,
        to request: HTTPRequest,
        _ body: HTTPRequestBody,
        from caller: Caller
    ) async throws -> HTTPReply {
        switch route {
        case .models: return .json(.ok, models.preferring(caller.key?.pipeline).list)
        case .model:
            let models = models.preferring(caller.key?.pipeline)
            return models.reply(for: parameters["model"] ?? "")
        case .metrics:
            return HTTPReply(
                HTTPResponse(
                    .ok,
                    headers: [.contentType: MetricsRegistry.prometheusContentType]
                ),
                body: Array(metrics.prometheusText().utf8)
            )
        case .clientSecrets(let endpoint):
            let object = try await RESTBody.read(body)
            return try await clientSecrets.answer(endpoint, object, to: caller)
        case .later(let what): return Self.notServed(what)
        }
    }

    private static func notServed(_ what: String) -> HTTPReply {
        .error(.notImplemented, "\(what) are not served yet.", code: "not_implemented")
    }

    /// Who asks for what only keys open.
    private func keyHolder(of request: HTTPRequest) async throws(RESTRefusal) -> Caller {
        let verdict = await access.judge(request)
        if case .admitted(let caller) = verdict, caller.showsKey { return caller }
        throw RESTRefusal(verdict)
    }
}
