/// Reads the samples of a WAV file and mixes their channels.
struct WAVSamples {
    private let header: WAVHeader

    init(_ header: WAVHeader) {
        self.header = header
    }

    /// Reads whole samples of all channels.
    ///
    /// - Parameter bytes: A multiple of the header's `frameByteCount`.
    /// - Returns: One sample for each, the mean of the channels.
    func mono(_ bytes: ArraySlice<UInt8>) -> [Int16] {
        let interleaved = linear(bytes)
        guard header.channelCount > 1 else { return interleaved }
        return stride(from: 0, to: interleaved.count, by: header.channelCount).map { first in
            let channels = interleaved[first..<first + header.channelCount]
            return Int16(channels.reduce(0) { $0 + Int($1) } / header.channelCount)
        }
    }

    private func linear(_ bytes: ArraySlice<UInt8>) -> [Int16] {
        switch header.encoding {
        case .integer(8):
            // The only unsigned one: silence is 128.
            return bytes.map { (Int16($0) - 128) << 8 }
        case .integer(16):
            return PCM16.decode(bytes)
        case .integer(let bits):
            // The two highest bytes are the sample; what lies below can't be heard at 16 bits.
            return words(bytes, bits / 8).map { PCM16.decode($0.suffix(2)).first ?? 0 }
        case .float32:
            return words(bytes, 4).map { word in
                let bits = UInt32(truncatingIfNeeded: littleEndian(word, at: 0, bytes: 4))
                return saturated(finite(Float(bitPattern: bits)) * Level.fullScale)
            }
        case .aLaw:
            return G711.decodeALaw(bytes)
        case .muLaw:
            return G711.decodeMuLaw(bytes)
        }
    }

    private func finite(_ value: Float) -> Float { value.isNaN ? 0 : value }

    private func words(_ bytes: ArraySlice<UInt8>, _ byteCount: Int) -> [ArraySlice<UInt8>] {
        stride(from: bytes.startIndex, to: bytes.endIndex, by: byteCount).map {
            bytes[$0..<$0 + byteCount]
        }
    }
}
