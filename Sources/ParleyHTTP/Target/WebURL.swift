/// An absolute URL of the schemes Parley speaks.
///
/// - Source: RFC 3986; RFC 9110, section 4.2; RFC 6455, section 3.
package struct WebURL: Sendable, Hashable, CustomStringConvertible {
    /// The schemes, each with its own default port.
    package enum Scheme: String, Sendable, Hashable, CaseIterable {
        case http
        case https
        case ws
        case wss

        package var isSecure: Bool { self == .https || self == .wss }
        package var isWebSocket: Bool { self == .ws || self == .wss }
        package var defaultPort: UInt16 { isSecure ? 443 : 80 }
    }

    /// Why a text is no URL, in words that say what was expected.
    package struct ParseFailure: Error, Sendable, Hashable {
        package let message: String
    }

    package var scheme: Scheme
    package let authority: Authority
    /// The path as in the text, percent-encoded, beginning with a slash.
    package var rawPath: String
    /// The query as in the text, without its `?`.
    package var rawQuery: String?

    /// Reads a URL; a fragment is dropped, as it is never sent.
    ///
    /// - Throws: ``ParseFailure`` for another scheme, user information (RFC 9110, section 4.2.4), a
    ///   host or port that is none, and characters that must be percent-encoded.
    package init(_ text: some StringProtocol) throws(ParseFailure) {
        guard let mark = text.range(ofSchemeEnd: ()) else {
            throw ParseFailure(
                message: "The URL has no scheme, expected one such as https://host/path"
            )
        }
        guard let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else {
            throw ParseFailure(message: "The URL's scheme must be http, https, ws or wss")
        }
        let rest = text[mark.upperBound...].prefix { $0 != "#" }
        let name = rest.prefix { $0 != "/" && $0 != "?" }
        guard !name.utf8.contains(UInt8(ascii: "@")) else {
            throw ParseFailure(message: "The URL holds user information; give keys in a header")
        }
        guard let authority = Authority(name) else {
            throw ParseFailure(message: "The URL has no valid host and port")
        }
        let tail = rest[name.endIndex...]
        guard tail.utf8.allSatisfy(\.isVisible) else {
            throw ParseFailure(message: "The URL has a character that must be percent-encoded")
        }
        let target = HTTPTarget(tail.utf8.first == UInt8(ascii: "/") ? String(tail) : "/" + tail)
        self.scheme = scheme
        self.authority = authority
        rawPath = target.rawPath
        rawQuery = target.rawQuery
    }

    /// The host in lower case; an IPv6 address without its brackets.
    package var host: String { authority.host }

    package var port: UInt16 { authority.port ?? scheme.defaultPort }

    /// What goes into the `Host` header: the port only where it is not the scheme's own.
    package var hostHeader: String {
        authority.port == scheme.defaultPort
            ? Authority(authority.host, port: nil).description
            : authority.description
    }

    /// What goes into the request line.
    package var requestTarget: String { rawQuery.map { "\(rawPath)?\($0)" } ?? rawPath }

    package var query: QueryItems { QueryItems(parsing: rawQuery ?? "") }

    package var description: String { "\(scheme.rawValue)://\(hostHeader)\(requestTarget)" }

    /// The URL with another path behind its own: one slash between them, whatever both bring.
    ///
    /// - Parameter path: Percent-encoded, such as `chat/completions`.
    /// - Returns: The longer URL, with the same query.
    package func appending(path: String) -> WebURL {
        var url = self
        while url.rawPath.utf8.last == UInt8(ascii: "/") { url.rawPath.removeLast() }
        url.rawPath += "/" + path.drop { $0 == "/" }
        return url
    }

    /// The URL with further query items behind its own.
    package func appending(_ items: QueryItems) -> WebURL {
        guard !items.items.isEmpty else { return self }
        var url = self
        url.rawQuery = (rawQuery.map { $0 + "&" } ?? "") + items.encoded
        return url
    }

    /// The same place by another scheme of the same security: http for ws, https for wss, or back.
    package var forWebSocket: WebURL { replacing(scheme.isSecure ? .wss : .ws) }

    package var forHTTP: WebURL { replacing(scheme.isSecure ? .https : .http) }

    private func replacing(_ scheme: Scheme) -> WebURL {
        var url = self
        url.scheme = scheme
        return url
    }
}

extension StringProtocol {
    /// Where `://` first stands.
    fileprivate func range(ofSchemeEnd: Void) -> Range<Index>? {
        guard let colon = firstIndex(of: ":"), self[colon...].hasPrefix("://") else { return nil }
        return colon..<index(colon, offsetBy: 3)
    }
}
