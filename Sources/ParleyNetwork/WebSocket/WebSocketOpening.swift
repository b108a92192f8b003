internal import CLinux
internal import Glibc
internal import ParleyHTTP

/// The opening of one client's WebSocket: name, address, TLS, handshake; pinned to a loop.
actor WebSocketOpening: EventHandler {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let url: WebURL
    private let options: WebSocketClient.Options
    /// What the opening owns, until the connection does.
    private var fd: Int32 = -1
    private var stream: (any ByteStream)?
    private var waiters = Waiters()
    private var isReady = false
    private var hasTimedOut = false
    private var watchdog: Watchdog?

    /// The host and port that messages name.
    private nonisolated var place: String { url.authority.description }

    init(_ url: WebURL, _ options: WebSocketClient.Options, _ loop: EventLoop) {
        self.url = url
        self.options = options
        self.loop = loop
    }

    func run() async throws(NetworkError) -> WebSocketConnection {
        defer { release() }
        let deadline = ContinuousClock.now + options.timeout
        watchdog = Watchdog(loop) { [weak self] in self?.assumeIsolated { $0.timeOut() } }
        let addresses = try await resolve()
        try await connect(to: addresses, by: deadline)
        watchdog?.set(deadline - .now)
        try await startTLS()
        return try await shakeHands()
    }

    private func timeOut() {
        hasTimedOut = true
        waiters.wakeAll()
    }

    private func release() {
        watchdog?.stop()
        guard fd >= 0 else { return }
        if let stream { stream.close() } else { close(fd) }
        fd = -1
    }

    // MARK: Connecting

    private func resolve() async throws(NetworkError) -> [ResolvedAddress] {
        let (host, port, timeout, loop) = (url.host, url.port, options.timeout, loop)
        // The resolver cannot be interrupted; the race's loser is left behind.
        let result = await withTaskGroup(of: Result<[ResolvedAddress], NetworkError>?.self) {
            group in
            group.addTask {
                do throws(NetworkError) {
                    return .success(try await Resolver.addresses(of: host, port: port))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                try? await Task.sleep(for: timeout, clock: loop.clock)
                return nil
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? nil
        }
        if Task.isCancelled { throw .cancelled(place) }
        guard let result else { throw timeoutError("resolving") }
        return try result.get()
    }

    private func connect(
        to addresses: [ResolvedAddress],
        by deadline: ContinuousClock.Instant
    ) async throws(NetworkError) {
        var failure = NetworkError(.connect, "cannot connect to \(place): no address")
        for (index, address) in addresses.enumerated() {
            // An address that swallows packets must leave time for the next one.
            let share = (deadline - .now) / (addresses.count - index)
            hasTimedOut = false
            watchdog?.set(share)
            do throws(NetworkError) {
                return try await connect(to: address)
            } catch {
                release()
                guard error.kind != .cancelled else { throw error }
                failure = error
            }
        }
        throw failure
    }

    private func connect(to address: ResolvedAddress) async throws(NetworkError) {
        fd = socket(address.family, CLINUX_SOCK_STREAM | CLINUX_SOCK_FLAGS, 0)
        guard fd >= 0 else { throw connectError(errno) }
        var on: Int32 = 1
        setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(4))
        let descriptor = fd
        let result = address.withAddress { Glibc.connect(descriptor, $0, $1) }
        guard result != 0 else { return }
        guard errno == EINPROGRESS else { throw connectError(errno) }
        try await wait(for: .writable, "connecting")
        var code: Int32 = 0
        var length = socklen_t(4)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length)
        guard code == 0 else { throw connectError(code) }
    }

    private func connectError(_ code: Int32) -> NetworkError {
        NetworkError(.connect, "cannot connect to \(place): \(SystemError.text(code))")
    }

    private func timeoutError(_ doing: String) -> NetworkError {
        NetworkError(.timeout, "\(doing) \(place) took longer than \(options.timeout)")
    }

    private func startTLS() async throws(NetworkError) {
        guard url.scheme.isSecure else {
            stream = PlainStream(fd)
            return
        }
        let secured: TLSStream
        do throws(TLSError) {
            let tls: TLSClientConfiguration
            if let given = options.tls { tls = given } else { tls = try .system() }
            secured = try tls.makeStream(fd, host: url.host)
        } catch {
            throw NetworkError(.tls, "no TLS with \(place): \(error)")
        }
        stream = secured
        while true {
            switch secured.handshake() {
            case .done: return
            case .wantsRead: try await wait(for: .readable, "agreeing on TLS with")
            case .wantsWrite: try await wait(for: .writable, "agreeing on TLS with")
            case .failed(let error):
                throw NetworkError(.tls, "no TLS with \(place): \(error)")
            }
        }
    }

    // MARK: The handshake

    private func shakeHands() async throws(NetworkError) -> WebSocketConnection {
        var random = SecureRandom()
        var handshake = WebSocketClientHandshake(
            url,
            nonce: random.bytes(16),
            protocols: options.subprotocols,
            headers: options.headers
        )
        try await send(handshake.request)
        while true {
            let input = try await receive()
            var offset = 0
            let outcome =
                input.isEmpty
                ? try ended(&handshake) : try read(input, at: &offset, of: &handshake)
            switch outcome {
            case .accepted(_, let subprotocol)?:
                return try open(subprotocol, rest: Array(input[offset...]))
            case .refused(let response, let body)?:
                throw NetworkError(
                    .refused,
                    "\(place) refused the WebSocket with \(response.status)",
                    reply: HTTPReply(response, body: body)
                )
            case nil: break
            }
        }
    }

    private func read(
        _ input: [UInt8],
        at offset: inout Int,
        of handshake: inout WebSocketClientHandshake
    ) throws(NetworkError) -> WebSocketClientHandshake.Outcome? {
        do throws(HTTPFailure) {
            return try input.span.withUnsafeBytes { bytes throws(HTTPFailure) in
                try handshake.next(bytes, at: &offset)
            }
        } catch {
            throw NetworkError(
                .protocolViolation,
                "\(place) does not speak WebSocket: \(error.message)"
            )
        }
    }

    /// What the end of the connection makes of the answer so far.
    private func ended(
        _ handshake: inout WebSocketClientHandshake
    ) throws(NetworkError) -> WebSocketClientHandshake.Outcome? {
        if let outcome = try? handshake.finish() { return outcome }
        throw NetworkError(.reset, "\(place) closed the connection in the handshake")
    }

    private func open(
        _ subprotocol: String?,
        rest: [UInt8]
    ) throws(NetworkError) -> WebSocketConnection {
        guard let stream else { throw connectError(EBADF) }
        let socket = StreamSocket(fd, stream, loop)
        let peer = SocketAddress.remote(of: fd)
        // From here on the connection closes the socket.
        fd = -1
        let connection = WebSocketConnection(
            socket,
            .client,
            subprotocol: subprotocol,
            peer: peer,
            configuration: options.configuration
        )
        connection.assumeIsolated { $0.start(rest) }
        return connection
    }

    private func send(_ bytes: [UInt8]) async throws(NetworkError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch rest.withUnsafeBytes({ stream?.write($0) ?? .failed }) {
            case .done(let count): rest = rest.dropFirst(count)
            case .wantsRead: try await wait(for: .readable, "writing to")
            case .wantsWrite: try await wait(for: .writable, "writing to")
            case .ended, .failed: throw NetworkError(.reset, "\(place) closed the connection")
            }
        }
    }

    /// What is there, or an empty array at the end.
    private func receive() async throws(NetworkError) -> [UInt8] {
        while true {
            switch stream?.read(into: loop.scratch) ?? .failed {
            case .done(let count): return Array(loop.scratch[..<count])
            case .wantsRead: try await wait(for: .readable, "waiting for")
            case .wantsWrite: try await wait(for: .writable, "waiting for")
            case .ended: return []
            case .failed: throw NetworkError(.reset, "\(place) closed the connection")
            }
        }
    }

    // MARK: Waiting

    nonisolated func ready(_ events: IOEvents) {
        assumeIsolated {
            $0.isReady = true
            $0.waiters.wakeAll()
        }
    }

    private func wait(for events: IOEvents, _ doing: String) async throws(NetworkError) {
        isReady = false
        do throws(SystemError) {
            try loop.watch(fd, events, self)
        } catch {
            throw NetworkError(.connect, "\(doing) \(place) failed: \(error)")
        }
        defer { loop.unwatch(fd) }
        while !isReady {
            if Task.isCancelled { throw .cancelled(place) }
            if hasTimedOut { throw timeoutError(doing) }
            await withTaskCancellationHandler {
                await withUnsafeContinuation { waiters.add($0) }
            } onCancel: {
                loop.execute { self.assumeIsolated { $0.waiters.wakeAll() } }
            }
        }
    }
}
