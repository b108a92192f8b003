internal import ParleyAudio

/// Turns synthesised samples into audio deltas of 20 to 200 ms in the output format.
///
/// The protocol fixes no size; the first delta goes out as early as possible.
struct SpeechPacker: Sendable {
    private var encoder: AudioEncoder
    private var pending: [Int16] = []

    /// Samples that were packed and have not gone out.
    var pendingCount: Int { pending.count }

    /// The first delta went out; what follows has time to gather.
    private var hasBegun = false

    /// 20 ms: the first delta, which somebody waits for, and the least of any.
    private static let firstCount = 480
    /// 100 ms: synthesisers work ahead, and fewer events cost everybody less.
    private static let usualCount = 2_400
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
        return takeDeltas(ofAtLeast: hasBegun ? Self.usualCount : Self.firstCount)
    }

    /// Ends a clause: the next one may be long in coming, so its audio waits for none of it.
    mutating func endClause() -> [[UInt8]] {
        takeDeltas(ofAtLeast: Self.firstCount)
    }

    private mutating func takeDeltas(ofAtLeast least: Int) -> [[UInt8]] {
        var deltas: [[UInt8]] = []
        var start = 0
        while pending.count - start >= least {
            // No remainder that is too short to go out by itself.
            let rest = pending.count - start
            let count = rest <= Self.maximumCount ? rest : Self.maximumCount
            let bytes = encoder.encode(pending[start..<(start + count)])
            if !bytes.isEmpty { deltas.append(bytes) }
            start += count
        }
        pending.removeFirst(start)
        hasBegun = hasBegun || !deltas.isEmpty
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
