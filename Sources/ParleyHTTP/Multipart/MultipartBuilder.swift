/// Builds a `multipart/form-data` body.
///
/// - Source: RFC 7578; names are escaped as in WHATWG HTML, section 4.10.21.8.
package struct MultipartBuilder: Sendable {
    private let boundary: MultipartBoundary
    private var body: [UInt8] = []

    package init(_ boundary: MultipartBoundary) { self.boundary = boundary }

    /// What to send as `Content-Type`.
    package var contentType: String { boundary.contentType }

    /// Adds a field.
    package mutating func add(_ name: String, _ value: String) {
        begin(name)
        body.append("\r\n\r\n\(value)\r\n")
    }

    /// Adds a file.
    package mutating func add(
        _ name: String,
        fileName: String,
        mediaType: String,
        _ content: some Collection<UInt8>
    ) {
        begin(name)
        let type = HTTPHeaders.Field(.contentType, mediaType)
        body.append("; filename=\"\(Self.escaped(fileName))\"\r\n")
        HTTPResponseSerializer.write(type, into: &body)
        body.append("\r\n")
        body.append(contentsOf: content)
        body.append("\r\n")
    }

    /// Ends the body.
    ///
    /// - Returns: All its bytes.
    package consuming func finish() -> [UInt8] {
        body.append("--\(boundary.text)--\r\n")
        return body
    }

    private mutating func begin(_ name: String) {
        body.append("--\(boundary.text)\r\n")
        body.append("Content-Disposition: form-data; name=\"\(Self.escaped(name))\"")
    }

    private static func escaped(_ name: String) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case .quote: bytes.append("%22")
            case .carriageReturn: bytes.append("%0D")
            case .lineFeed: bytes.append("%0A")
            default: bytes.append(byte.isFieldValueCharacter ? byte : .space)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
