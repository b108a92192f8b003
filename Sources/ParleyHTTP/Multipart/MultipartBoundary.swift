/// The line that stands between the parts of a multipart body.
///
/// - Source: RFC 2046, section 5.1.1.
package struct MultipartBoundary: Sendable, Hashable {
    /// 1 to 70 characters, as the RFC allows.
    package let text: String

    /// Makes a boundary for a body of our own.
    ///
    /// - Parameter random: Must be fresh and unpredictable, or content could hold the boundary.
    package init(random: (UInt64, UInt64)) {
        text = "parley-" + String(random.0, radix: 36) + "-" + String(random.1, radix: 36)
    }

    /// Finds the boundary in a `Content-Type`; nil if it is no form's, or has no valid one.
    package init?(contentType: String) {
        let type = ParameterizedValue(contentType)
        guard type.value == "multipart/form-data", let text = type["boundary"],
            (1...70).contains(text.utf8.count), text.utf8.allSatisfy(Self.isCharacter),
            text.utf8.last != .space
        else { return nil }
        self.text = text
    }

    /// The `Content-Type` of a form with this boundary.
    package var contentType: String { "multipart/form-data; boundary=\(text)" }

    private static func isCharacter(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || "'()+_,-./:=? ".utf8.contains(byte)
    }
}
