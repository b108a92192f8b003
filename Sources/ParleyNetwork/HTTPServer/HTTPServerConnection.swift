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
        /// The rest of a head. Next: ``exchange``.
        case head
        /// The handler is at work. Next: ``settling``, ``upgraded`` or ``closed``.
        case exchange
        /// The answer is given, the rest of the body is skipped. Next: ``idle`` or ``closed``.
        case settling
        /// The socket belongs to a WebSocket now.
        case upgraded
        /// Nothing more is read or written here.
        case closed
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    nonisolated let peer: SocketAddress?
    nonisolated let server: HTTPServerContext

    let socket: StreamSocket
    var phase = Phase.idle
    var exchange: Exchange?
    var exchangeCount = 0
    /// The WebSocket that this connection has become.
    var webSocket: WebSocketConnection?

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
                guard connection.phase == .idle else { return }
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
        if phase == .idle, input.count > offset { beginHead() }
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
        guard phase == .exchange, let exchange else { return false }
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
            guard phase != .closed else { throw HTTPConnectionError.closed }
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
            if phase == .exchange {
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
        guard phase == .exchange, let exchange else { return nil }
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

    func becomeIdle() {
        guard phase != .closed else { return }
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

    func becomeExchange() {
        phase = .exchange
        inputWatchdog?.clear()
    }

    /// From here on the rest of the body has to come within one time-out.
    func becomeSettling() {
        phase = .settling
        inputWatchdog?.set(server.configuration.bodyTimeout)
    }

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
        guard phase != .upgraded, phase != .closed else { return }
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
        if phase == .idle { closeInOrder() }
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
    /// - Returns: Whether the socket is still ours to hand over.
    func stop(to next: Phase = .closed) -> Bool {
        guard phase != .closed, phase != .upgraded else { return false }
        phase = next
        inputWatchdog?.stop()
        outputWatchdog?.stop()
        inputWatchdog = nil
        outputWatchdog = nil
        readers.wakeAll()
        writers.wakeAll()
        return true
    }
}
