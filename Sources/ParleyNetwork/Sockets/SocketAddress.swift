internal import CLinux
internal import Glibc

/// An IPv4 or IPv6 address with a port.
package struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// The numeric host, without brackets.
    package let host: String
    /// The port.
    package let port: UInt16

    /// `host:port`, with brackets around an IPv6 host.
    package var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Reads what a system call has filled in; nil for other families.
    init?(_ storage: sockaddr_storage, _ length: socklen_t) {
        var storage = storage
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var service = [CChar](repeating: 0, count: 8)
        let failure = getnameinfo(
            clinux_address(&storage),
            length,
            &host,
            socklen_t(host.count),
            &service,
            socklen_t(service.count),
            NI_NUMERICHOST | NI_NUMERICSERV
        )
        guard failure == 0, let port = UInt16(Self.text(service)) else { return nil }
        self.host = Self.text(host)
        self.port = port
    }

    private static func text(_ characters: [CChar]) -> String {
        String(
            decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
    }

    /// The address a socket is bound to.
    static func local(of fd: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let failure = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(fd, $0, &length) }
        }
        return failure == 0 ? SocketAddress(storage, length) : nil
    }

    /// The address a socket is connected to.
    static func remote(of fd: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let failure = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(fd, $0, &length) }
        }
        return failure == 0 ? SocketAddress(storage, length) : nil
    }
}

/// One answer of the resolver, in the form that sockets take.
struct ResolvedAddress: Sendable {
    let family: Int32
    private let bytes: [UInt8]

    init?(_ information: addrinfo) {
        guard let address = information.ai_addr else { return nil }
        family = information.ai_family
        bytes = Array(
            UnsafeRawBufferPointer(start: address, count: Int(information.ai_addrlen))
        )
    }

    /// Lends the address to a system call.
    func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: bytes.prefix($0.count)) }
        return body(clinux_address(&storage), socklen_t(bytes.count))
    }

    /// Asks the system; blocks while it asks the network.
    ///
    /// - Throws: ``ResolveError`` with the resolver's words.
    static func resolve(
        _ host: String,
        port: UInt16,
        flags: Int32 = 0
    ) throws(ResolveError) -> [ResolvedAddress] {
        var hints = addrinfo()
        hints.ai_socktype = CLINUX_SOCK_STREAM
        hints.ai_flags = flags | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let failure = getaddrinfo(host, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard failure == 0 else {
            throw ResolveError(host: host, reason: String(cString: gai_strerror(failure)))
        }
        var found: [ResolvedAddress] = []
        var next = list
        while let information = next {
            if let address = ResolvedAddress(information.pointee) { found.append(address) }
            next = information.pointee.ai_next
        }
        guard !found.isEmpty else { throw ResolveError(host: host, reason: "No address") }
        return found
    }
}

/// A host name that has no address.
package struct ResolveError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The name that was asked for.
    package let host: String
    /// The resolver's words.
    package let reason: String

    package var description: String { "cannot resolve \(host): \(reason)" }
}
