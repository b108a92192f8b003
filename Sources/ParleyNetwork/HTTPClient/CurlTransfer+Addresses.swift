internal import CCurl
internal import CCurlSystem
internal import CLinux
internal import Glibc
internal import ParleyHTTP

// Which addresses are connected to: asked for each socket, behind all that names resolve to.

extension CurlTransfer {
    /// Lets no socket be opened to an address that isn't public.
    func guardSockets() {
        _ = ccurl_set_opensocket(
            easy,
            { user, purpose, address in
                guard let user, let address, purpose == CURLSOCKTYPE_IPCXN else {
                    return CURL_SOCKET_BAD
                }
                let transfer = Unmanaged<CurlTransfer>.fromOpaque(user).takeUnretainedValue()
                return transfer.openSocket(to: address)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    private func openSocket(to target: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        guard Self.address(of: target)?.isPublic == true else {
            wasForbidden = true
            return CURL_SOCKET_BAD
        }
        let kind = target.pointee.socktype | CLINUX_SOCK_CLOEXEC
        return socket(target.pointee.family, kind, target.pointee.protocol)
    }

    /// Read in place: `addr` is declared as the shortest kind, and a longer one goes on behind it.
    private static func address(of target: UnsafeMutablePointer<curl_sockaddr>) -> IPAddress? {
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
        let start = UnsafeRawPointer(target) + offset
        let length = Int(target.pointee.addrlen)
        let field: Range<Int>? =
            switch target.pointee.family {
            case AF_INET: 4..<8
            case AF_INET6: 8..<24
            default: nil
            }
        guard let field, field.upperBound <= length else { return nil }
        return IPAddress(bytes: UnsafeRawBufferPointer(start: start, count: length)[field])
    }
}
