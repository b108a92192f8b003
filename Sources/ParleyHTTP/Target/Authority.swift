/// A host with an optional port, as in a URL or a `Host` header.
///
/// - Source: RFC 3986, section 3.2; user information is refused, as RFC 9110, section 4.2.4,
///   advises.
package struct Authority: Sendable, Hashable, CustomStringConvertible {
    /// The host in lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: UInt16?

    /// Bytes of the text.
    ///
    /// Specified: a DNS name has at most 253 (RFC 1035, section 2.3.4), and a port has five digits.
    private static let limit = 259

    init(_ host: String, port: UInt16?) {
        self.host = host
        self.port = port
    }

    /// Reads `host`, `host:port`, `[v6]` or `[v6]:port`; nil when it is none of them.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.limit else { return nil }
        let isBracketed = text.utf8.first == UInt8(ascii: "[")
        let rest: Substring
        if isBracketed {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let address = text[text.index(after: text.startIndex)..<end]
            guard IPv6.isAddress(address) else { return nil }
            host = address.lowercased()
            rest = Substring(text[text.index(after: end)...])
        } else {
            let name = text.prefix { $0 != ":" }
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameCharacter) else { return nil }
            host = name.lowercased()
            rest = Substring(text.dropFirst(name.count))
        }
        guard rest.isEmpty || rest.utf8.first == .colon else { return nil }
        let digits = rest.dropFirst()
        guard !digits.isEmpty else {
            port = nil
            return
        }
        guard digits.utf8.allSatisfy(\.isDigit), let port = UInt16(digits), port > 0 else {
            return nil
        }
        self.port = port
    }

    package var isIPv6: Bool { host.utf8.contains(.colon) }

    package var description: String {
        let name = isIPv6 ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    /// Letters, digits and what else stands in names in use; percent-encoding is for no DNS name.
    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == .hyphen
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }
}

/// The text form of an IPv6 address.
enum IPv6 {
    /// Whether the text is an address, without brackets and without a zone.
    ///
    /// - Source: RFC 4291, section 2.2.
    static func isAddress(_ text: some StringProtocol) -> Bool {
        guard let gap = text.indices.first(where: { text[$0...].hasPrefix("::") }) else {
            return groups(text, mayEndInIPv4: true) == 8
        }
        let head = text[..<gap]
        let tail = text[gap...].dropFirst(2)
        guard let before = head.isEmpty ? 0 : groups(head, mayEndInIPv4: false),
            let after = tail.isEmpty ? 0 : groups(tail, mayEndInIPv4: true)
        else { return false }
        return before + after <= 7
    }

    /// The number of 16-bit groups, nil when one is none.
    private static func groups(_ text: some StringProtocol, mayEndInIPv4: Bool) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var count = 0
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard isIPv4(part) else { return nil }
                count += 2
                continue
            }
            guard (1...4).contains(part.utf8.count),
                part.utf8.allSatisfy({ $0.hexadecimalValue != nil })
            else { return nil }
            count += 1
        }
        return count
    }

    private static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                part.utf8.allSatisfy(\.isDigit) && part.utf8.count <= 3 && UInt8(part) != nil
            }
    }
}
