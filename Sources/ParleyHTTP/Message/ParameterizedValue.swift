/// A field's value with parameters, such as `form-data; name="sdp"`.
///
/// - Source: RFC 9110, section 5.6.6; RFC 7578, section 4.2, for how browsers quote.
package struct ParameterizedValue: Sendable, Hashable {
    /// What stands before the first semicolon, in lower case.
    package let value: String
    private let parameters: [(name: String, value: String)]

    /// Reads a value; malformed parameters are left out.
    package init(_ text: String) {
        let parts = HTTPHeaders.members(text, separator: .semicolon)
        value = parts.first?.lowercased() ?? ""
        parameters = parts.dropFirst().compactMap { part in
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let name = part[..<equals].trimmingBlanks.lowercased()
            let value = part[part.index(after: equals)...].trimmingBlanks
            return (name, Self.unquoted(value))
        }
    }

    /// The first parameter of a name given in lower case.
    package subscript(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    package static func == (left: Self, right: Self) -> Bool {
        left.value == right.value
            && left.parameters.elementsEqual(right.parameters) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(value)
        for parameter in parameters {
            hasher.combine(parameter.name)
            hasher.combine(parameter.value)
        }
    }

    /// The text within quotes.
    ///
    /// Only `\"` and `\\` are escapes: browsers send file names with backslashes.
    private static func unquoted(_ text: Substring) -> String {
        guard text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else {
            return String(text)
        }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8.dropFirst().dropLast() {
            let escapes = byte == .quote || byte == .backslash
            if isEscaped, !escapes { bytes.append(.backslash) }
            isEscaped = !isEscaped && byte == .backslash
            if !isEscaped { bytes.append(byte) }
        }
        if isEscaped { bytes.append(.backslash) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
