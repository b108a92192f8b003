import Glibc
import ParleyHTTP

@testable import ParleyNetwork

/// A peer on a bare socket, which can misbehave as no library would.
actor RawClient: EventHandler {
    struct Failure: Error {}

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let socket: StreamSocket
    private var received: [UInt8] = []
    private var hasEnded = false
    private(set) var wasReset = false
    private var readers = Waiters()
    private var writers = Waiters()
    private var isBlocked = false

    /// Connects; with `reads` false it takes nothing off the socket until told.
    init(
        _ address: SocketAddress,
        _ loop: EventLoop,
        reads: Bool = true,
        receiveBuffer: Int32 = 0
    )
        async throws
    {
        self.loop = loop
        let fd = connectedSocket(address, receiveBuffer)
        guard fd >= 0 else { throw Failure() }
        socket = StreamSocket(fd, PlainStream(fd), loop)
        try start(reads)
    }

    private func start(_ reads: Bool) throws {
        _ = socket.setReading(reads)
        try socket.attach(self)
    }

    nonisolated func ready(_ events: IOEvents) { assumeIsolated { $0.handle(events) } }

    private func handle(_ events: IOEvents) {
        if socket.isLost(on: events) {
            wasReset = true
            return end()
        }
        if socket.shouldRead(on: events) { read() }
        if socket.shouldFlush(on: events) { flush() }
    }

    private func read() {
        switch socket.read({
            received += $0
            return true
        }) {
        case .open: break
        case .ended: hasEnded = true
        case .failed:
            wasReset = true
            return end()
        }
        readers.wakeAll()
    }

    private func flush() {
        switch socket.flush() {
        case .drained: isBlocked = false
        case .blocked: isBlocked = true
        case .failed: end()
        }
        writers.wakeAll()
    }

    private func end() {
        hasEnded = true
        socket.close()
        readers.wakeAll()
        writers.wakeAll()
    }

    // MARK: For tests

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        socket.write { $0 += bytes }
        flush()
    }

    /// Waits until the kernel takes nothing more of what was sent.
    func untilBlocked() async {
        while !isBlocked, !hasEnded { await withUnsafeContinuation { writers.add($0) } }
    }

    /// Waits until the kernel has taken all.
    func untilSent() async {
        while socket.pendingOutput > 0, !hasEnded {
            await withUnsafeContinuation { writers.add($0) }
        }
    }

    var pendingOutput: Int { socket.pendingOutput }

    func startReading() {
        if socket.setReading(true) { read() }
    }

    func stopReading() { _ = socket.setReading(false) }

    /// Takes everything up to the end of `marker`.
    func read(until marker: String) async throws -> String {
        let pattern = Array(marker.utf8)
        while true {
            if let end = position(of: pattern) {
                defer { received.removeFirst(end) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            guard !hasEnded else { throw Failure() }
            await withUnsafeContinuation { readers.add($0) }
        }
    }

    /// Takes exactly so many bytes.
    func read(count: Int) async throws -> [UInt8] {
        while received.count < count {
            guard !hasEnded else { throw Failure() }
            await withUnsafeContinuation { readers.add($0) }
        }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// Takes everything up to the end of the connection.
    func readToEnd() async -> String {
        while !hasEnded { await withUnsafeContinuation { readers.add($0) } }
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Ends our side only.
    func endOutput() { socket.endOutput() }

    func close() { end() }

    /// Closes so that the peer is told with a reset.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket.fd, SOL_SOCKET, SO_LINGER, &linger, socklen_t(8))
        end()
    }

    private func position(of pattern: [UInt8]) -> Int? {
        guard received.count >= pattern.count else { return nil }
        for start in 0...(received.count - pattern.count)
        where received[start..<start + pattern.count].elementsEqual(pattern) {
            return start + pattern.count
        }
        return nil
    }
}

/// A connected, non-blocking socket; connecting to the loopback needs no waiting.
private func connectedSocket(_ address: SocketAddress, _ receiveBuffer: Int32) -> Int32 {
    guard
        let target = try? ResolvedAddress.resolve(
            address.host,
            port: address.port,
            flags: AI_NUMERICHOST
        ).first
    else { return -1 }
    let fd = socket(target.family, Int32(SOCK_STREAM.rawValue), 0)
    if receiveBuffer > 0 {
        var size = receiveBuffer
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(4))
    }
    guard target.withAddress({ connect(fd, $0, $1) }) == 0 else {
        close(fd)
        return -1
    }
    _ = fcntl(fd, F_SETFL, O_NONBLOCK)
    return fd
}
