/// What the header of a WAV file says of its samples.
public struct WAVHeader: Sendable, Equatable {
    /// How one sample is written.
    public enum Encoding: Sendable, Equatable {
        /// Whole numbers of 8 (unsigned), 16, 24 or 32 bits (signed), low byte first.
        case integer(bits: Int)
        /// IEEE 754 single precision, full scale ±1.0.
        case float32
        /// G.711 A-law.
        case aLaw
        /// G.711 µ-law.
        case muLaw

        /// Bytes of one sample of one channel.
        public var byteCount: Int {
            switch self {
            case .integer(let bits): bits / 8
            case .float32: 4
            case .aLaw, .muLaw: 1
            }
        }
    }

    /// How one sample is written.
    public var encoding: Encoding
    /// Channels, interleaved.
    public var channelCount: Int
    /// Samples a second of one channel, in Hz.
    public var sampleRate: Int
    /// Bytes of all samples; nil where the writer didn't know, as in a stream.
    public var dataByteCount: Int?

    /// Bytes of one sample of all channels.
    public var frameByteCount: Int { encoding.byteCount * channelCount }

    /// Most channels that are mixed down.
    ///
    /// Chosen: a 7.1 recording has eight, field recorders sixteen.
    public static let maximumChannelCount = 32
    /// Rates that a header may claim, in Hz.
    public static let sampleRates = 1_000...384_000
}

// MARK: - The format chunk

extension WAVHeader {
    /// Format tags of the header.
    ///
    /// - Source: RFC 2361, appendix A; `WAVE_FORMAT_EXTENSIBLE` carries the tag in the first two
    ///   bytes of its sub-format.
    private enum Tag {
        static let integer = 0x0001
        static let float = 0x0003
        static let aLaw = 0x0006
        static let muLaw = 0x0007
        static let extensible = 0xFFFE
    }

    /// Bytes of the shortest format chunk, and of one with the extension.
    static let formatByteCount = 16
    private static let extensibleByteCount = 40
    private static let subFormatOffset = 24

    /// Reads the body of a `fmt ` chunk.
    init(format body: ArraySlice<UInt8>) throws(WAVError) {
        guard body.count >= Self.formatByteCount else {
            throw WAVError(
                .malformed,
                "found a format chunk of \(body.count) bytes, "
                    + "expected \(Self.formatByteCount) or more"
            )
        }
        var tag = littleEndian(body, at: 0, bytes: 2)
        if tag == Tag.extensible, body.count >= Self.extensibleByteCount {
            tag = littleEndian(body, at: Self.subFormatOffset, bytes: 2)
        }
        encoding = try Self.encoding(tag: tag, bits: littleEndian(body, at: 14, bytes: 2))
        channelCount = littleEndian(body, at: 2, bytes: 2)
        sampleRate = littleEndian(body, at: 4, bytes: 4)
        try check(blockAlign: littleEndian(body, at: 12, bytes: 2))
    }

    private static func encoding(tag: Int, bits: Int) throws(WAVError) -> Encoding {
        switch (tag, bits) {
        case (Tag.integer, 8), (Tag.integer, 16), (Tag.integer, 24), (Tag.integer, 32):
            return .integer(bits: bits)
        case (Tag.float, 32):
            return .float32
        case (Tag.aLaw, 8):
            return .aLaw
        case (Tag.muLaw, 8):
            return .muLaw
        default:
            throw WAVError(
                .unsupported,
                "found format tag \(tag) with \(bits) bits a sample, "
                    + "expected PCM (1) with 8, 16, 24 or 32, float (3) with 32, "
                    + "A-law (6) or µ-law (7) with 8"
            )
        }
    }

    private func check(blockAlign: Int) throws(WAVError) {
        guard (1...Self.maximumChannelCount).contains(channelCount) else {
            throw WAVError(
                .unsupported,
                "found \(channelCount) channels, expected 1 to \(Self.maximumChannelCount)"
            )
        }
        guard Self.sampleRates.contains(sampleRate) else {
            throw WAVError(
                .malformed,
                "found a sample rate of \(sampleRate) Hz, expected \(Self.sampleRates.lowerBound) "
                    + "to \(Self.sampleRates.upperBound)"
            )
        }
        guard blockAlign == frameByteCount else {
            throw WAVError(
                .malformed,
                "found \(blockAlign) bytes for one sample of all channels, "
                    + "expected \(frameByteCount)"
            )
        }
    }
}

/// Reads a whole number, low byte first; bytes beyond the end count as zero.
func littleEndian(_ bytes: ArraySlice<UInt8>, at offset: Int, bytes count: Int) -> Int {
    bytes.dropFirst(offset).prefix(count).reversed().reduce(0) { $0 << 8 | Int($1) }
}
