package import ParleyHTTP

/// The key that a request shows, wherever its client could put it.
///
/// - Source: Realtime protocol, "Authentication": the places, in this order.
package struct Credentials: Sendable {
    /// The subprotocol that carries a key, for browsers, which can set no header.
    package static let subprotocolPrefix = "openai-insecure-api-key."

    /// Nil when the request shows none.
    package let key: String?

    /// Looks for a key in a request; a place that is there, but empty, hides no other.
    package init(_ request: HTTPRequest) {
        let offered = WebSocketSubprotocols(offeredBy: request)
        let places = [
            Self.bearer(request.headers[.authorization]),
            offered.value(after: Self.subprotocolPrefix),
            request.headers["api-key"],
            request.headers["X-API-Key"],
            request.headers["xi-api-key"],
            request.target.query["api_key"],
        ]
        key = places.lazy.compactMap(\.self).first { !$0.isEmpty }
    }

    private static func bearer(_ header: String?) -> String? {
        guard let header else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
