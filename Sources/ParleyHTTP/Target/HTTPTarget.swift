/// The target of a request, split but not yet decoded.
///
/// - Source: RFC 9112, section 3.2.
package struct HTTPTarget: Sendable, Hashable, CustomStringConvertible {
    /// The path as sent, with its percent-encoding; `*` for `OPTIONS *`, empty for CONNECT.
    package let rawPath: String
    /// What follows the first `?`, as sent.
    package let rawQuery: String?
    /// `host[:port]` of an absolute target, which outranks the `Host` header.
    package let authority: String?

    /// Takes a path with its query, for requests that we make ourselves.
    package init(_ pathAndQuery: some StringProtocol, authority: String? = nil) {
        let path = pathAndQuery.prefix { $0 != "?" }
        let query = pathAndQuery[path.endIndex...]
        rawPath = path.isEmpty ? "/" : String(path)
        rawQuery = query.isEmpty ? nil : String(query.dropFirst())
        self.authority = authority
    }

    private init(rawPath: String, authority: String?) {
        self.rawPath = rawPath
        rawQuery = nil
        self.authority = authority
    }

    /// Reads the target of a request line.
    ///
    /// - Throws: ``HTTPFailure`` with 400 for what is no target of this method.
    package static func parse(
        _ text: String,
        for method: HTTPMethod
    ) throws(HTTPFailure) -> HTTPTarget {
        guard text.utf8.allSatisfy({ $0.isVisible && $0 != UInt8(ascii: "#") }) else {
            throw .bad("The request target has a character that must be percent-encoded")
        }
        if method == .connect {
            guard Authority(text) != nil else {
                throw .bad("CONNECT takes host:port as its target")
            }
            return HTTPTarget(rawPath: "", authority: text)
        }
        if text.utf8.first == UInt8(ascii: "/") { return HTTPTarget(text) }
        if text == "*" {
            guard method == .options else { throw .bad("The target * is for OPTIONS only") }
            return HTTPTarget(rawPath: "*", authority: nil)
        }
        return try absolute(text)
    }

    /// The query's items, decoded.
    package var query: QueryItems { QueryItems(parsing: rawQuery ?? "") }

    package var description: String { rawQuery.map { "\(rawPath)?\($0)" } ?? rawPath }

    private static func absolute(_ text: String) throws(HTTPFailure) -> HTTPTarget {
        for scheme in ["http://", "https://"] where text.lowercased().hasPrefix(scheme) {
            let rest = text.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard Authority(authority) != nil else {
                throw .bad("The request target names no valid host")
            }
            let path = rest.dropFirst(authority.count)
            let rooted = path.first == "?" ? "/" + path : String(path)
            return HTTPTarget(rooted, authority: String(authority))
        }
        throw .bad("The request target must begin with / or http://")
    }
}
