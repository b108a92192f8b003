package import ParleyHTTP

/// One WebSocket, pinned to one loop; a server's and a client's alike.
///
/// An actor of the same loop calls it without a hop. Reading is driven by demand: past a high-water
/// mark of undelivered messages the socket is left alone until the reader has caught up. Writing is
/// bounded: past a high-water mark `send` waits, past a limit the peer is dropped. Pings are sent
/// and answered, and close frames answered, without the reader's help.
package actor WebSocketConnection: EventHandler, TurnEndHandler {
    /// Which end this is.
    enum Role {
        case server
        case client
    }

    enum State {
        /// Next: ``closing(_:)`` when we close, ``ended(_:)`` in any other way.
        case open
        /// Our close frame is sent. Next: ``ended(_:)`` on the peer's, or on time-out.
        case closing(WebSocketClose)
        case ended(WebSocketEnding)
    }

    /// The loop on which it lives.
    package nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }
    /// The subprotocol that was agreed upon.
    package nonisolated let subprotocol: String?
    /// Who is on the other end, as far as the network knows.
    package nonisolated let peer: SocketAddress?

    let socket: StreamSocket
    private let role: Role
    let configuration: WebSocketConfiguration
    var state = State.open
    var decoder: WebSocketDecoder
    var messages = MessageQueue()
    private var serving = Serving()
    var readers = Waiters()
    private var writers = Waiters()
    private var closers = Waiters()
    private var isFlushScheduled = false
    var liveness: WebSocketLiveness
    var unfinished: UnfinishedMessage
    /// Bytes that the peer sent since the beginning.
    var readCount = 0
    /// The last ping that came while the peer had too much to take.
    private var unansweredPing: [UInt8]?
    /// Barks when a ping is due; while closing, when the peer's answer is overdue.
    private var watchdog: Watchdog?
    private var random: SecureRandom?

    init(
        _ socket: StreamSocket,
        _ role: Role,
        subprotocol: String?,
        peer: SocketAddress?,
        configuration: WebSocketConfiguration
    ) {
        self.socket = socket
        self.role = role
        self.subprotocol = subprotocol
        self.peer = peer
        self.configuration = configuration
        loop = socket.loop
        liveness = WebSocketLiveness(configuration)
        unfinished = UnfinishedMessage(configuration)
        decoder = WebSocketDecoder(
            peer: role == .server ? .client : .server,
            limits: configuration.limits
        )
        random = role == .client ? SecureRandom() : nil
    }

    /// Takes the socket over, with what was already read from it.
    ///
    /// - Parameters:
    ///   - rest: The peer's first frames, or a part of them.
    ///   - farewell: What to close with at once; nothing that the peer sends is then gathered.
    func start(_ rest: [UInt8], farewell: WebSocketFarewell? = nil) {
        do throws(SystemError) {
            try socket.attach(self)
        } catch {
            return end(.lost)
        }
        watchdog = Watchdog(loop) { [weak self] in
            self?.assumeIsolated { $0.watchdogBarked() }
        }
        watchdog?.set(configuration.pingInterval)
        scheduleFlush()
        if let farewell { say(farewell) }
        var rest = rest
        if !rest.isEmpty { _ = rest.withUnsafeMutableBytes { decode($0) } }
        // Input that TLS already holds raises no event.
        if socket.isOpen, socket.setReading(socket.isReading) { readInput() }
    }

    /// How it ended; nil while it is open.
    package var ending: WebSocketEnding? {
        if case .ended(let ending) = state { ending } else { nil }
    }

    // MARK: Messages in

    /// The next message; nil once the connection is closed, by whomever.
    ///
    /// What came before the peer's close is delivered first. One reader at a time, who gives way
    /// after a while if there is always another one.
    /// - Throws: `CancellationError`.
    package func nextMessage() async throws -> WebSocketMessage? {
        if serving.isOver(finding: !messages.isEmpty, time: configuration.servingTime) {
            await loop.giveWay()
        }
        while true {
            if let message = messages.popFirst() {
                resumeReading()
                return message
            }
            guard case .open = state else { return nil }
            try Task.checkCancellation()
            await withTaskCancellationHandler {
                await withUnsafeContinuation { readers.add($0) }
            } onCancel: {
                wakeSoon()
            }
        }
    }

    /// Reads again once the reader has caught up; more messages may be there at once.
    private func resumeReading() {
        guard !socket.isReading, messages.byteCount <= configuration.inputHighWater / 2 else {
            return
        }
        if socket.setReading(true) { readInput() }
    }

    private nonisolated func wakeSoon() {
        loop.execute {
            self.assumeIsolated {
                $0.readers.wakeAll()
                $0.writers.wakeAll()
                $0.closers.wakeAll()
            }
        }
    }

    // MARK: Messages out

    /// Sends text, which must be UTF-8; waits while the peer has more than the high-water mark to
    /// take.
    ///
    /// - Throws: ``WebSocketClosed``, or `CancellationError` while it waits: the message is then on
    ///   its way all the same.
    package func send(text: [UInt8]) async throws { try await send(.text, text) }

    /// Sends text; waits while the peer has more than the high-water mark to take.
    package func send(_ text: String) async throws { try await send(.text, text.utf8) }

    /// Sends bytes; waits while the peer has more than the high-water mark to take.
    package func send(binary: [UInt8]) async throws { try await send(.binary, binary) }

    /// Sends text, which must be UTF-8, without waiting; from anywhere, in order of the calls.
    ///
    /// A closed connection drops it. A peer that does not keep up is dropped at the output limit.
    package nonisolated func enqueue(text: [UInt8]) {
        loop.execute {
            self.assumeIsolated { connection in
                guard case .open = connection.state else { return }
                connection.write(.text, text)
            }
        }
    }

    /// How much the peer has still to take, in bytes.
    package var pendingOutput: Int { socket.pendingOutput }

    /// Waits while the peer has more than the high-water mark to take.
    ///
    /// - Throws: ``WebSocketClosed``, `CancellationError`.
    package func drained() async throws {
        while case .open = state, socket.pendingOutput > configuration.outputHighWater {
            try Task.checkCancellation()
            await withTaskCancellationHandler {
                await withUnsafeContinuation { writers.add($0) }
            } onCancel: {
                wakeSoon()
            }
        }
        guard case .open = state else { throw WebSocketClosed(ending: ending) }
    }

    private func send(_ opcode: WebSocketOpcode, _ payload: some Collection<UInt8>) async throws {
        guard case .open = state else { throw WebSocketClosed(ending: ending) }
        write(opcode, payload)
        if socket.pendingOutput > configuration.outputHighWater { try await drained() }
    }

    private func write(_ opcode: WebSocketOpcode, _ payload: some Collection<UInt8>) {
        let mask = nextMask()
        socket.write { WebSocketFrame.write(opcode, payload, mask: mask, into: &$0) }
        if socket.pendingOutput > configuration.outputLimit {
            flush()
            // Much of it may have been written in this very turn, with no chance to leave yet.
            if socket.pendingOutput > configuration.outputLimit { return end(.tooSlow) }
        }
        scheduleFlush()
    }

    private func nextMask() -> WebSocketMask? {
        guard role == .client else { return nil }
        return WebSocketMask(UInt32(truncatingIfNeeded: random?.next() ?? 0))
    }

    /// All that one turn of the loop wrote leaves in one system call.
    private func scheduleFlush() {
        guard !isFlushScheduled, socket.isOpen else { return }
        isFlushScheduled = true
        loop.atTurnEnd(self)
    }

    package nonisolated func turnEnded() {
        assumeIsolated {
            $0.isFlushScheduled = false
            $0.flush()
        }
    }

    func flush() {
        if case .ended = state { return }
        if case .failed = socket.flush() { return end(.lost) }
        guard socket.pendingOutput <= configuration.outputHighWater else { return }
        writers.wakeAll()
        if let ping = unansweredPing.take() { answer(ping) }
    }

    /// Answers a ping; of those that a peer sends without taking the answers, only the last.
    ///
    /// - Source: RFC 6455, section 5.5.3.
    func answer(_ ping: [UInt8]) {
        guard case .open = state else { return }
        guard socket.pendingOutput <= configuration.outputHighWater else {
            unansweredPing = ping
            return
        }
        write(.pong, ping)
    }

    // MARK: Closing

    /// Closes: sends a close frame, waits for the peer's, within the close timeout.
    ///
    /// Messages not yet read are dropped. Returns when the connection has ended.
    package func close(
        _ code: WebSocketCloseCode = .normal,
        reason: String = ""
    ) async { await close(WebSocketClose(code, reason)) }

    /// Says one last thing and closes; what the peer still sends is skipped unread.
    package func close(_ farewell: WebSocketFarewell) async {
        say(farewell)
        await untilEnded()
    }

    private func say(_ farewell: WebSocketFarewell) {
        guard case .open = state else { return }
        write(.text, farewell.text)
        beginClose(farewell.close)
    }

    func close(_ close: WebSocketClose) async {
        beginClose(close)
        await untilEnded()
    }

    private func untilEnded() async {
        while ending == nil {
            await withTaskCancellationHandler {
                await withUnsafeContinuation { closers.add($0) }
            } onCancel: {
                wakeSoon()
            }
            // Who was cancelled does not wait; the handshake goes on within its time.
            if Task.isCancelled { return }
        }
    }

    /// Sends the close frame without waiting for the answer; from anywhere.
    package nonisolated func enqueueClose(
        _ code: WebSocketCloseCode = .normal,
        reason: String = ""
    ) {
        loop.execute {
            self.assumeIsolated { $0.beginClose(WebSocketClose(code, reason)) }
        }
    }

    private func beginClose(_ close: WebSocketClose) {
        guard case .open = state else { return }
        state = .closing(close)
        writeClose(close)
        scheduleFlush()
        messages = MessageQueue()
        dropUnfinished()
        watchdog?.set(configuration.closeTimeout)
        readers.wakeAll()
        // The peer's answer may stand behind what a slow reader left unread.
        if !socket.isReading, socket.setReading(true) { readInput() }
    }

    func writeClose(_ close: WebSocketClose) {
        let mask = nextMask()
        socket.write { WebSocketFrame.writeClose(close, mask: mask, into: &$0) }
    }

    /// Ends; where the peer still listens, what is written goes out before.
    func end(_ ending: WebSocketEnding) {
        if case .ended = state { return }
        state = .ended(ending)
        dropUnfinished()
        watchdog?.stop()
        switch ending {
        case .byPeer, .byUs, .violation:
            LingeringClose.start(socket, within: configuration.closeTimeout)
        case .lost, .unresponsive, .tooSlow: socket.close()
        }
        readers.wakeAll()
        writers.wakeAll()
        closers.wakeAll()
    }

    private func watchdogBarked() {
        switch state {
        case .open: ping()
        case .closing(let close):
            // The peer had its time: nothing more is owed to it.
            end(.byUs(close))
        case .ended: break
        }
    }

    private func ping() {
        if !socket.isReading { unfinished.excuse(at: .now) }
        if unfinished.isOverdue(at: .now) {
            return violate(WebSocketClose(.policyViolation, "The message did not arrive in time"))
        }
        let verdict = liveness.pingIsDue(
            isReading: socket.isReading,
            isBacklogged: socket.pendingOutput > configuration.outputHighWater,
            writtenCount: socket.writtenCount,
            readCount: readCount
        )
        if let verdict { return end(verdict) }
        write(.ping, [])
        watchdog?.set(configuration.pingInterval)
    }
}
