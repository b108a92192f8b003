/// A path, split at its slashes, decoded and without dot segments.
///
/// Segments are decoded after splitting, so that `%2F` stays inside its segment. Empty segments
/// stay: a router decides what doubled slashes mean. No segment is `.` or `..`.
package struct URLPath: Sendable, Hashable, CustomStringConvertible {
    /// The decoded segments; `/` has none, `/a/` has `a` and an empty one.
    package let segments: [String]

    /// Reads a path as it stands in a request's target.
    ///
    /// - Returns: The path; nil if it does not begin with a slash or cannot be decoded
    ///   (``PercentEncoding/decode(_:)``).
    /// - Source: RFC 3986, section 5.2.4; `%2e` counts as a dot, as in the WHATWG URL Standard.
    package init?(_ rawPath: some StringProtocol) {
        guard rawPath.utf8.first == UInt8(ascii: "/") else { return nil }
        var segments: [String] = []
        var endsInDots = false
        let parts = rawPath.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for part in parts {
            guard let segment = PercentEncoding.decode(part) else { return nil }
            endsInDots = segment == "." || segment == ".."
            if segment == ".." { _ = segments.popLast() }
            if !endsInDots { segments.append(segment) }
        }
        // "/a/b/.." is the folder "/a/".
        if endsInDots { segments.append("") }
        self.segments = segments == [""] ? [] : segments
    }

    /// The path with its slashes, decoded: for people, not for parsing.
    package var description: String { "/" + segments.joined(separator: "/") }

    /// The segments as a file's path below some root; nil if one of them could lead out of it.
    ///
    /// Empty segments, slashes and backslashes within a segment, and hidden files are refused.
    package var relativeFilePath: String? {
        let isSafe = segments.allSatisfy { segment in
            !segment.isEmpty && segment.utf8.first != UInt8(ascii: ".")
                && !segment.utf8.contains { $0 == UInt8(ascii: "/") || $0 == .backslash }
        }
        return isSafe && !segments.isEmpty ? segments.joined(separator: "/") : nil
    }
}
