/// Why something that was asked of a server did not come about.
package struct MCPFailure: Error, Sendable, Hashable {
    /// Whose fault it is.
    package enum Kind: Sendable, Hashable {
        /// The server speaks the protocol wrongly, or says in it that it will not: its code.
        case protocolViolation(code: Int)
        /// The tool was run and failed.
        case toolExecution
        /// The server can't be reached, or refuses: its status, or the one that says the same.
        case http(code: Int)
        /// Nobody waits for it any more.
        case cancelled
    }

    package var kind: Kind
    /// One sentence for clients and models; of a server's own words only what it says for them.
    package var message: String

    /// Makes a failure.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The server does not speak as it should.
    static func violation(_ message: String) -> Self {
        Self(.protocolViolation(code: RPCError.invalidRequest), message)
    }

    static func status(_ code: Int) -> Self {
        Self(.http(code: code), "The server answered with status \(code).")
    }

    static let cancelled = Self(.cancelled, "The call was cancelled.")
}
