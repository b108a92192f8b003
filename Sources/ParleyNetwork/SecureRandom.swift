internal import CLinux

/// Random numbers from the kernel, for ids, keys and masks: nobody can guess the next.
///
/// It takes 256 bytes at a time, so a value costs nanoseconds; a used byte is never used again.
package struct SecureRandom: RandomNumberGenerator, Sendable {
    private var pool: [UInt8] = []
    private static let poolSize = 256

    package init() {}

    package mutating func next() -> UInt64 {
        var value: UInt64 = 0
        for byte in bytes(8) { value = value << 8 | UInt64(byte) }
        return value
    }

    /// As many random bytes.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        if count > Self.poolSize { return Self.fromKernel(count) }
        if pool.count < count { pool = Self.fromKernel(Self.poolSize) }
        let taken = Array(pool.suffix(count))
        pool.removeLast(count)
        return taken
    }

    /// Letters and digits for an id: 22 of them carry 130 bits.
    package mutating func identifier(length: Int = 22) -> String {
        Self.identifier(length, from: &self)
    }

    /// Letters and digits from any source.
    package static func identifier(
        _ length: Int,
        from random: inout some RandomNumberGenerator
    ) -> String {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        let letters = (0..<max(0, length)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        }
        return String(decoding: letters, as: UTF8.self)
    }

    private static func fromKernel(_ count: Int) -> [UInt8] {
        var fresh = [UInt8](repeating: 0, count: count)
        let result = fresh.withUnsafeMutableBytes { clinux_random($0.baseAddress, $0.count) }
        // Without randomness no id or key is safe; the kernel never refuses once it has booted.
        precondition(result == 0, "the kernel gives no random bytes")
        return fresh
    }
}
