/// An IP address as its bytes: four or sixteen.
package struct IPAddress: Sendable, Hashable {
    /// In network order.
    package let bytes: [UInt8]

    /// Takes the bytes of an address; nil where they are neither four nor sixteen.
    package init?(bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
        guard self.bytes.count == 4 || self.bytes.count == 16 else { return nil }
    }

    /// Reads an address as URLs have it, without brackets; nil for names.
    package init?(_ text: some StringProtocol) {
        if let bytes = Self.bytes(ofIPv4: Substring(text)) {
            self.bytes = bytes
        } else if IPv6.isAddress(text) {
            bytes = Self.bytes(ofIPv6: Substring(text))
        } else {
            return nil
        }
    }

    /// The internet can reach it: it is no address of this machine, of a local network, of a
    /// documentation or of a group.
    ///
    /// IPv4 addresses inside IPv6 ones (mapped, translated, 6to4) are judged as what they hold.
    ///
    /// - Source: IANA, "IPv4 and IPv6 Special-Purpose Address Registries"; RFC 6890.
    package var isPublic: Bool {
        bytes.count == 4 ? Self.isPublic(ipv4: bytes[...]) : isPublicIPv6
    }

    private var isPublicIPv6: Bool {
        let isZeroUpTo10 = bytes[..<10].allSatisfy { $0 == 0 }
        if isZeroUpTo10, bytes[10] == 0xFF, bytes[11] == 0xFF {
            return Self.isPublic(ipv4: bytes[12...])
        }
        if bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B]), bytes[4..<12].allSatisfy({ $0 == 0 }) {
            return Self.isPublic(ipv4: bytes[12...])
        }
        if bytes.starts(with: [0x20, 0x02]) { return Self.isPublic(ipv4: bytes[2..<6]) }
        // Only 2000::/3 is given out; of that 2001::/23 is for protocols, 2001:db8:: for papers.
        guard bytes[0] & 0xE0 == 0x20 else { return false }
        let isForProtocols = bytes.starts(with: [0x20, 0x01]) && bytes[2] & 0xFE == 0
        return !isForProtocols && !bytes.starts(with: [0x20, 0x01, 0x0D, 0xB8])
            && !bytes.starts(with: [0x3F, 0xFF])
    }

    private static func isPublic(ipv4 bytes: ArraySlice<UInt8>) -> Bool {
        let (a, b, c) = (
            bytes[bytes.startIndex], bytes[bytes.startIndex + 1], bytes[bytes.startIndex + 2]
        )
        return switch (a, b, c) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): false
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _): false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _): false
        case (198, 51, 100), (203, 0, 113): false
        default: true
        }
    }

    private static func bytes(ofIPv4 text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) }) else {
            return nil
        }
        let bytes = parts.compactMap { UInt8($0) }
        return bytes.count == 4 ? bytes : nil
    }

    /// The text was found to be an address.
    private static func bytes(ofIPv6 text: Substring) -> [UInt8] {
        let halves = text.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let head = halves.first.map(groups) ?? []
        let tail = halves.count > 1 ? groups(halves[1]) : []
        let gap = [UInt8](repeating: 0, count: max(0, 16 - head.count - tail.count))
        return Array((head + gap + tail).prefix(16))
    }

    private static func groups(_ text: Substring) -> [UInt8] {
        text.split(separator: ":").flatMap { part -> [UInt8] in
            if let ipv4 = bytes(ofIPv4: part) { return ipv4 }
            let group = UInt16(part, radix: 16) ?? 0
            return [UInt8(group >> 8), UInt8(group & 0xFF)]
        }
    }
}
