internal import Glibc
internal import ParleyEngineThreads
internal import ParleyNetwork

/// `parley serve`: a server from its first line to its last.
package enum ServeCommand {
    /// Serves until a signal ends it.
    ///
    /// - Parameters:
    ///   - configuration: Everything the operator decided, checked.
    ///   - say: Writes a line for the person at the terminal.
    /// - Returns: The exit code: 0 after a drain, 1 when it could not start.
    package static func run(
        _ configuration: Configuration,
        say: @Sendable (String) -> Void
    ) async -> Int32 {
        let server = configuration.server
        let output = LogOutput(
            level: server.logLevel,
            sink: StandardErrorSink(format: server.logFormat)
        )
        DescriptorLimit.raise()
        do {
            let group = try EventLoopGroup(count: Cores.count)
            let (signals, continuation) = AsyncStream.makeStream(of: ProcessSignal.self)
            // Before the banner: who reads it may send a signal at once.
            let source = try SignalSource(on: group.loops[0]) { continuation.yield($0) }
            defer { withExtendedLifetime(source) {} }
            let running = try Server(configuration, on: group, log: output)
            say(Banner.text(for: running, configuration: server))
            await serve(
                running,
                until: signals,
                on: group.loops[0],
                drainTime: server.limits.drainTime
            )
            group.shutDown()
            return 0
        } catch {
            say("parley: \(error)")
            return 1
        }
    }

    private static func serve(
        _ server: Server,
        until signals: AsyncStream<ProcessSignal>,
        on loop: EventLoop,
        drainTime: Duration
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: loop) { await server.warmUp() }
            let grace = await waitForEnd(signals, server, drainTime: drainTime)
            // Who asks twice doesn't want to wait.
            let impatience = Task(executorPreference: loop) { await exitAtSignal(signals) }
            await server.drain(grace: grace)
            impatience.cancel()
            group.cancelAll()
        }
    }

    /// How long sessions may go on: their drain time after SIGTERM, not at all after Ctrl-C.
    private static func waitForEnd(
        _ signals: AsyncStream<ProcessSignal>,
        _ server: Server,
        drainTime: Duration
    ) async -> Duration {
        for await signal in signals {
            switch signal {
            case .hangUp: server.reloadCertificate()
            case .terminate: return drainTime
            case .interrupt: return .zero
            }
        }
        return .zero
    }

    private static func exitAtSignal(_ signals: AsyncStream<ProcessSignal>) async {
        for await signal in signals where signal != .hangUp { exit(130) }
    }
}
