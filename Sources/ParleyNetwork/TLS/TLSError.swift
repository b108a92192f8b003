internal import COpenSSL
internal import Glibc

/// A refusal by the TLS library: what was tried, and why it failed.
package struct TLSError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String
    /// The file that was refused; nil where it was none.
    package let file: String?

    init(_ description: String, file: String? = nil) {
        self.description = description
        self.file = file
    }

    /// Adds the library's reasons and clears them.
    static func fromLibrary(_ action: String, file: String? = nil) -> TLSError {
        var reasons: [String] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { break }
            // What failed inside says it again on its way out.
            if let reason = reason(of: code), !reasons.contains(reason) { reasons.append(reason) }
        }
        if let plain = reasons.lazy.compactMap({ plainWords[$0] }).first { reasons = [plain] }
        let words = reasons.isEmpty ? action : "\(action): \(reasons.joined(separator: "; "))"
        return TLSError(words, file: file)
    }

    /// What operators meet, in words that say what to do.
    private static let plainWords = [
        "no start line": "it holds no PEM of the kind",
        "bad password read": "it needs a pass phrase, expected a key without",
        "key values mismatch": "it belongs to another certificate",
    ]

    private static func reason(of code: UInt) -> String? {
        let systemError = cssl_system_error(code)
        if systemError != 0 { return String(cString: strerror(systemError)) }
        // "system lib" and the like only say where, and the system's own reason came before.
        guard let reason = ERR_reason_error_string(code).map({ String(cString: $0) }) else {
            return nil
        }
        return reason.hasSuffix(" lib") ? nil : reason
    }
}

/// An OpenSSL context and its end.
///
/// `@unchecked Sendable`: OpenSSL counts references to a context atomically and only reads it once
/// it has been set up; setting up ends before the object is shared.
final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer

    init(server: Bool) throws(TLSError) {
        let method = server ? TLS_server_method() : TLS_client_method()
        guard let context = SSL_CTX_new(method), cssl_harden(context) == 1 else {
            throw .fromLibrary("cannot set up TLS")
        }
        pointer = context
    }

    deinit { SSL_CTX_free(pointer) }
}
