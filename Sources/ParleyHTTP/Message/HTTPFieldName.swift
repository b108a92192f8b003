/// The name of a header field: a token, compared without case, written as it was spelled.
///
/// - Source: RFC 9110, section 5.1.
package struct HTTPFieldName: Hashable, Sendable, CustomStringConvertible {
    package let spelling: String

    /// Takes a name; nil when it is no token and so cannot stand on the wire.
    package init?(_ spelling: some StringProtocol) {
        guard spelling.isToken else { return nil }
        self.spelling = String(spelling)
    }

    /// Takes a name whose bytes were checked before.
    init(known spelling: String) { self.spelling = spelling }

    package static func == (left: HTTPFieldName, right: HTTPFieldName) -> Bool {
        left.spelling.utf8.count == right.spelling.utf8.count
            && left.spelling.equalsIgnoringCase(right.spelling)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in spelling.utf8 { hasher.combine(byte.lowercasedASCII) }
    }

    package var description: String { spelling }
}

extension HTTPFieldName: ExpressibleByStringLiteral {
    /// Takes a literal; characters that no token may hold become hyphens.
    package init(stringLiteral value: StaticString) {
        let bytes = value.description.utf8.map { $0.isTokenCharacter ? $0 : .hyphen }
        self.init(known: bytes.isEmpty ? "-" : String(decoding: bytes, as: UTF8.self))
    }
}

extension HTTPFieldName {
    package static let accept: HTTPFieldName = "Accept"
    package static let acceptRanges: HTTPFieldName = "Accept-Ranges"
    package static let allow: HTTPFieldName = "Allow"
    package static let authorization: HTTPFieldName = "Authorization"
    package static let cacheControl: HTTPFieldName = "Cache-Control"
    package static let connection: HTTPFieldName = "Connection"
    package static let contentDisposition: HTTPFieldName = "Content-Disposition"
    package static let contentLength: HTTPFieldName = "Content-Length"
    package static let contentRange: HTTPFieldName = "Content-Range"
    package static let contentType: HTTPFieldName = "Content-Type"
    package static let date: HTTPFieldName = "Date"
    package static let eTag: HTTPFieldName = "ETag"
    package static let expect: HTTPFieldName = "Expect"
    package static let host: HTTPFieldName = "Host"
    package static let ifNoneMatch: HTTPFieldName = "If-None-Match"
    package static let ifRange: HTTPFieldName = "If-Range"
    package static let location: HTTPFieldName = "Location"
    package static let origin: HTTPFieldName = "Origin"
    package static let range: HTTPFieldName = "Range"
    package static let retryAfter: HTTPFieldName = "Retry-After"
    package static let trailer: HTTPFieldName = "Trailer"
    package static let transferEncoding: HTTPFieldName = "Transfer-Encoding"
    package static let upgrade: HTTPFieldName = "Upgrade"
    package static let userAgent: HTTPFieldName = "User-Agent"
    package static let vary: HTTPFieldName = "Vary"
    package static let wwwAuthenticate: HTTPFieldName = "WWW-Authenticate"
    package static let webSocketAccept: HTTPFieldName = "Sec-WebSocket-Accept"
    package static let webSocketExtensions: HTTPFieldName = "Sec-WebSocket-Extensions"
    package static let webSocketKey: HTTPFieldName = "Sec-WebSocket-Key"
    package static let webSocketProtocol: HTTPFieldName = "Sec-WebSocket-Protocol"
    package static let webSocketVersion: HTTPFieldName = "Sec-WebSocket-Version"
}
