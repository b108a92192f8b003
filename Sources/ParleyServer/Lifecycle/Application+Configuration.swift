internal import Glibc
internal import ParleyHTTP
internal import ParleyNetwork
internal import ParleyRuntime
internal import ParleySession

extension Application {
    /// Puts the parts of a server together.
    init(
        _ server: ServerConfiguration,
        library: PipelineLibrary,
        registry: SessionRegistry,
        access: AccessControl,
        metrics: MetricsRegistry,
        log: Logger
    ) {
        let planner = SessionPlanner(library: library, isStrict: server.isStrict)
        var limits = Limits()
        limits.sessionDuration = server.limits.sessionTime
        self.init(
            access: access,
            realtime: RealtimeService(
                access: access,
                planner: planner,
                registry: registry,
                drivers: SessionDriver.Services(
                    metrics: RuntimeMetrics(metrics),
                    log: log.labelled("session")
                ),
                limits: limits,
                betaSessionTime: server.limits.betaSessionTime,
                dialect: server.dialect,
                reportsRateLimits: server.reportsRateLimits
            ),
            clientSecrets: ClientSecretRoute(access: access, planner: planner),
            cors: Self.cors(server.corsOrigins),
            health: HealthReport(
                library: library,
                registry: registry,
                capacity: server.limits.sessions
            ),
            models: ModelList(names: library.names, created: time(nil)),
            metrics: metrics
        )
    }

    /// - Source: Realtime protocol, "POST /realtime/calls", "Authentication": what pages send and
    ///   read.
    private static func cors(_ origins: [String]) -> CORSPolicy {
        CORSPolicy(
            origins: origins.isEmpty || origins.contains("*") ? .any : .only(origins),
            headers: [
                "Authorization", "Content-Type", "OpenAI-*", "X-*", "api-key", "xi-api-key",
            ],
            exposed: [.location, .retryAfter]
        )
    }
}
