/// The items of a query, in order, names as often as they come.
///
/// Reading is total: what cannot be decoded stays as it was sent (``PercentEncoding``).
package struct QueryItems: Sendable, Hashable {
    /// One `name=value`.
    package struct Item: Sendable, Hashable {
        package let name: String
        /// Empty also where no `=` stood.
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var items: [Item]

    package init(_ items: [Item] = []) { self.items = items }

    /// Reads a query, without its `?`.
    package init(parsing query: some StringProtocol) {
        items = query.split(separator: "&").map { part in
            let name = part.prefix { $0 != "=" }
            let value = part[name.endIndex...].dropFirst()
            return Item(PercentEncoding.decodeForm(name), PercentEncoding.decodeForm(value))
        }
    }

    /// The first value of a name.
    package subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

    package func values(_ name: String) -> [String] {
        items.compactMap { $0.name == name ? $0.value : nil }
    }

    package mutating func add(_ name: String, _ value: String) { items.append(Item(name, value)) }

    /// The query as it goes into a URL, without a `?`.
    package var encoded: String {
        items.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
            .joined(separator: "&")
    }
}

extension QueryItems: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        items = elements.map { Item($0.0, $0.1) }
    }
}
