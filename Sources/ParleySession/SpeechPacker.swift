internal import ParleyAudio

/// Turns synthesised samples into audio deltas of 20 to 200 ms in the output format.
///
/// - Source: Realtime protocol, open point 20: "the first one as early as possible".
struct SpeechPacker: Sendable {
    private var encoder: AudioEncoder
    private var pending: [Int16] = []

    /// 20 ms.
    private static let minimumCount = 480
    /// 200 ms.
    private static let maximumCount = 4_800

    init(_ format: AudioFormat) {
        encoder = AudioEncoder(format)
    }

    /// Takes more samples.
    ///
    /// - Returns: The deltas that can go out.
    mutating func pack(_ samples: [Int16]) -> [[UInt8]] {
        pending.append(contentsOf: samples)
        var deltas: [[UInt8]] = []
        var start = 0
        while pending.count - start >= Self.minimumCount {
            // No remainder that is too short to go out by itself.
            let rest = pending.count - start
            let count = rest <= Self.maximumCount ? rest : Self.maximumCount
            let bytes = encoder.encode(pending[start..<(start + count)])
            if !bytes.isEmpty { deltas.append(bytes) }
            start += count
        }
        pending.removeFirst(start)
        return deltas
    }

    /// Ends the speech.
    ///
    /// - Returns: What was held back; nil if nothing was.
    mutating func finish() -> [UInt8]? {
        let bytes = encoder.encode(pending) + encoder.finish()
        pending = []
        return bytes.isEmpty ? nil : bytes
    }
}
