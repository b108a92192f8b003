/// 16-bit signed little-endian samples, as bytes.
public enum PCM16 {
    /// Writes samples as bytes.
    ///
    /// - Shape: Two bytes out for each sample in, the low one first.
    /// - Parameter samples: Linear samples.
    /// - Returns: The bytes.
    public static func encode(_ samples: some Sequence<Int16>) -> [UInt8] {
        withContiguous(samples) { samples in
            [UInt8](unsafeUninitializedCapacity: samples.count * 2) { bytes, count in
                for (index, sample) in samples.enumerated() {
                    let bits = UInt16(bitPattern: sample)
                    bytes.initializeElement(at: 2 * index, to: UInt8(truncatingIfNeeded: bits))
                    bytes.initializeElement(at: 2 * index + 1, to: UInt8(bits >> 8))
                }
                count = samples.count * 2
            }
        }
    }

    /// Reads bytes as samples; a last odd byte is left out.
    ///
    /// Use ``Decoder`` where a stream is cut anywhere.
    ///
    /// - Parameter bytes: Samples, low byte first.
    /// - Returns: `bytes.count / 2` samples.
    public static func decode(_ bytes: some Sequence<UInt8>) -> [Int16] {
        withContiguous(bytes) { bytes in decode(bytes, carry: nil) }
    }

    /// Reads a stream of bytes that may be cut in the middle of a sample.
    public struct Decoder: Sendable, Equatable {
        /// The low byte of a sample whose high byte has not come yet.
        public private(set) var carry: UInt8?

        /// Makes a decoder at the start of a stream.
        public init() {}

        /// Reads the next bytes.
        ///
        /// - Parameter bytes: Any number of them, odd ones too.
        /// - Returns: The samples that are whole by now.
        public mutating func decode(_ bytes: some Sequence<UInt8>) -> [Int16] {
            withContiguous(bytes) { bytes in
                let samples = PCM16.decode(bytes, carry: carry)
                let available = bytes.count + (carry == nil ? 0 : 1)
                carry = available.isMultiple(of: 2) ? nil : bytes.last ?? carry
                return samples
            }
        }

        /// Forgets half a sample, as at the start of a new stream.
        public mutating func reset() {
            carry = nil
        }
    }

    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, carry: UInt8?) -> [Int16] {
        guard let carry, let first = bytes.first else {
            return carry == nil ? wholeSamples(UnsafeRawBufferPointer(bytes)) : []
        }
        let joined = Int16(bitPattern: UInt16(first) << 8 | UInt16(carry))
        let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes).dropFirst())
        return [joined] + wholeSamples(rest)
    }

    private static func wholeSamples(_ raw: UnsafeRawBufferPointer) -> [Int16] {
        let sampleCount = raw.count / 2
        return [Int16](unsafeUninitializedCapacity: sampleCount) { samples, count in
            for index in 0..<sampleCount {
                let bits = raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                samples.initializeElement(
                    at: index,
                    to: Int16(bitPattern: UInt16(littleEndian: bits))
                )
            }
            count = sampleCount
        }
    }
}
