extension AudioFrame {
    /// Reads a whole WAV file, mixing its channels to one.
    ///
    /// - Parameter bytes: The file: PCM of 8, 16, 24 or 32 bits, 32-bit float or G.711.
    /// - Throws: ``WAVError``, which names what was found and what was expected.
    public init(wav bytes: some Sequence<UInt8>) throws(WAVError) {
        var reader = WAVReader()
        let samples = try reader.read(bytes)
        try reader.finish()
        self.init(
            samples: samples,
            sampleRate: reader.header?.sampleRate ?? AudioFormat.sessionSampleRate
        )
    }

    /// The frame as a WAV file: 16-bit PCM, one channel.
    public var wav: [UInt8] {
        Self.wavHeader(sampleRate: sampleRate, sampleCount: samples.count) + PCM16.encode(samples)
    }

    /// The 44 bytes before the samples of a WAV file: 16-bit PCM, one channel.
    ///
    /// - Parameters:
    ///   - sampleRate: Samples a second, in Hz.
    ///   - sampleCount: How many samples will follow; nil where the writer can't know yet.
    /// - Returns: The header. Lengths beyond what its 32 bits can say are written as unknown.
    public static func wavHeader(sampleRate: Int, sampleCount: Int?) -> [UInt8] {
        let headerRest = 36
        let unknown = Int(UInt32.max)
        let dataByteCount = sampleCount.map { min($0 * 2, unknown) } ?? unknown
        let riffByteCount = min(dataByteCount + headerRest, unknown)
        var bytes: [UInt8] = []
        bytes += Array("RIFF".utf8) + littleEndian(riffByteCount, bytes: 4)
        bytes += Array("WAVE".utf8)
        bytes += Array("fmt ".utf8) + littleEndian(WAVHeader.formatByteCount, bytes: 4)
        bytes += littleEndian(1, bytes: 2)  // PCM
        bytes += littleEndian(1, bytes: 2)  // channels
        bytes += littleEndian(sampleRate, bytes: 4)
        bytes += littleEndian(sampleRate * 2, bytes: 4)  // bytes a second
        bytes += littleEndian(2, bytes: 2)  // bytes of one sample of all channels
        bytes += littleEndian(16, bytes: 2)  // bits of one sample
        bytes += Array("data".utf8) + littleEndian(dataByteCount, bytes: 4)
        return bytes
    }
}

private func littleEndian(_ value: Int, bytes count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
