internal import COpenSSL

/// The SHA-256 digest of a secret text: all that needs to be kept to recognise it.
///
/// Two digests are compared in the same time whatever they hold, so that nobody can approach one by
/// measuring. For texts that nobody can guess; what people think up falls to whoever tries enough
/// words against the digest.
package struct SecretDigest: Sendable, Hashable {
    // Not a vector: those are aligned to 32 bytes, which the frames of async functions are not.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Digests of this kind are so many bytes.
    private static let byteCount = 32

    /// Digests a text.
    package init(of text: String) {
        var output = [UInt8](repeating: 0, count: Self.byteCount)
        let input = Array(text.utf8)
        _ = SHA256(input, input.count, &output)
        self.init(bytes: output)
    }

    /// Reads 64 hexadecimal digits.
    package init?(hexadecimal text: some StringProtocol) {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 2 * Self.byteCount, text.utf8.count == digits.count else {
            return nil
        }
        self.init(
            bytes: stride(from: 0, to: digits.count, by: 2).map { index in
                UInt8(digits[index] << 4 | digits[index + 1])
            }
        )
    }

    private init(bytes: [UInt8]) {
        func word(_ index: Int) -> UInt64 {
            bytes[8 * index..<8 * index + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        (first, second, third, fourth) = (word(0), word(1), word(2), word(3))
    }

    /// The digest as 64 small hexadecimal digits.
    package var hexadecimal: String {
        let alphabet = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for word in [first, second, third, fourth] {
            for shift in stride(from: 60, through: 0, by: -4) {
                text.append(alphabet[Int(word >> UInt64(shift) & 0xF)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether two digests are the same; takes no short cut at the first difference.
    package static func == (left: Self, right: Self) -> Bool {
        (left.first ^ right.first) | (left.second ^ right.second) | (left.third ^ right.third)
            | (left.fourth ^ right.fourth) == 0
    }
}
