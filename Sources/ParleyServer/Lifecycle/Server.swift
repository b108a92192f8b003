internal import Glibc
internal import ParleyEngine
internal import ParleyHTTP
internal import ParleyMCPEngine
package import ParleyNetwork
internal import ParleyRealtime
internal import ParleyRuntime
internal import ParleySession

/// A running server: its loops, its engines, its listener.
package final class Server: Sendable {
    /// Where clients reach it, such as `http://127.0.0.1:8080`.
    package let url: String
    /// Speaks to the operator.
    package let log: Logger

    /// What it was started with.
    private let configuration: Configuration
    private let library: PipelineLibrary
    private let registry: SessionRegistry
    private let access: AccessControl
    private let prompts: PromptShelf
    private let http: HTTPServer
    private let tls: TLSConfiguration?
    private let loop: EventLoop

    /// Opens the door; engines load when they are first needed or by ``warmUp()``.
    ///
    /// - Parameters:
    ///   - configuration: Everything the operator decided, checked.
    ///   - group: The loops that sessions live on.
    ///   - output: Where log lines go.
    /// - Throws: ``StartError`` with one line for the operator.
    package init(
        _ configuration: Configuration,
        on group: EventLoopGroup,
        log output: LogOutput
    ) throws(StartError) {
        let server = configuration.server
        self.configuration = configuration
        loop = group.loops[0]
        log = Logger(label: "parley", output: output)
        let metrics = MetricsRegistry()
        library = EngineFactory(configuration, group: group).library()
        registry = SessionRegistry(capacity: server.limits.sessions)
        access = AccessControl(
            AccessControl.Policy(server),
            secrets: MemorySecretStore(),
            log: log.labelled("access")
        )
        prompts = PromptShelf(configuration.prompts)
        tls = try Self.tls(server.tls)
        let application = Application(
            server,
            library: library,
            prompts: prompts,
            registry: registry,
            access: access,
            metrics: metrics,
            drivers: try Self.drivers(server, metrics, log, on: group)
        )
        EngineMetrics.register(library, in: metrics)
        do {
            http = try HTTPServer(
                host: server.host,
                port: UInt16(server.port),
                group: group,
                tls: tls,
                configuration: Self.httpConfiguration(server),
                telemetry: Telemetry(log: log.labelled("http"), metrics: metrics)
            ) { request, body, writer in
                try await application.answer(request, body, writer)
            }
        } catch {
            throw StartError("\(error)")
        }
        url = "\(tls == nil ? "http" : "https")://\(http.address)"
    }

    // MARK: Life

    /// Loads the default pipeline's engines, so that the first session need not wait for them.
    package func warmUp() async {
        guard let pipeline = library.default else { return }
        let began = ContinuousClock.now
        var isWhole = true
        for (role, engine) in pipeline.engines where engine.state != .ready {
            do {
                try await engine.prepare()
            } catch {
                isWhole = false
                log.error(
                    "Engine failed to load",
                    [
                        "pipeline": pipeline.name, "engine.role": role.rawValue,
                        "engine": engine.name, "engine.detail": error.detail,
                    ]
                )
            }
        }
        guard isWhole else { return }
        log.info(
            "Engines ready",
            [
                "pipeline": pipeline.name,
                "milliseconds": "\(Int(began.duration(to: .now) / .milliseconds(1)))",
            ]
        )
    }

    /// Reads certificate and key again; connections that are open keep theirs.
    package func reloadCertificate() {
        guard let tls else { return }
        do {
            try tls.reload()
            log.info("Certificate reloaded")
        } catch {
            log.error("Certificate kept, for the new one is bad", ["reason": "\(error)"])
        }
    }

    /// Takes what may change of a configuration that was read again, keys with their limits and
    /// stored prompts, and tells what has to wait; running sessions go on with what they have.
    package func reload(_ new: Configuration) async {
        if let key = new.keyWithoutPipeline(among: library.names) {
            log.error(
                "Configuration kept; restart to load the pipeline of a key",
                ["key": "\(key.name)", "pipeline": "\(key.pipeline ?? "")"]
            )
            return
        }
        guard await access.replace(AccessControl.Policy(new.server)) else {
            let reason: LogMetadata = ["reason": "without any key everybody could come in"]
            log.error("Configuration kept; restart to open the server", reason)
            return
        }
        log.info("Keys reloaded", ["keys": "\(new.server.apiKeys.count)"])
        if prompts.replace(new.prompts) {
            log.info("Prompts reloaded", ["prompts": "\(new.prompts.count)"])
        }
        let waiting = configuration.changesThatWait(in: new)
        guard !waiting.isEmpty else { return }
        log.warning(
            "What else has changed waits for a restart",
            ["changed": "\(waiting.joined(separator: ", "))"]
        )
    }

    /// Forgets what has expired and ends sessions whose key has used up its day; runs until it is
    /// cancelled.
    package func keepHouse() async {
        while (try? await Task.sleep(for: Self.housekeepingPeriod, clock: loop.clock)) != nil {
            for (refusal, tickets) in await access.keepHouse() {
                await registry.evict(tickets, .overLimit(refusal))
            }
        }
    }

    /// How late a session may end that has used up its key's minutes.
    ///
    /// Chosen: little of a minute, and next to no work.
    private static let housekeepingPeriod = Duration.seconds(5)

    /// Ends in order: lets nobody in; running sessions go on until they end or `grace` is over, and
    /// are then told to reconnect elsewhere.
    package func drain(grace: Duration) async {
        log.info("Draining", ["sessions": "\(registry.count)"])
        registry.beginDraining()
        let farewell = Task(executorPreference: loop) { [registry, loop] in
            try await Task.sleep(for: grace, clock: loop.clock)
            await registry.endAll()
        }
        await http.shutDown(grace: grace + Self.farewellTime)
        farewell.cancel()
        log.info("Stopped")
    }

    /// Tells all who are there to reconnect elsewhere, at once.
    package func dismissAll() async { await registry.endAll() }

    /// How long a session that was told to end may take to say goodbye.
    ///
    /// Chosen: twice what a close handshake over a slow line takes.
    private static let farewellTime = Duration.seconds(2)

    /// The pipelines by name, the default first.
    package var pipelineNames: [String] { library.names }

    // MARK: Parts

    private static func tls(
        _ files: ServerConfiguration.TLS
    ) throws(StartError) -> TLSConfiguration? {
        guard let certificate = files.certificate, let key = files.key else { return nil }
        do {
            return try TLSConfiguration(certificateFile: certificate, keyFile: key)
        } catch {
            throw StartError("tls: \(error)")
        }
    }

    private static func drivers(
        _ server: ServerConfiguration,
        _ metrics: MetricsRegistry,
        _ log: Logger,
        on group: EventLoopGroup
    ) throws(StartError) -> SessionDriver.Services {
        var services = SessionDriver.Services(
            metrics: RuntimeMetrics(metrics),
            log: log.labelled("session")
        )
        guard server.mcp.isEnabled else { return services }
        var configuration = MCPEngine.Configuration()
        configuration.rules = server.mcp.rules.hostRules
        do throws(NetworkError) {
            services.tools = try MCPEngine(configuration, on: group.loops)
        } catch {
            throw StartError("\(error)")
        }
        return services
    }

    /// Connections for each session: its own, and one for a client that comes again or only asks.
    private static let connectionsPerSession = 2
    /// What all connections may hold of messages that are not whole.
    ///
    /// Chosen: small beside what the engines' models take.
    private static let unfinishedBytes = 256 << 20
    /// Of the longest messages, so many at once; clients send their audio in short ones.
    private static let unfinishedMessages = 4
    /// Connections beside those: probes, and clients that hear why there is no room for them.
    private static let spareConnections = 1_000

    private static func httpConfiguration(
        _ server: ServerConfiguration
    ) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.webSocket.limits.message = server.limits.messageBytes
        configuration.webSocket.unfinished = ByteBudget(
            limit: max(Self.unfinishedBytes, Self.unfinishedMessages * server.limits.messageBytes)
        )
        configuration.webSocket.pingInterval = server.limits.pingInterval
        configuration.maximumConnections =
            server.limits.sessions * Self.connectionsPerSession + Self.spareConnections
        configuration.failureReply = { .error($0.status, $0.message) }
        return configuration
    }
}

/// Why a server could not start: one line for the operator.
package struct StartError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
