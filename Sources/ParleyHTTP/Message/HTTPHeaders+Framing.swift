extension HTTPHeaders {
    /// How much body these headers of a message announce; nil where they say nothing.
    ///
    /// Where RFC 9112 allows to repair what contradicts itself, this refuses: what two parsers read
    /// differently can smuggle a message past one of them.
    ///
    /// - Parameter limit: The most that a body may have.
    /// - Returns: The length; nil without any framing header.
    /// - Throws: ``HTTPFailure`` with 400 for contradictions, 413 for a longer body, 501 for other
    ///   codings than `chunked`.
    /// - Source: RFC 9112, sections 6.1 to 6.3.
    func announcedBody(limit: Int) throws(HTTPFailure) -> HTTPBodyLength? {
        let codings = values(.transferEncoding)
        let lengths = values(.contentLength)
        guard let coding = codings.first else {
            guard !lengths.isEmpty else { return nil }
            return try Self.announcedLength(lengths, limit: limit)
        }
        guard lengths.isEmpty else {
            throw .bad("Found Content-Length and Transfer-Encoding, expected one of them")
        }
        guard codings.count == 1 else {
            throw .bad("Found \(codings.count) Transfer-Encoding headers, expected one")
        }
        guard coding.equalsIgnoringCase("chunked") else {
            throw HTTPFailure(.notImplemented, "The only transfer coding known is chunked")
        }
        return .chunked
    }

    private static func announcedLength(
        _ lengths: [String],
        limit: Int
    ) throws(HTTPFailure) -> HTTPBodyLength {
        guard lengths.count == 1 else {
            throw .bad("Found \(lengths.count) Content-Length headers, expected one")
        }
        guard !lengths[0].isEmpty, lengths[0].utf8.allSatisfy(\.isDigit) else {
            throw .bad("Content-Length is no number")
        }
        guard let count = Int(lengths[0]), count <= limit else {
            throw HTTPFailure(.contentTooLarge, "The body exceeds \(limit) bytes")
        }
        return count == 0 ? .none : .fixed(count)
    }
}
