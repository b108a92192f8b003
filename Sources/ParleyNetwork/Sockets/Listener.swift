internal import CLinux
internal import Glibc
internal import Synchronization

/// A listening socket: accepts in batches on one loop.
package final class Listener: EventHandler, Sendable {
    /// A connection that was accepted, and who made it; whoever gets it closes it.
    struct Accepted: Sendable {
        let fd: Int32
        let peer: SocketAddress?
    }

    /// Where it listens; with port 0 asked for, the port that the system chose.
    package let address: SocketAddress
    private let fd: Int32
    private let loop: EventLoop
    private let log: Logger
    private let accept: @Sendable (Accepted) -> Void
    private let isStopped = Atomic<Bool>(false)

    /// Binds and listens.
    ///
    /// - Parameters:
    ///   - host: A numeric address or a local name; `::` takes IPv4 too, `0.0.0.0` is IPv4 only.
    ///   - port: The port, or 0 for one that the system chooses.
    ///   - loop: Where connections are accepted.
    ///   - log: Hears when the process is out of descriptors.
    ///   - accept: Takes each connection, on the loop.
    /// - Throws: ``ListenError`` that names the address and the reason.
    init(
        host: String,
        port: UInt16,
        on loop: EventLoop,
        log: Logger,
        accept: @escaping @Sendable (Accepted) -> Void
    ) throws(ListenError) {
        let fd = try Self.bind(host, port)
        guard let address = SocketAddress.local(of: fd) else {
            close(fd)
            throw ListenError(host: host, port: port, reason: "the socket has no address")
        }
        self.fd = fd
        self.address = address
        self.loop = loop
        self.log = log
        self.accept = accept
    }

    deinit {
        if !isStopped.load(ordering: .relaxed) { close(fd) }
    }

    /// Begins to accept.
    func start() {
        loop.execute { self.watch() }
    }

    /// Stops accepting and closes the socket: new connections are refused.
    func stop() {
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        loop.execute {
            self.loop.unwatch(self.fd)
            close(self.fd)
        }
    }

    private func watch() {
        guard !isStopped.load(ordering: .relaxed) else { return }
        do throws(SystemError) {
            try loop.watch(fd, .readable, self)
        } catch {
            log.error("Cannot accept connections", ["error": error])
        }
    }

    package func ready(_ events: IOEvents) {
        for _ in 0..<Limits.acceptsPerTurn {
            var storage = sockaddr_storage()
            var length = socklen_t(0)
            let client = clinux_accept(fd, &storage, &length)
            guard client >= 0 else {
                if isPassing(errno) { continue }
                return
            }
            var one: Int32 = 1
            setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(4))
            accept(Accepted(fd: client, peer: SocketAddress(storage, length)))
        }
    }

    /// Whether an accept that failed should be followed by another one now.
    private func isPassing(_ code: Int32) -> Bool {
        switch code {
        case EAGAIN: return false
        case EINTR, ECONNABORTED, EPROTO, EPERM: return true
        default:
            // Out of descriptors or memory: the socket stays readable, and asking again at once
            // would spin. Connections wait in the kernel's queue meanwhile.
            log.repeatable(
                .warning,
                "Cannot accept a connection",
                ["error": SystemError.text(code)]
            )
            loop.unwatch(fd)
            loop.schedule(at: .now + Limits.acceptPause) { [weak self] in self?.watch() }
            return false
        }
    }

    private static func bind(_ host: String, _ port: UInt16) throws(ListenError) -> Int32 {
        let addresses: [ResolvedAddress]
        do throws(ResolveError) {
            addresses = try ResolvedAddress.resolve(host, port: port, flags: AI_PASSIVE)
        } catch {
            throw ListenError(host: host, port: port, reason: error.reason)
        }
        let address = addresses[0]
        let fd = socket(address.family, CLINUX_SOCK_STREAM | CLINUX_SOCK_FLAGS, 0)
        guard fd >= 0 else { throw ListenError(host: host, port: port, code: errno) }
        var on: Int32 = 1
        var off: Int32 = 0
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(4))
        if address.family == AF_INET6 {
            setsockopt(fd, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, socklen_t(4))
        }
        let bound = address.withAddress { Glibc.bind(fd, $0, $1) }
        guard bound == 0, listen(fd, Limits.listenBacklog) == 0 else {
            let code = errno
            close(fd)
            throw ListenError(host: host, port: port, code: code)
        }
        return fd
    }
}

/// An address that cannot be listened on.
package struct ListenError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The host that was asked for.
    package let host: String
    /// The port that was asked for.
    package let port: UInt16
    /// Why not, for the operator.
    package let reason: String

    init(host: String, port: UInt16, reason: String) {
        self.host = host
        self.port = port
        self.reason = reason
    }

    init(host: String, port: UInt16, code: Int32) {
        let reason =
            switch code {
            case EADDRINUSE: "the address is in use by another process"
            case EACCES: "permission denied; ports below 1024 need the right to bind them"
            case EADDRNOTAVAIL: "this machine has no such address"
            case EAFNOSUPPORT: "this machine does not speak that kind of address"
            default: SystemError.text(code)
            }
        self.init(host: host, port: port, reason: reason)
    }

    package var description: String {
        let shown = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return "cannot listen on \(shown):\(port): \(reason)"
    }
}
