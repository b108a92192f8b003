/// Why a client could not do what it was asked to.
package struct NetworkError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, as far as a caller may want to tell.
    package enum Kind: String, Sendable, CaseIterable {
        /// The name has no address.
        case resolve
        /// Nobody answers there.
        case connect
        /// No trust, or no common language.
        case tls
        /// It took too long.
        case timeout
        /// The connection broke.
        case reset
        /// The other side does not speak as it should.
        case protocolViolation
        /// There is more than was allowed.
        case tooLarge
        /// The server said no to a WebSocket; ``NetworkError/reply`` has its words.
        case refused
        /// It leads to this machine or a local network, which was not allowed.
        case forbidden
        /// The caller changed its mind.
        case cancelled
    }

    /// What went wrong.
    package let kind: Kind
    /// For people; names the host, never a path, a query or a header.
    package let message: String
    /// What a server that refused a WebSocket answered.
    package let reply: HTTPReply?

    package init(_ kind: Kind, _ message: String, reply: HTTPReply? = nil) {
        self.kind = kind
        self.message = message
        self.reply = reply
    }

    package var description: String { message }

    static func cancelled(_ host: String) -> NetworkError {
        NetworkError(.cancelled, "the exchange with \(host) was cancelled")
    }
}
