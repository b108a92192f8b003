/// The subprotocols a client offers, in its order of preference.
///
/// Browsers can set no header, so keys travel here too (`openai-insecure-api-key.<key>`). Hence an
/// offer is never printed, logged or echoed but for the one name that was selected.
package struct WebSocketSubprotocols: Sendable, Hashable, CustomStringConvertible {
    private let names: [String]

    package init(offeredBy request: HTTPRequest) {
        names = request.headers.list(.webSocketProtocol)
    }

    package var isEmpty: Bool { names.isEmpty }

    package func contains(_ name: String) -> Bool { names.contains(name) }

    /// The rest of the first name that begins so, such as the key behind
    /// `openai-insecure-api-key.`.
    package func value(after prefix: String) -> String? {
        names.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    /// The server's choice: the first of its own that is offered.
    ///
    /// Nil when none is. A browser that offered some then gives up; that is its right.
    package func select(from supported: [String]) -> String? {
        supported.first(where: names.contains)
    }

    package var description: String { "\(names.count) subprotocols" }
}
