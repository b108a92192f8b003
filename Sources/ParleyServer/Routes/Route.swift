internal import ParleyHTTP
internal import ParleyRealtime

/// What a request's method and path ask for.
enum Route: Sendable {
    /// A session of this kind; nil where the query says which.
    case realtime(SessionKind?)
    /// Probes and people who look for the door need no key.
    case health
    case alive
    case ready
    case welcome
    /// A session over WebRTC, which this version doesn't serve.
    case call
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
        // SDKs append paths to a base URL that people type; `/openai` is how Azure spells it.
        var policy = Router<Route>.Policy()
        policy.ignoredFront = ["v1", "openai"]
        var router = Router<Route>(policy: policy)
        router.add(.get, "/", .welcome)
        router.add(.get, "/health", .health)
        router.add(.get, "/healthz", .alive)
        router.add(.get, "/readyz", .ready)
        router.add(.get, "/metrics", .keyed(.metrics))
        router.add(.get, "/models", .keyed(.models))
        // Names may hold slashes, and SDKs don't encode them.
        router.add(.get, "/models/{model...}", .keyed(.model))
        addSessions(to: &router)
        addCalls(to: &router)
        return router
    }()

    private static func addSessions(to router: inout Router<Route>) {
        router.add(.get, "/realtime", .realtime(nil))
        router.add(.get, "/realtime/translations", .realtime(.translation))
        // Azure's: the deployment stands in the query, too.
        router.add(.get, "/deployments/{deployment}/realtime", .realtime(nil))
        let secrets: [(path: RoutePattern, endpoint: ClientSecretRoute.Endpoint)] = [
            ("/realtime/client_secrets", .clientSecrets),
            ("/realtime/translations/client_secrets", .translationSecrets),
            ("/realtime/sessions", .flatSession(.realtime)),
            ("/realtime/transcription_sessions", .flatSession(.transcription)),
            // The singular is LocalAI's.
            ("/realtime/transcription_session", .flatSession(.transcription)),
        ]
        for (path, endpoint) in secrets {
            router.add(.post, path, .keyed(.clientSecrets(endpoint)))
        }
    }

    private static func addCalls(to router: inout Router<Route>) {
        router.add(.post, "/realtime", .call)
        router.add(.post, "/realtime/calls", .call)
        for action in ["accept", "reject", "refer", "hangup"] {
            let pattern = RoutePattern(stringLiteral: "/realtime/calls/{call_id}/\(action)")
            router.add(.post, pattern, .keyed(.later("Calls")))
        }
    }
}
