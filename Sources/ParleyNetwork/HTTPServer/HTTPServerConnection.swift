internal import ParleyHTTP

/// One client's connection while it speaks HTTP, pinned to one loop.
///
/// Bytes are parsed only as far as someone asks: a handler that does not read its body, or a client
/// that sends request upon request, meets the high-water mark, and TCP slows the client down.
actor HTTPServerConnection: EventHandler, TurnEndHandler {
    /// What the connection is waiting for from its client.
    enum Phase {
        /// The first byte of a request. Next: ``head``.
        case idle
        /// The rest of a head. Next: ``exchange(_:)``.
        case head
        /// The handler is at work. Next: ``settling(_:)``, ``upgraded(_:)`` or ``closed(_:)``.
        case exchange(Exchange)
        /// The answer is given, the rest of the body is skipped. Next: ``idle`` or ``closed(_:)``.
        case settling(Exchange)
        /// The socket belongs to a WebSocket now. Next: ``closed(_:)`` when that has ended.
        case upgraded(WebSocketConnection)
        /// Nothing more is read or written here; of an exchange cut short, how far it came.
        case closed(Exchange?)
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    nonisolated let peer: SocketAddress?
    nonisolated let server: HTTPServerContext

    let socket: StreamSocket
    private(set) var phase = Phase.idle
    private(set) var exchangeCount = 0

    private var parser: HTTPRequestParser
    private var input: [UInt8] = []
    private var offset = 0
    /// What is wrong with the client's bytes, after which no request can follow.
    private(set) var inputFailure: HTTPFailure?
    private var readers = Waiters()
    private var writers = Waiters()
    private var isFlushScheduled = false
    private var inputWatchdog: Watchdog?
    private var outputWatchdog: Watchdog?
    private var task: Task<Void, Never>?

    init(_ socket: StreamSocket, peer: SocketAddress?, server: HTTPServerContext) {
        self.socket = socket
        self.peer = peer
        self.server = server
        loop = socket.loop
        parser = HTTPRequestParser(limits: server.configuration.limits)
    }

    /// Serves requests in a task of the loop, until the connection ends.
    func start() {
        inputWatchdog = Watchdog(loop) { [weak self] in
            self?.assumeIsolated { $0.inputTimedOut() }
        }
        outputWatchdog = Watchdog(loop) { [weak self] in
            self?.assumeIsolated { $0.abort() }
        }
        do throws(SystemError) {
            try socket.attach(self)
        } catch {
            abort()
        }
        task = Task(executorPreference: loop) {
            await self.serve()
            self.server.ended(self)
        }
    }

    // MARK: Events

    nonisolated func ready(_ events: IOEvents) {
        assumeIsolated { $0.handle(events) }
    }

    nonisolated func loopEnds() { assumeIsolated { $0.abort() } }

    private func handle(_ events: IOEvents) {
        if socket.isLost(on: events) { return abort() }
        if socket.shouldRead(on: events) {
            if socket.isShakingHands { shakeHands() } else { readInput() }
        }
        if socket.shouldFlush(on: events) { flush() }
    }

    /// Lets everybody who is already known go first.
    private func shakeHands() {
        _ = socket.setReading(false)
        loop.patiently { [weak self] in
            self?.assumeIsolated { connection in
                // Until hands are shaken there is no request.
                guard case .idle = connection.phase else { return }
                _ = connection.socket.setReading(true)
                connection.readInput()
            }
        }
    }

    nonisolated func turnEnded() {
        assumeIsolated {
            $0.isFlushScheduled = false
            $0.flush()
        }
    }

    private func readInput() {
        // A client that always has the next request under way would else make it grow for ever.
        if offset > server.configuration.inputHighWater / 2 {
            input.removeFirst(offset)
            offset = 0
        }
        let result = socket.read { bytes in
            input.append(contentsOf: bytes)
            return input.count - offset <= server.configuration.inputHighWater
        }
        if case .idle = phase, input.count > offset { beginHead() }
        if case .failed = result { return abort() }
        if case .ended = result, hasWholeRequest { task?.cancel() }
        if input.count - offset > server.configuration.inputHighWater {
            _ = socket.setReading(false)
        }
        readers.wakeAll()
    }

    /// Whether the client owes nothing to the handler: if it then ends its side, it is gone, or
    /// wants no more than what is nearly ready.
    private var hasWholeRequest: Bool {
        guard case .exchange(let exchange) = phase else { return false }
        return exchange.body == .ended || exchange.request.bodyLength == .none
    }

    // MARK: Input

    /// A parser's event with its bytes.
    enum Input: Sendable {
        case head(HTTPRequest)
        case body([UInt8])
        case end
    }

    /// Reads on to the next event; nil when the client has ended between two requests.
    func nextInput() async throws -> Input? {
        while true {
            if let event = try parse() { return event }
            input = []
            offset = 0
            resumeReading()
            guard input.isEmpty else { continue }
            if let inputFailure { throw inputFailure }
            guard !isClosed else { throw HTTPConnectionError.closed }
            if socket.inputHasEnded {
                try parser.finish()
                return nil
            }
            try await waitForInput()
        }
    }

    private func parse() throws(HTTPFailure) -> Input? {
        do throws(HTTPFailure) {
            switch try parser.next(input.span, at: &offset) {
            case .head(let request): return .head(request)
            case .body(let range): return .body(Array(input[range]))
            case .end: return .end
            case nil: return nil
            }
        } catch {
            inputFailure = error
            throw error
        }
    }

    private func resumeReading() {
        if !socket.isReading, socket.setReading(true) { readInput() }
    }

    private func waitForInput() async throws {
        let began = ContinuousClock.now
        if let patience = patienceForBody { inputWatchdog?.set(patience) }
        defer {
            if case .exchange = phase {
                inputWatchdog?.clear()
                exchange?.waited += began.duration(to: .now)
            }
        }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { readers.add($0) }
        } onCancel: {
            wakeSoon()
        }
        try Task.checkCancellation()
    }

    /// How long the handler may be kept waiting for more of the body; nil where none is awaited.
    ///
    /// What the client sends earns it time, so that a byte now and then does not hold us for ever.
    private var patienceForBody: Duration? {
        guard case .exchange(let exchange) = phase else { return nil }
        let timeout = server.configuration.bodyTimeout
        let earned = Duration.seconds(1) * exchange.bodyCount / server.configuration.bodyRate
        return max(.zero, min(timeout, timeout + earned - exchange.waited))
    }

    private nonisolated func wakeSoon() {
        loop.execute {
            self.assumeIsolated {
                $0.readers.wakeAll()
                $0.writers.wakeAll()
            }
        }
    }

    /// What was read but not parsed: after an upgrade it belongs to the new protocol.
    func takeRest() -> [UInt8] {
        defer {
            input = []
            offset = 0
        }
        return Array(input[offset...])
    }

    // MARK: Phases and their deadlines

    /// The exchange under way; in a connection that has closed, the one that was.
    var exchange: Exchange? {
        get {
            switch phase {
            case .exchange(let exchange), .settling(let exchange), .closed(let exchange?): exchange
            case .idle, .head, .upgraded, .closed(nil): nil
            }
        }
        set {
            guard let newValue else { return }
            switch phase {
            case .exchange: phase = .exchange(newValue)
            case .settling: phase = .settling(newValue)
            case .closed(_?): phase = .closed(newValue)
            case .idle, .head, .upgraded, .closed(nil): break
            }
        }
    }

    var isClosed: Bool { if case .closed = phase { true } else { false } }

    /// Whether the socket isn't this connection's any more.
    var hasStopped: Bool {
        switch phase {
        case .idle, .head, .exchange, .settling: false
        case .upgraded, .closed: true
        }
    }

    func becomeIdle() {
        guard !isClosed else { return }
        phase = .idle
        let configuration = server.configuration
        if server.isDraining, input.count == offset { return closeInOrder() }
        if exchangeCount == 0 {
            inputWatchdog?.set(configuration.headTimeout)
        } else {
            inputWatchdog?.set(configuration.idleTimeout)
        }
        if input.count > offset { beginHead() }
    }

    private func beginHead() {
        phase = .head
        inputWatchdog?.set(server.configuration.headTimeout)
    }

    func becomeExchange(_ request: HTTPRequest) {
        exchangeCount += 1
        phase = .exchange(
            Exchange(
                number: exchangeCount,
                request: request,
                began: .now,
                serializer: HTTPResponseSerializer(answering: request)
            )
        )
        inputWatchdog?.clear()
    }

    /// From here on the rest of the body has to come within one time-out.
    func becomeSettling(_ exchange: Exchange) {
        phase = .settling(exchange)
        inputWatchdog?.set(server.configuration.bodyTimeout)
    }

    /// The WebSocket that this connection had become is over.
    func endUpgrade() { phase = .closed(nil) }

    private func inputTimedOut() {
        switch phase {
        case .idle: abort()
        case .head, .exchange, .settling:
            inputFailure = HTTPFailure(.requestTimeout, "The request did not arrive in time")
            readers.wakeAll()
        case .upgraded, .closed: break
        }
    }

    /// Whether something was read that is not yet parsed.
    var hasUnparsedInput: Bool { input.count > offset }

    // MARK: Output

    func write(_ body: (inout [UInt8]) -> Void) {
        socket.write(body)
        scheduleFlush()
    }

    /// All that one turn of the loop wrote leaves in one system call.
    private func scheduleFlush() {
        guard !isFlushScheduled, socket.isOpen else { return }
        isFlushScheduled = true
        loop.atTurnEnd(self)
    }

    private func flush() {
        guard !hasStopped else { return }
        let before = socket.pendingOutput
        switch socket.flush() {
        case .failed: return abort()
        case .drained: outputWatchdog?.clear()
        case .blocked:
            if socket.pendingOutput < before || outputWatchdog?.isSet == false {
                outputWatchdog?.set(server.configuration.writeTimeout)
            }
        }
        if socket.pendingOutput <= server.configuration.outputHighWater { writers.wakeAll() }
    }

    /// Waits while a slow client has more than the high-water mark to take.
    func drained() async throws {
        while socket.pendingOutput > server.configuration.outputHighWater {
            scheduleFlush()
            await withTaskCancellationHandler {
                await withUnsafeContinuation { writers.add($0) }
            } onCancel: {
                wakeSoon()
            }
            try Task.checkCancellation()
        }
        guard socket.isOpen else { throw HTTPConnectionError.closed }
    }

    // MARK: End

    /// Ends an idle connection; one at work ends after its response.
    func drain() {
        if case .idle = phase { closeInOrder() }
    }

    /// Cancels the handler.
    func cancel() { task?.cancel() }

    /// Sees the last words out and closes.
    func closeInOrder() {
        guard stop() else { return }
        LingeringClose.start(socket, within: server.configuration.lingerTimeout)
    }

    /// Closes at once and cancels the handler, for a client that is gone.
    func abort() {
        guard stop() else { return }
        task?.cancel()
        socket.close()
    }

    /// Ends the handling of HTTP, so that the socket can be handed over.
    ///
    /// - Parameter webSocket: Who gets the socket; nil where nobody does.
    /// - Returns: Whether the socket was still ours to hand over.
    func stop(for webSocket: WebSocketConnection? = nil) -> Bool {
        guard !hasStopped else { return false }
        phase = webSocket.map(Phase.upgraded) ?? .closed(exchange)
        inputWatchdog?.stop()
        outputWatchdog?.stop()
        inputWatchdog = nil
        outputWatchdog = nil
        readers.wakeAll()
        writers.wakeAll()
        return true
    }
}
