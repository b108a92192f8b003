/// A path with parameters, such as `/v1/realtime/calls/{call_id}/accept`.
///
/// A segment in braces stands for any one segment that is not empty; `{name...}` as the last one
/// for all that follow, none included.
package struct RoutePattern: Sendable, Hashable, CustomStringConvertible {
    /// One segment of a pattern.
    enum Segment: Sendable, Hashable {
        case literal(String)
        case parameter(String)
        case rest(String)
    }

    let segments: [Segment]
    package let description: String

    /// Reads a pattern; nil if it has no leading slash, a name twice or empty, or segments behind
    /// `...`.
    package init?(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let segments = parts == [""] ? [] : parts.map(Self.segment)
        let names = segments.compactMap(\.name)
        guard Set(names).count == names.count, !names.contains("") else { return nil }
        guard segments.dropLast().allSatisfy({ !$0.isRest }) else { return nil }
        self.segments = segments
        description = text
    }

    private static func segment(_ part: Substring) -> Segment {
        guard part.hasPrefix("{"), part.hasSuffix("}") else { return .literal(String(part)) }
        let name = part.dropFirst().dropLast()
        return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .parameter(String(name))
    }
}

extension RoutePattern: ExpressibleByStringLiteral {
    /// Takes a literal; one that is no pattern matches only its own text.
    package init(stringLiteral value: String) {
        self = RoutePattern(value) ?? RoutePattern(verbatim: value)
    }

    private init(verbatim text: String) {
        segments = [.literal(text)]
        description = text
    }
}

extension RoutePattern.Segment {
    var name: String? {
        switch self {
        case .literal: nil
        case .parameter(let name), .rest(let name): name
        }
    }

    var isRest: Bool {
        if case .rest = self { return true }
        return false
    }
}
