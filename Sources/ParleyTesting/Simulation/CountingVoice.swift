internal import ParleyAudio

/// Audio whose samples count up, so that a lost or repeated sample shows.
struct CountingVoice: Sendable {
    /// Two rounds of all counters, so that every cut of up to one round is one run of bytes.
    private static let bytes: [UInt8] = PCM16.encode(
        (0..<131_072).map { Int16(truncatingIfNeeded: $0) }
    )

    private var byteCount = 0

    /// Bytes that belong to no stream.
    static func sample(_ count: Int) -> [UInt8] {
        Array(bytes[..<min(count, bytes.count)])
    }

    /// The next bytes; an odd number of them cuts a sample.
    mutating func bytes(_ count: Int) -> [UInt8] {
        let start = byteCount % 131_072
        byteCount += count
        return Array(Self.bytes[start..<(start + min(count, 131_072))])
    }

    /// What came last was never taken.
    mutating func takeBack(_ count: Int) {
        byteCount -= count
    }

    /// Half a sample was forgotten: goes on with a whole one.
    mutating func align() {
        byteCount += byteCount % 2
    }
}
