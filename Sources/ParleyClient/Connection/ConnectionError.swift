/// Why there is no connection to a Realtime server, or no longer one.
package struct ConnectionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds; an open set.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package let rawValue: String

        /// Makes a code of this name.
        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The address is none.
        package static let badURL = Code(rawValue: "bad_url")
        /// Nobody could be reached there.
        package static let unreachable = Code(rawValue: "unreachable")
        /// The server could not prove who it is.
        package static let tls = Code(rawValue: "tls")
        /// Somebody is there, who does not speak the Realtime API or does not want to.
        package static let refused = Code(rawValue: "refused")
        /// The key is missing or wrong.
        package static let unauthorized = Code(rawValue: "unauthorized")
        /// The connection ended.
        package static let closed = Code(rawValue: "closed")
        /// Nothing came in time.
        package static let timeout = Code(rawValue: "timeout")
    }

    /// What kind of failure it is.
    package let code: Code
    /// One line for the one who typed the address.
    package let description: String

    /// Makes an error.
    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
