/// Decides how to answer a request for content known as a whole: all, a part, or nothing new.
///
/// - Source: RFC 9110, sections 13 and 14.
package struct StaticContent: Sendable, Hashable {
    /// What to send.
    package struct Answer: Sendable, Hashable {
        package let response: HTTPResponse
        /// Which bytes of the content go into the body.
        package let range: Range<Int>
    }

    /// A strong validator, such as a digest, without quotes.
    package let tag: String
    /// Bytes of the whole.
    package let byteCount: Int
    package let mediaType: String

    /// - Parameters:
    ///   - tag: Changes whenever the content does; characters that no entity tag may hold are
    ///     dropped.
    ///   - byteCount: Bytes of the whole.
    ///   - mediaType: Its type, as in ``MediaType/forFile(named:)``.
    package init(tag: String, byteCount: Int, mediaType: String) {
        let bytes = tag.utf8.filter { $0.isVisible && $0 != .quote }
        self.tag = String(decoding: bytes, as: UTF8.self)
        self.byteCount = max(0, byteCount)
        self.mediaType = mediaType
    }

    /// Judges a GET or HEAD request.
    ///
    /// `If-None-Match` comes before `Range`; several ranges, or ones that make no sense, get the
    /// whole, as RFC 9110, section 14.2, allows.
    package func answer(_ request: HTTPRequest) -> Answer {
        var headers: HTTPHeaders = [.eTag: "\"\(tag)\"", .acceptRanges: "bytes"]
        if isKnown(to: request) {
            return Answer(response: HTTPResponse(.notModified, headers: headers), range: 0..<0)
        }
        switch range(request) {
        case .whole:
            headers.add(.contentType, mediaType)
            return Answer(response: HTTPResponse(.ok, headers: headers), range: 0..<byteCount)
        case .part(let range):
            headers.add(.contentType, mediaType)
            headers.add(
                .contentRange,
                "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(byteCount)"
            )
            return Answer(
                response: HTTPResponse(.partialContent, headers: headers),
                range: range
            )
        case .unsatisfiable:
            headers.add(.contentRange, "bytes */\(byteCount)")
            return Answer(
                response: HTTPResponse(.rangeNotSatisfiable, headers: headers),
                range: 0..<0
            )
        }
    }

    private enum Selection {
        case whole
        case part(Range<Int>)
        case unsatisfiable
    }

    /// - Source: RFC 9110, section 13.1.2: weak comparison.
    private func isKnown(to request: HTTPRequest) -> Bool {
        request.headers.list(.ifNoneMatch).contains { candidate in
            let opaque = candidate.hasPrefix("W/") ? candidate.dropFirst(2) : candidate[...]
            return candidate == "*" || opaque == "\"\(tag)\""
        }
    }

    private func range(_ request: HTTPRequest) -> Selection {
        let ranges = request.headers.values(.range)
        guard request.method == .get, ranges.count == 1 else { return .whole }
        // Strong comparison; a date can't match, as no Last-Modified is sent.
        if let condition = request.headers[.ifRange], condition != "\"\(tag)\"" { return .whole }
        guard let equals = ranges[0].firstIndex(of: "="),
            ranges[0][..<equals].trimmingBlanks.equalsIgnoringCase("bytes")
        else { return .whole }
        let set = ranges[0][ranges[0].index(after: equals)...].trimmingBlanks
        let ends = set.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) }) else {
            return .whole
        }
        return selection(first: ends[0], last: ends[1])
    }

    private func selection(first: Substring, last: Substring) -> Selection {
        // Numbers that overflow lie behind any end.
        let end = last.isEmpty ? Int.max : Int(last) ?? Int.max
        guard !first.isEmpty else {
            guard !last.isEmpty else { return .whole }
            guard end > 0, byteCount > 0 else { return .unsatisfiable }
            return .part(max(0, byteCount - min(end, byteCount))..<byteCount)
        }
        let start = Int(first) ?? Int.max
        guard start <= end else { return .whole }
        guard start < byteCount else { return .unsatisfiable }
        return .part(start..<min(end, byteCount - 1) + 1)
    }
}
