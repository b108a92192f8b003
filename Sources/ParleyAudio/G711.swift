/// The two companding laws of the telephone network.
///
/// - Source: ITU-T G.711 (11/88).
public enum G711 {
    /// Decodes µ-law to linear PCM.
    ///
    /// - Shape: One sample out for each byte in, one channel.
    /// - Units: 8,000 Hz in and out; samples span ±32,124.
    /// - Parameter payload: An RTP payload, without its header.
    /// - Returns: The linear samples.
    /// - Source: ITU-T G.711 (11/88), tables 2a and 2b; RTP use in RFC 3551, section 4.5.14.
    public static func decodeMuLaw(_ payload: some Sequence<UInt8>) -> [Int16] {
        expand(payload, with: muLawLevels)
    }

    /// Decodes A-law to linear PCM.
    ///
    /// - Shape: One sample out for each byte in, one channel.
    /// - Units: 8,000 Hz in and out; samples span ±32,256.
    /// - Parameter payload: An RTP payload, without its header.
    /// - Returns: The linear samples.
    /// - Source: ITU-T G.711 (11/88), tables 1a and 1b; RTP use in RFC 3551, section 4.5.14.
    public static func decodeALaw(_ payload: some Sequence<UInt8>) -> [Int16] {
        expand(payload, with: aLawLevels)
    }

    /// Encodes linear PCM as µ-law: each sample becomes the level of its decision interval.
    ///
    /// - Shape: One byte out for each sample in, one channel.
    /// - Units: 8,000 Hz in and out.
    /// - Parameter samples: Linear samples; beyond ±32,124 they are clipped.
    /// - Returns: An RTP payload.
    /// - Source: ITU-T G.711 (11/88), tables 2a and 2b.
    public static func encodeMuLaw(_ samples: some Sequence<Int16>) -> [UInt8] {
        withContiguous(samples) { buffer in buffer.map(muLaw) }
    }

    /// Encodes linear PCM as A-law: each sample becomes the level of its decision interval.
    ///
    /// - Shape: One byte out for each sample in, one channel.
    /// - Units: 8,000 Hz in and out.
    /// - Parameter samples: Linear samples; beyond ±32,256 they are clipped.
    /// - Returns: An RTP payload.
    /// - Source: ITU-T G.711 (11/88), tables 1a and 1b.
    public static func encodeALaw(_ samples: some Sequence<Int16>) -> [UInt8] {
        withContiguous(samples) { buffer in buffer.map(aLaw) }
    }

    private static func expand(
        _ payload: some Sequence<UInt8>,
        with levels: [Int16]
    ) -> [Int16] {
        withContiguous(payload) { bytes in
            levels.withUnsafeBufferPointer { levels in bytes.map { levels[Int($0)] } }
        }
    }
}

// MARK: - One sample

extension G711 {
    /// Puts segment borders of µ-law on powers of two: 33 of the 14-bit scale, at 16 bits.
    private static let muLawBias = 33 << 2
    /// The largest magnitude whose biased value still lies in the last segment.
    private static let muLawClip = 0x7FFF - muLawBias

    private static let muLawLevels: [Int16] = (UInt8.min...UInt8.max).map(muLawLevel)
    private static let aLawLevels: [Int16] = (UInt8.min...UInt8.max).map(aLawLevel)

    /// On the wire µ-law is inverted, so that silence has many ones (G.711, section 3.2).
    private static func muLawLevel(_ byte: UInt8) -> Int16 {
        let code = Int(~byte)
        let segment = (code >> 4) & 0x07
        let step = code & 0x0F
        let magnitude = (((step << 3) + muLawBias) << segment) - muLawBias
        return Int16(code & 0x80 == 0 ? magnitude : -magnitude)
    }

    private static func muLaw(_ sample: Int16) -> UInt8 {
        let biased = min(Int(sample.magnitude), muLawClip) + muLawBias
        // Bit 7 is the lowest that can lead, because of the bias.
        let segment = (Int.bitWidth - 1 - biased.leadingZeroBitCount) - 7
        let step = (biased >> (segment + 3)) & 0x0F
        let sign = sample < 0 ? 0x80 : 0
        return ~UInt8(sign | (segment << 4) | step)
    }

    /// On the wire A-law has its even bits inverted (G.711, section 3.1.2).
    private static let aLawInversion: UInt8 = 0x55

    private static func aLawLevel(_ byte: UInt8) -> Int16 {
        let code = Int(byte ^ aLawInversion)
        let segment = (code >> 4) & 0x07
        let centre = ((code & 0x0F) << 4) + 8
        let magnitude = segment == 0 ? centre : (centre + 0x100) << (segment - 1)
        return Int16(code & 0x80 == 0 ? -magnitude : magnitude)
    }

    private static func aLaw(_ sample: Int16) -> UInt8 {
        // A-law has no zero: -1 is to the negative half what 0 is to the positive one.
        let magnitude = Int(sample < 0 ? ~sample : sample)
        // Segments 0 and 1 share a step; from there on each is twice as coarse.
        let segment = max(Int.bitWidth - 1 - magnitude.leadingZeroBitCount, 7) - 7
        let step = (magnitude >> (max(segment, 1) + 3)) & 0x0F
        let sign = sample < 0 ? 0 : 0x80
        return UInt8(sign | (segment << 4) | step) ^ aLawInversion
    }
}
