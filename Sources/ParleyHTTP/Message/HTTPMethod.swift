/// A request method.
///
/// - Source: RFC 9110, section 9.
package struct HTTPMethod: Hashable, Sendable, CustomStringConvertible {
    /// The method as on the wire; methods are case-sensitive.
    package let name: String

    /// Takes a method's name; nil when it is no token.
    package init?(_ name: some StringProtocol) {
        guard name.isToken else { return nil }
        self.name = String(name)
    }

    private init(known name: String) { self.name = name }

    package static let get = HTTPMethod(known: "GET")
    package static let head = HTTPMethod(known: "HEAD")
    package static let post = HTTPMethod(known: "POST")
    package static let put = HTTPMethod(known: "PUT")
    package static let patch = HTTPMethod(known: "PATCH")
    package static let delete = HTTPMethod(known: "DELETE")
    package static let options = HTTPMethod(known: "OPTIONS")
    package static let connect = HTTPMethod(known: "CONNECT")

    package var description: String { name }
}
