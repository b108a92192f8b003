/// The key that a client's frames are masked with.
///
/// - Source: RFC 6455, section 5.3.
package struct WebSocketMask: Sendable, Hashable {
    /// The four bytes of the key, the first one lowest.
    private(set) var key: UInt32

    /// Takes a key, which must be fresh and unpredictable for each frame.
    package init(_ key: UInt32) { self.key = key }

    /// Masks or unmasks in place, and turns the key to where the next piece of the frame begins.
    mutating func apply(_ bytes: UnsafeMutableRawBufferPointer) {
        guard let base = bytes.baseAddress, key != 0 else { return }
        let wide = (UInt64(key) | UInt64(key) << 32).littleEndian
        var index = 0
        while index &+ 8 <= bytes.count {
            let at = base + index
            let word = at.loadUnaligned(as: UInt64.self) ^ wide
            at.storeBytes(of: word, as: UInt64.self)
            index &+= 8
        }
        var rest = key
        while index < bytes.count {
            bytes[index] ^= UInt8(truncatingIfNeeded: rest)
            rest = rest >> 8 | rest << 24
            index &+= 1
        }
        key = rest
    }

    var octets: [UInt8] { [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: key >> UInt32($0)) } }
}
