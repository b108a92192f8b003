internal import CLinux
internal import Glibc
internal import ParleyClient
internal import ParleyHTTP
internal import ParleyNetwork

/// A server that load is put on: its address, looked up once, and how to greet it.
struct LoadTarget: Sendable {
    let url: RealtimeURL
    let apiKey: String?
    private let family: Int32
    private let address: [UInt8]

    /// Longest wait for a page; a server under load still answers in a moment.
    private static let pageTimeout = Duration.seconds(5)

    /// Looks the server's address up; blocks while it asks.
    ///
    /// - Throws: ``BenchError`` for a host without an address, and for TLS, which would measure
    ///   OpenSSL on both sides.
    init(_ url: RealtimeURL, apiKey: String?) throws(BenchError) {
        guard !url.socket.scheme.isSecure else {
            throw BenchError("load is put on a server in the clear; give a ws:// address")
        }
        self.url = url
        self.apiKey = apiKey
        var hints = addrinfo()
        hints.ai_socktype = CLINUX_SOCK_STREAM
        var list: UnsafeMutablePointer<addrinfo>?
        let failure = getaddrinfo(url.socket.host, String(url.socket.port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard failure == 0, let first = list?.pointee, let bytes = first.ai_addr else {
            throw BenchError("\(url.socket.host) has no address")
        }
        family = first.ai_family
        address = Array(UnsafeRawBufferPointer(start: bytes, count: Int(first.ai_addrlen)))
    }

    /// A socket that is connecting; -1 with `errno` when the process has none to spare.
    func openSocket() -> Int32 {
        let file = socket(family, CLINUX_SOCK_STREAM | CLINUX_SOCK_FLAGS, 0)
        guard file >= 0 else { return -1 }
        var on: Int32 = 1
        setsockopt(file, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(4))
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: address.prefix($0.count)) }
        let result = connect(file, clinux_address(&storage), socklen_t(address.count))
        guard result == 0 || errno == EINPROGRESS else {
            let code = errno
            close(file)
            errno = code
            return -1
        }
        return file
    }

    /// The opening handshake of one session.
    func handshake(nonce: [UInt8]) -> WebSocketClientHandshake {
        WebSocketClientHandshake(url.socket, nonce: nonce, headers: credentials)
    }

    /// A request for another page of the server.
    func request(_ path: String) -> HTTPClientRequest {
        var page = url.socket.forHTTP
        page.rawPath = path
        page.rawQuery = nil
        var request = HTTPClientRequest(.get, page, headers: credentials)
        request.timeouts.total = Self.pageTimeout
        return request
    }

    private var credentials: HTTPHeaders {
        var headers = HTTPHeaders()
        if let apiKey { headers.add(.authorization, "Bearer \(apiKey)") }
        return headers
    }
}

/// Why a measurement could not be made, in one line.
package struct BenchError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    /// Says why.
    package init(_ description: String) {
        self.description = description
    }
}
