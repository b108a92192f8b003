internal import COpenSSL
internal import Glibc

/// TLS over one socket; the handshake runs inside the first reads and writes.
final class TLSStream: ByteStream {
    private let fd: Int32
    private let ssl: OpaquePointer
    /// After a fatal error the library must not be asked to say goodbye.
    private var hasFailed = false

    /// A server's side.
    init(accepting fd: Int32, _ context: TLSContext) throws(TLSError) {
        guard let ssl = SSL_new(context.pointer) else { throw .fromLibrary("cannot begin TLS") }
        self.fd = fd
        self.ssl = ssl
        guard SSL_set_fd(ssl, fd) == 1 else { throw .fromLibrary("cannot begin TLS") }
        SSL_set_accept_state(ssl)
    }

    /// A client's side, which expects `host` in the peer's certificate.
    init(connecting fd: Int32, _ context: TLSContext, host: String) throws(TLSError) {
        guard let ssl = SSL_new(context.pointer) else { throw .fromLibrary("cannot begin TLS") }
        self.fd = fd
        self.ssl = ssl
        guard SSL_set_fd(ssl, fd) == 1 else { throw .fromLibrary("cannot begin TLS") }
        // An address is expected as an address and never named in the greeting (RFC 6066, 3).
        if cssl_expect_address(ssl, host) != 1 {
            guard SSL_set1_host(ssl, host) == 1, cssl_set_server_name(ssl, host) == 1 else {
                throw .fromLibrary("cannot expect \(host) in TLS")
            }
        }
        _ = cssl_offer_http11(ssl)
        SSL_set_connect_state(ssl)
    }

    deinit { SSL_free(ssl) }

    /// What came of one step of the handshake.
    enum HandshakeResult {
        case done
        case wantsRead
        case wantsWrite
        case failed(TLSError)
    }

    /// Takes the handshake on, for a client that must know that it has succeeded.
    func handshake() -> HandshakeResult {
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        if result == 1 { return .done }
        switch outcome(result) {
        case .wantsRead: return .wantsRead
        case .wantsWrite: return .wantsWrite
        case .done, .ended, .failed: return .failed(handshakeFailure())
        }
    }

    private func handshakeFailure() -> TLSError {
        let verification = SSL_get_verify_result(ssl)
        guard verification == X509_V_OK else {
            ERR_clear_error()
            let reason = String(cString: X509_verify_cert_error_string(verification))
            return TLSError("the server's certificate is refused: \(reason)")
        }
        return .fromLibrary("the TLS handshake failed")
    }

    var holdsInput: Bool { SSL_pending(ssl) > 0 }
    var isShakingHands: Bool { SSL_is_init_finished(ssl) == 0 }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
        guard let base = buffer.baseAddress, !hasFailed else { return .failed }
        var total = 0
        while total < buffer.count {
            ERR_clear_error()
            let count = SSL_read(ssl, base + total, Int32(clamping: buffer.count - total))
            if count <= 0 { return total > 0 ? .done(total) : outcome(count) }
            total += Int(count)
        }
        return .done(total)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> IOResult {
        guard !hasFailed else { return .failed }
        ERR_clear_error()
        let count = SSL_write(ssl, bytes.baseAddress, Int32(clamping: bytes.count))
        return count > 0 ? .done(Int(count)) : outcome(count)
    }

    private func outcome(_ result: Int32) -> IOResult {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            hasFailed = true
            return .failed
        }
    }

    func endOutput() {
        if !hasFailed {
            ERR_clear_error()
            SSL_shutdown(ssl)
        }
        shutdown(fd, Int32(SHUT_WR))
    }

    func close() {
        if !hasFailed {
            ERR_clear_error()
            SSL_shutdown(ssl)
        }
        _ = Glibc.close(fd)
    }
}
