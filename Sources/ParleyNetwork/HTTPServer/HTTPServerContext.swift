internal import ParleyHTTP
internal import Synchronization

/// What the connections of one server share.
final class HTTPServerContext: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: HTTPServerConnection] = [:]
        var whenEmpty: [CheckedContinuation<Void, Never>] = []
    }

    let configuration: HTTPServerConfiguration
    let handler: HTTPHandler
    let log: Logger
    private let tls: TLSConfiguration?
    private let metrics: MetricsRegistry?
    private let refused: Counter?
    private let state = Mutex(State())
    private let open = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)

    init(
        _ configuration: HTTPServerConfiguration,
        _ tls: TLSConfiguration?,
        _ telemetry: Telemetry,
        _ handler: @escaping HTTPHandler
    ) {
        self.configuration = configuration
        self.tls = tls
        self.handler = handler
        log = telemetry.log.labelled("http.server")
        metrics = telemetry.metrics
        refused = metrics?.counter(
            "parley.http.connection.refused",
            help: "Connections beyond the limit."
        )
    }

    var openCount: Int { open.load(ordering: .relaxed) }
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    func beginDraining() { draining.store(true, ordering: .relaxed) }

    func connections() -> [HTTPServerConnection] {
        state.withLock { Array($0.connections.values) }
    }

    // MARK: Connections

    /// Gives a new connection to the loop whose turn it is.
    func accept(_ accepted: Listener.Accepted, on group: EventLoopGroup) {
        let loop = group.next()
        loop.execute { self.serve(accepted, on: loop) }
    }

    private func serve(_ accepted: Listener.Accepted, on loop: EventLoop) {
        let count = open.wrappingAdd(1, ordering: .relaxed).newValue
        let stream: any ByteStream
        do throws(TLSError) {
            stream = try tls?.makeStream(accepted.fd) ?? PlainStream(accepted.fd)
        } catch {
            log.repeatable(.error, "Cannot begin TLS", ["error": error])
            stream = PlainStream(accepted.fd)
            stream.close()
            open.wrappingSubtract(1, ordering: .relaxed)
            return
        }
        let socket = StreamSocket(accepted.fd, stream, loop) {
            self.open.wrappingSubtract(1, ordering: .relaxed)
        }
        guard count <= configuration.maximumConnections else { return refuse(socket) }
        let connection = HTTPServerConnection(socket, peer: accepted.peer, server: self)
        state.withLock { $0.connections[ObjectIdentifier(connection)] = connection }
        connection.assumeIsolated { $0.start() }
    }

    private func refuse(_ socket: StreamSocket) {
        refused?.add()
        log.debug("Connection refused: too many")
        let failure = HTTPFailure(.serviceUnavailable, "The server has too many connections")
        var reply = configuration.failureReply(failure)
        reply.response.headers.add(.retryAfter, "1")
        socket.write {
            var serializer = HTTPResponseSerializer(answering: nil, closes: true)
            serializer.respond(reply.response, body: reply.body, into: &$0)
        }
        LingeringClose.start(socket, within: .seconds(1))
    }

    /// A connection's task has come to its end.
    func ended(_ connection: HTTPServerConnection) {
        let waiting = state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = nil
            guard state.connections.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.whenEmpty = [] }
            return state.whenEmpty
        }
        for continuation in waiting { continuation.resume() }
    }

    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.connections.isEmpty { state.whenEmpty.append(continuation) }
                return state.connections.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }

    // MARK: Metrics

    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE",
    ]

    /// Counts an exchange that is over, under OpenTelemetry's name.
    ///
    /// One that became a WebSocket is none: its length is not a request's duration.
    func record(_ exchange: HTTPServerConnection.Exchange?) {
        guard let metrics, let exchange else { return }
        let status: HTTPStatus? =
            switch exchange.reply {
            case .none: nil
            case .begun(let status), .ended(let status): status
            }
        let method = exchange.request.method.name
        metrics.histogram(
            "http.server.request.duration",
            help: "Time from a request's head to its answer.",
            [
                MetricLabel(
                    "http.request.method",
                    configured: Self.methods.contains(method) ? method : "_OTHER"
                ),
                MetricLabel(
                    "http.response.status_code",
                    configured: status.map { "\($0.code)" } ?? "500"
                ),
            ]
        ).record(ContinuousClock.now - exchange.began)
    }
}
