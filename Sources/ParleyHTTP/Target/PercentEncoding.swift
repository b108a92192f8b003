/// Percent-encoding.
///
/// - Source: RFC 3986, sections 2.1 to 2.4.
package enum PercentEncoding {
    /// Decodes strictly.
    ///
    /// - Returns: The text; nil for a `%` without two hexadecimal digits, for bytes that are not
    ///   UTF-8, and for NUL, which no name that we serve holds.
    package static func decode(_ text: some StringProtocol) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalValue,
                let low = rest.popFirst()?.hexadecimalValue, high | low != 0
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Decodes a part of a query as forms do: never fails.
    ///
    /// `+` is a space, a `%` without two digits stays as it is, and what is not UTF-8 becomes
    /// U+FFFD.
    ///
    /// - Source: WHATWG URL Standard, section 5.1.
    static func decodeForm(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(.space)
            } else if byte == UInt8(ascii: "%"), let value = octet(rest) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Encodes all but unreserved characters, for one path segment or one part of a query.
    package static func encode(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func octet(_ rest: some Collection<UInt8>) -> UInt8? {
        let two = rest.prefix(2).compactMap(\.hexadecimalValue)
        return two.count == 2 ? two[0] << 4 | two[1] : nil
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == .hyphen || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }
}
