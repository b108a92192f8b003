/// The header fields of a message: in order, names without case, a name as often as it comes.
///
/// No value in here can break out of its line: controls become spaces on the way in.
package struct HTTPHeaders: Sendable, Hashable {
    /// One field line.
    package struct Field: Sendable, Hashable {
        package let name: HTTPFieldName
        package let value: String

        /// Takes a field; CR, LF and other controls in the value become spaces (RFC 9110, 5.5).
        package init(_ name: HTTPFieldName, _ value: String) {
            self.name = name
            self.value = value.utf8.allSatisfy(\.isFieldValueCharacter) ? value : Self.mended(value)
        }

        /// Takes a field whose value was checked before.
        init(_ name: HTTPFieldName, checked value: String) {
            self.name = name
            self.value = value
        }

        private static func mended(_ value: String) -> String {
            let bytes = value.utf8.map { $0.isFieldValueCharacter ? $0 : .space }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    package private(set) var fields: [Field]

    package init() { fields = [] }

    package init(_ fields: some Sequence<Field>) { self.fields = Array(fields) }

    /// The first value of a name; setting replaces all of them, nil removes them.
    package subscript(_ name: HTTPFieldName) -> String? {
        get { fields.first { $0.name == name }?.value }
        set {
            guard let newValue else { return remove(name) }
            guard let index = fields.firstIndex(where: { $0.name == name }) else {
                return add(name, newValue)
            }
            let rest = fields[(index + 1)...].filter { $0.name != name }
            fields.replaceSubrange(index..., with: [Field(name, newValue)] + rest)
        }
    }

    /// All values of a name, in order.
    package func values(_ name: HTTPFieldName) -> [String] {
        fields.compactMap { $0.name == name ? $0.value : nil }
    }

    /// Adds a line, keeping others of the same name.
    package mutating func add(_ name: HTTPFieldName, _ value: String) {
        fields.append(Field(name, value))
    }

    mutating func add(_ field: Field) { fields.append(field) }

    package mutating func add(_ other: HTTPHeaders) { fields += other.fields }

    package mutating func remove(_ name: HTTPFieldName) { fields.removeAll { $0.name == name } }

    /// The members of a comma-separated list, over all lines of that name, without empty ones.
    ///
    /// - Source: RFC 9110, section 5.6.1. Commas within quoted strings do not separate.
    package func list(_ name: HTTPFieldName) -> [String] {
        fields.flatMap { $0.name == name ? Self.members($0.value) : [] }
    }

    /// Whether the list holds this token, compared without case.
    package func contains(_ name: HTTPFieldName, token: String) -> Bool {
        list(name).contains { $0.equalsIgnoringCase(token) }
    }

    static func members(_ value: String, separator: UInt8 = UInt8(ascii: ",")) -> [String] {
        var members: [String] = []
        var member: [UInt8] = []
        var isQuoted = false
        var isEscaped = false
        for byte in value.utf8 {
            if byte == separator, !isQuoted {
                members.append(String(decoding: member, as: UTF8.self))
                member.removeAll()
                continue
            }
            member.append(byte)
            if byte == .quote, !isEscaped { isQuoted.toggle() }
            isEscaped = isQuoted && byte == .backslash && !isEscaped
        }
        members.append(String(decoding: member, as: UTF8.self))
        return members.map { String($0.trimmingBlanks) }.filter { !$0.isEmpty }
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (HTTPFieldName, String)...) {
        fields = elements.map { Field($0.0, $0.1) }
    }
}
