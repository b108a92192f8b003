internal import COpenSSL
internal import Synchronization

/// A server's certificate and key, which can be renewed while it runs.
///
/// TLS 1.2 and later; ALPN answers `http/1.1`.
package final class TLSConfiguration: Sendable {
    /// The PEM file with the certificate and the chain up to, not including, the root.
    package let certificateFile: String
    /// The PEM file with the private key.
    package let keyFile: String
    private let current: Mutex<TLSContext>

    /// Reads certificate and key.
    ///
    /// - Throws: ``TLSError`` that names the file which is missing, unreadable or does not fit.
    package init(certificateFile: String, keyFile: String) throws(TLSError) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        let context = try Self.load(certificateFile, keyFile)
        current = Mutex(context)
    }

    /// Reads both files again: connections from now on use the new pair.
    ///
    /// - Throws: ``TLSError`` when the new pair is unusable; the old one then stays.
    package func reload() throws(TLSError) {
        let context = try Self.load(certificateFile, keyFile)
        current.withLock { $0 = context }
    }

    func makeStream(_ fd: Int32) throws(TLSError) -> TLSStream {
        let context = current.withLock { $0 }
        return try TLSStream(accepting: fd, context)
    }

    private static func load(
        _ certificate: String,
        _ key: String
    ) throws(TLSError) -> TLSContext {
        let context = try TLSContext(server: true)
        cssl_serve_http11(context.pointer)
        // Nobody is asked for a pass phrase: a server has no terminal, and must not wait for one.
        SSL_CTX_set_default_passwd_cb(context.pointer) { _, _, _, _ in -1 }
        ERR_clear_error()
        guard SSL_CTX_use_certificate_chain_file(context.pointer, certificate) == 1 else {
            throw .fromLibrary("cannot use the TLS certificate \(certificate)", file: certificate)
        }
        guard SSL_CTX_use_PrivateKey_file(context.pointer, key, SSL_FILETYPE_PEM) == 1 else {
            throw .fromLibrary("cannot use the TLS key \(key)", file: key)
        }
        guard SSL_CTX_check_private_key(context.pointer) == 1 else {
            throw .fromLibrary("the TLS key \(key) does not belong to \(certificate)", file: key)
        }
        return context
    }
}

/// Whom a client believes.
package final class TLSClientConfiguration: Sendable {
    private let context: TLSContext

    /// - Parameters:
    ///   - trustedFile: A PEM file with the roots to trust; nil trusts the system's.
    ///   - verifiesPeer: False accepts anyone, which is for tests and tools only.
    /// - Throws: ``TLSError`` when the roots cannot be read.
    package init(trustedFile: String? = nil, verifiesPeer: Bool = true) throws(TLSError) {
        context = try TLSContext(server: false)
        ERR_clear_error()
        if let trustedFile {
            guard SSL_CTX_load_verify_locations(context.pointer, trustedFile, nil) == 1 else {
                throw .fromLibrary("cannot use the trusted certificates \(trustedFile)")
            }
        } else {
            guard SSL_CTX_set_default_verify_paths(context.pointer) == 1 else {
                throw .fromLibrary("cannot use the system's trusted certificates")
            }
        }
        SSL_CTX_set_verify(
            context.pointer,
            verifiesPeer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
            nil
        )
    }

    private static let shared = Result<TLSClientConfiguration, TLSError> { () throws(TLSError) in
        try TLSClientConfiguration()
    }

    /// The one that trusts the system's roots, which are read once.
    ///
    /// - Throws: ``TLSError`` when the roots cannot be read.
    package static func system() throws(TLSError) -> TLSClientConfiguration { try shared.get() }

    func makeStream(_ fd: Int32, host: String) throws(TLSError) -> TLSStream {
        try TLSStream(connecting: fd, context, host: host)
    }
}
