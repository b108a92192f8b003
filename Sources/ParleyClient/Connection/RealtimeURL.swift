package import ParleyHTTP

/// Where a Realtime server is, however its address was written.
///
/// `http` means `ws`, no scheme means `ws`, and `/v1` and `/realtime` are added where they lack,
/// so that the base URL of any SDK, the address of a browser and the full URL of the socket all
/// lead to the same place.
package struct RealtimeURL: Sendable, Hashable, CustomStringConvertible {
    /// The socket's URL; its scheme is `ws` or `wss`.
    package let socket: WebURL

    /// What an address is without one, and what `parley serve` listens on.
    package static let standard = "ws://127.0.0.1:8080/v1/realtime"

    /// Reads an address.
    ///
    /// - Parameters:
    ///   - text: A URL, or `host:port`.
    ///   - model: The model to ask for; nil leaves what the address says.
    /// - Throws: ``ConnectionError`` with code ``ConnectionError/Code/badURL``.
    package init(_ text: String, model: String? = nil) throws(ConnectionError) {
        var url: WebURL
        do throws(WebURL.ParseFailure) {
            url = try WebURL(text.contains("://") ? text : "ws://" + text).forWebSocket
        } catch {
            throw ConnectionError(.badURL, "\"\(text)\" is no address: \(error.message)")
        }
        url.rawPath = Self.completed(url.rawPath)
        if let model {
            let others = url.query.items.filter { $0.name != "model" }
            url.rawQuery = QueryItems([.init("model", model)] + others).encoded
        }
        socket = url
    }

    /// The model that is asked for.
    package var model: String? { socket.query["model"] }

    /// Whether the server is on this machine for certain.
    package var isLoopback: Bool {
        let host = socket.host
        if host == "localhost" || host == "::1" || host.hasSuffix(".localhost") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The whole URL.
    ///
    /// A key that came in the query is in it.
    package var description: String { socket.description }

    /// The URL for people: without its query, where a key may be.
    package var place: String {
        var url = socket
        url.rawQuery = nil
        return url.description
    }

    /// The path of the socket below a base path.
    private static func completed(_ path: String) -> String {
        var trimmed = path[...]
        while trimmed.last == "/" { trimmed.removeLast() }
        if trimmed.isEmpty { return "/v1/realtime" }
        return trimmed.hasSuffix("/realtime") ? String(trimmed) : "\(trimmed)/realtime"
    }
}
