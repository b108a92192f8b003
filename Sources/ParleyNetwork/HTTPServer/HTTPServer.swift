internal import ParleyHTTP

/// An HTTP/1.1 and WebSocket server over a group of loops.
package final class HTTPServer: Sendable {
    private let context: HTTPServerContext
    private let listener: Listener
    private let group: EventLoopGroup

    /// Where it listens; with port 0 asked for, the port that the system chose.
    package var address: SocketAddress { listener.address }

    /// Binds and begins to serve.
    ///
    /// - Parameters:
    ///   - host: A numeric address or a local name; `::` takes IPv4 too.
    ///   - port: The port, or 0 for one that the system chooses.
    ///   - group: The loops that connections are dealt to.
    ///   - tls: Certificate and key; nil serves in the clear.
    ///   - configuration: Limits and timeouts.
    ///   - telemetry: Where it logs and counts.
    ///   - handler: Answers requests.
    /// - Throws: ``ListenError`` that names the address and the reason.
    package init(
        host: String,
        port: UInt16,
        group: EventLoopGroup,
        tls: TLSConfiguration? = nil,
        configuration: HTTPServerConfiguration = HTTPServerConfiguration(),
        telemetry: Telemetry = .disabled,
        handler: @escaping HTTPHandler
    ) throws(ListenError) {
        let context = HTTPServerContext(configuration, tls, telemetry, handler)
        self.context = context
        self.group = group
        listener = try Listener(
            host: host,
            port: port,
            on: group.loops[0],
            log: context.log
        ) { accepted in
            context.accept(accepted, on: group)
        }
        listener.start()
    }

    /// Connections that are open, on their way out too.
    package var connectionCount: Int { context.openCount }

    /// Whether it has begun to end.
    package var isDraining: Bool { context.isDraining }

    /// Ends in order: accepts nothing more, closes idle connections, lets running requests and
    /// WebSockets finish, and cancels those that have not when `grace` is over.
    ///
    /// Returns when the last handler has.
    package func shutDown(grace: Duration) async {
        context.beginDraining()
        listener.stop()
        for connection in context.connections() { await connection.drain() }
        let loop = group.loops[0]
        let reaper = Task(executorPreference: loop) { [context] in
            try await Task.sleep(for: grace, clock: loop.clock)
            for connection in context.connections() { await connection.cancel() }
        }
        await context.waitUntilEmpty()
        reaper.cancel()
    }
}

/// Where a part of the program logs and counts.
package struct Telemetry: Sendable {
    /// Takes log lines.
    package var log: Logger
    /// Takes numbers; nil counts nothing.
    package var metrics: MetricsRegistry?

    package init(log: Logger, metrics: MetricsRegistry?) {
        self.log = log
        self.metrics = metrics
    }

    /// Neither logs nor counts.
    package static let disabled = Telemetry(log: .disabled, metrics: nil)
}
