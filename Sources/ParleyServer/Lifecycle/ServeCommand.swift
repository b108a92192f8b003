internal import Glibc
internal import ParleyEngineThreads
internal import ParleyNetwork

/// `parley serve`: a server from its first line to its last.
package enum ServeCommand {
    /// Reads the configuration anew.
    package typealias Reload = @Sendable () throws -> Configuration

    /// Serves until a signal ends it.
    ///
    /// - Parameters:
    ///   - configuration: Everything the operator decided, checked.
    ///   - reload: Reads the configuration anew.
    ///   - say: Writes a line for the person at the terminal.
    /// - Returns: The exit code: 0 after a drain, 1 when it could not start.
    package static func run(
        _ configuration: Configuration,
        reload: @escaping Reload,
        say: @Sendable (String) -> Void
    ) async -> Int32 {
        let server = configuration.server
        DescriptorLimit.raise()
        do {
            let writer = try LogWriter(format: server.logFormat)
            LogWriter.finishBeforeCrash()
            defer { writer.flush(within: lastWordsTime) }
            let output = LogOutput(
                level: server.logLevel,
                revealsPrivate: server.logsPrivate,
                sink: writer
            )
            let group = try EventLoopGroup(count: Cores.count)
            let (signals, continuation) = AsyncStream.makeStream(of: ProcessSignal.self)
            // Before the banner: who reads it may send a signal at once.
            let source = try SignalSource(on: group.loops[0]) { continuation.yield($0) }
            defer { withExtendedLifetime(source) {} }
            let running = try Server(configuration, on: group, log: output)
            say(Banner.text(for: running, configuration: server))
            configuration.remark(to: running.log)
            await serve(
                running,
                until: OperatorEvents(signals: signals, read: reload, log: writer),
                on: group.loops[0],
                drainTime: server.limits.drainTime
            )
            group.shutDown()
            return 0
        } catch {
            say("parley serve: \(error)")
            return 1
        }
    }

    /// How long the end may wait for a log that nobody reads.
    ///
    /// Chosen: less than an operator's patience, more than a slow disk needs.
    private static let lastWordsTime = Duration.seconds(1)

    /// What a process hears of its operator while it serves, and says to them.
    private struct OperatorEvents: Sendable {
        let signals: AsyncStream<ProcessSignal>
        let read: Reload
        let log: LogWriter
    }

    private static func serve(
        _ server: Server,
        until events: OperatorEvents,
        on loop: EventLoop,
        drainTime: Duration
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: loop) { await server.warmUp() }
            group.addTask(executorPreference: loop) { await server.keepHouse() }
            let grace = await waitForEnd(events, server, drainTime: drainTime)
            // Who asks twice doesn't want to wait.
            let impatience = Task(executorPreference: loop) {
                await exitAtSignal(events, server, on: loop)
            }
            await server.drain(grace: grace)
            impatience.cancel()
            group.cancelAll()
        }
    }

    /// How long sessions may go on: their drain time after SIGTERM, not at all after Ctrl-C.
    private static func waitForEnd(
        _ events: OperatorEvents,
        _ server: Server,
        drainTime: Duration
    ) async -> Duration {
        for await signal in events.signals {
            switch signal {
            case .hangUp:
                server.reloadCertificate()
                await reload(server, events.read)
            case .terminate: return drainTime
            case .interrupt: return .zero
            }
        }
        return .zero
    }

    private static func reload(_ server: Server, _ read: Reload) async {
        do {
            await server.reload(try read())
        } catch {
            // As at the start, a line for each problem.
            for problem in "\(error)".split(separator: "\n") {
                let problem: LogMetadata = ["problem": "\(problem)"]
                server.log.error("Configuration kept, for the new one is bad", problem)
            }
        }
    }

    /// Exits without waiting for anybody, but tells those who are there to reconnect.
    private static func exitAtSignal(
        _ events: OperatorEvents,
        _ server: Server,
        on loop: EventLoop
    ) async {
        for await signal in events.signals where signal != .hangUp {
            // As if the signal had ended it.
            let status: Int32 = signal == .terminate ? 128 + SIGTERM : 128 + SIGINT
            async let _ = server.dismissAll()
            try? await Task.sleep(for: goodbyeTime, clock: loop.clock)
            events.log.flush(within: lastWordsTime)
            exit(status)
        }
    }

    /// How long goodbyes may take to leave.
    ///
    /// Chosen: some turns of every loop, and no wait for a person.
    private static let goodbyeTime = Duration.milliseconds(100)
}
