internal import ParleyHTTP
internal import ParleyRealtime

/// What a request's method and path ask for.
enum Route: Sendable {
    case realtime
    /// Probes and people who look for the door need no key.
    case health
    case alive
    case ready
    case welcome
    case keyed(Keyed)

    /// What needs a key where keys are set; client secrets don't open it.
    enum Keyed: Sendable {
        case models
        case model
        case metrics
        case clientSecrets(ClientSecretRoute.Endpoint)
        /// Known to the protocol, not to this version.
        case later(String)
    }

    /// The table of all routes.
    static let router: Router<Route> = {
        var router = Router<Route>()
        router.add(.get, "/", .welcome)
        router.add(.get, "/health", .health)
        router.add(.get, "/healthz", .alive)
        router.add(.get, "/readyz", .ready)
        router.add(.get, "/metrics", .keyed(.metrics))
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
        router.add(.get, pattern("/models"), .keyed(.models))
        // Names may hold slashes, and SDKs don't encode them.
        router.add(.get, pattern("/models/{model...}"), .keyed(.model))
        let secrets: [(path: String, endpoint: ClientSecretRoute.Endpoint)] = [
            ("/realtime/client_secrets", .clientSecrets),
            ("/realtime/sessions", .flatSession(.realtime)),
            ("/realtime/transcription_sessions", .flatSession(.transcription)),
        ]
        for (path, endpoint) in secrets {
            router.add(.post, pattern(path), .keyed(.clientSecrets(endpoint)))
        }
        router.add(
            .get,
            pattern("/realtime/translations"),
            .keyed(.later("Translation sessions"))
        )
        router.add(
            .post,
            pattern("/realtime/translations/client_secrets"),
            .keyed(.later("Translation sessions"))
        )
        router.add(.post, pattern("/realtime"), .keyed(.later("WebRTC calls")))
        router.add(.post, pattern("/realtime/calls"), .keyed(.later("WebRTC calls")))
        for action in ["accept", "reject", "refer", "hangup"] {
            router.add(
                .post,
                pattern("/realtime/calls/{call_id}/\(action)"),
                .keyed(.later("Calls"))
            )
        }
    }
}
