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
        prompts: PromptShelf,
        registry: SessionRegistry,
        access: AccessControl,
        metrics: MetricsRegistry,
        drivers: SessionDriver.Services
    ) {
        var limits = Limits()
        limits.sessionDuration = server.limits.sessionTime
        limits.toolListWait = server.mcp.listTime
        limits.toolCallWait = server.mcp.callTime
        limits.imageByteCount = server.images.byteCount
        let planner = SessionPlanner(
            library: library,
            isStrict: server.isStrict,
            toolServers: server.mcp.rules,
            prompts: prompts,
            limits: limits
        )
        var drivers = drivers
        drivers.images = ImagePolicy(server.images)
        self.init(
            access: access,
            realtime: RealtimeService(
                access: access,
                planner: planner,
                registry: registry,
                drivers: drivers,
                limits: limits,
                betaSessionTime: server.limits.betaSessionTime,
                dialect: server.dialect,
                reportsRateLimits: server.reportsRateLimits,
                continuesAfterTools: server.mcp.continuesByItself
            ),
            clientSecrets: ClientSecretRoute(access: access, planner: planner),
            cors: Self.cors(server.corsOrigins),
            health: HealthReport(
                library: library,
                registry: registry,
                capacity: server.limits.sessions
            ),
            models: ModelList(library: library, created: time(nil)),
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

extension ImagePolicy {
    /// What the operator allows.
    fileprivate init(_ images: ServerConfiguration.Images) {
        self.init()
        rules.allowsPrivateAddresses = images.allowsPrivateAddresses
        rules.hosts = images.hosts
        byteCount = images.byteCount
        time = images.fetchTime
    }
}
