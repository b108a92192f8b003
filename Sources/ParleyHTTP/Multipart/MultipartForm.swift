/// A whole form, for bodies small enough to be held.
package struct MultipartForm: Sendable, Hashable {
    /// A part with its content.
    package struct Entry: Sendable, Hashable {
        package let part: MultipartPart
        package var content: [UInt8]

        /// The content as text; nil if it is not UTF-8.
        package var text: String? { String(validating: content, as: UTF8.self) }
    }

    package private(set) var entries: [Entry] = []

    /// Reads a form.
    ///
    /// - Parameters:
    ///   - body: The whole body.
    ///   - contentType: The request's `Content-Type`.
    ///   - limits: What the form may have.
    /// - Throws: ``HTTPFailure`` with 415 for another type, 400 for a malformed form, 413 beyond a
    ///   limit.
    package init(
        _ body: [UInt8],
        contentType: String,
        limits: MultipartParser.Limits = MultipartParser.Limits()
    ) throws(HTTPFailure) {
        guard let boundary = MultipartBoundary(contentType: contentType) else {
            throw HTTPFailure(
                .unsupportedMediaType,
                "Expected multipart/form-data with a valid boundary"
            )
        }
        var parser = MultipartParser(boundary, limits: limits)
        var offset = 0
        while let event = try parser.next(body.span, at: &offset) {
            switch event {
            case .part(let part): entries.append(Entry(part: part, content: []))
            case .content(let bytes): entries[entries.count - 1].content += bytes
            case .partEnd, .end: break
            }
        }
        try parser.finish()
    }

    /// The first part of a name.
    package subscript(_ name: String) -> Entry? { entries.first { $0.part.name == name } }
}
