/// Reads a WAV file as it comes, in pieces of any size.
///
/// Total: any bytes give samples or a ``WAVError``. Several channels are mixed to one. Chunks other
/// than `fmt ` and `data` are skipped without being kept. A length of the data that was never
/// filled in, as streaming writers leave it, means "to the end".
///
/// - Source: Multimedia Programming Interface and Data Specifications 1.0 (IBM and Microsoft,
///   1991), "WAVE"; RFC 2361.
public struct WAVReader: Sendable {
    private enum State: Sendable, Equatable {
        /// Before the twelve bytes of the RIFF header.
        ///
        /// Next: ``chunk``.
        case preamble
        /// Before the eight bytes of a chunk's header.
        ///
        /// Next: ``format(byteCount:)``, ``skipping(byteCount:)``, ``data``.
        case chunk
        /// In the format chunk.
        ///
        /// Next: ``chunk``.
        case format(byteCount: Int)
        /// In a chunk that doesn't matter.
        ///
        /// Next: ``chunk``.
        case skipping(byteCount: Int)
        /// In the samples; nil means to the end.
        ///
        /// Next: ``done``.
        case data(byteCount: Int?)
        /// After the samples.
        ///
        /// Whatever follows is ignored.
        case done
    }

    /// What the header says; nil until its format chunk was read.
    public private(set) var header: WAVHeader?
    private var state = State.preamble
    /// Bytes that came and could not be read yet; never more than one header or one sample of all
    /// channels.
    private var pending: [UInt8] = []

    /// Longest format chunk that is read.
    ///
    /// Chosen: the longest defined one has 40 bytes.
    private static let maximumFormatByteCount = 1_024
    private static let preambleByteCount = 12
    private static let chunkHeaderByteCount = 8
    /// What writers put for a length they don't know.
    private static let unknownByteCounts: Set<Int> = [0, 0xFFFF_FFFF, 0x7FFF_FFFF]

    /// Makes a reader at the start of a file.
    public init() {}

    /// Reads the next bytes.
    ///
    /// - Parameter bytes: Any number of them.
    /// - Returns: The samples that are whole by now, mixed to one channel, at the header's rate.
    /// - Throws: ``WAVError``; the reader is then of no more use.
    public mutating func read(_ bytes: some Sequence<UInt8>) throws(WAVError) -> [Int16] {
        pending.append(contentsOf: bytes)
        var input = pending[...]
        var samples: [Int16] = []
        while try step(&input, into: &samples) {}
        pending = Array(input)
        return samples
    }

    /// Says that no more bytes will come.
    ///
    /// - Throws: ``WAVError`` when the samples had not begun. A file that is cut in the middle of
    ///   them is no error.
    public func finish() throws(WAVError) {
        switch state {
        case .data, .done:
            return
        case .preamble:
            throw WAVError(
                .truncated,
                "found \(pending.count) bytes, expected a RIFF header of \(Self.preambleByteCount)"
            )
        case .chunk, .format, .skipping:
            let missing = header == nil ? "format chunk" : "data chunk"
            throw WAVError(.truncated, "found the end of the file, expected a \(missing)")
        }
    }

    /// Takes one step; false when it needs more bytes.
    private mutating func step(
        _ input: inout ArraySlice<UInt8>,
        into samples: inout [Int16]
    ) throws(WAVError) -> Bool {
        switch state {
        case .preamble: return try readPreamble(&input)
        case .chunk: return try readChunkHeader(&input)
        case .format(let byteCount): return try readFormat(&input, byteCount)
        case .skipping(let byteCount): return skip(&input, byteCount)
        case .data(let byteCount): return readData(&input, byteCount, into: &samples)
        case .done:
            input = []
            return false
        }
    }
}

// MARK: - Steps

extension WAVReader {
    private mutating func readPreamble(_ input: inout ArraySlice<UInt8>) throws(WAVError) -> Bool {
        // Whatever can be told from the first bytes is told at once: a stream of text needn't come
        // to its end.
        let found = input.prefix(4)
        guard found.elementsEqual("RIFF".utf8.prefix(found.count)) else {
            throw WAVError(.notWAV, "found \(quoted(found)), expected \"RIFF\"")
        }
        guard input.count >= Self.preambleByteCount else { return false }
        let kind = input.dropFirst(8).prefix(4)
        guard kind.elementsEqual("WAVE".utf8) else {
            throw WAVError(.notWAV, "found a RIFF file of kind \(quoted(kind)), expected \"WAVE\"")
        }
        input = input.dropFirst(Self.preambleByteCount)
        state = .chunk
        return true
    }

    private mutating func readChunkHeader(
        _ input: inout ArraySlice<UInt8>
    ) throws(WAVError) -> Bool {
        guard input.count >= Self.chunkHeaderByteCount else { return false }
        let name = input.prefix(4)
        let byteCount = littleEndian(input, at: 4, bytes: 4)
        input = input.dropFirst(Self.chunkHeaderByteCount)
        if name.elementsEqual("fmt ".utf8) {
            guard byteCount <= Self.maximumFormatByteCount else {
                throw WAVError(
                    .malformed,
                    "found a format chunk of \(byteCount) bytes, "
                        + "expected \(Self.maximumFormatByteCount) at most"
                )
            }
            state = .format(byteCount: byteCount)
        } else if name.elementsEqual("data".utf8) {
            guard header != nil else {
                throw WAVError(
                    .malformed,
                    "found the data chunk, expected the format chunk before it"
                )
            }
            let known = Self.unknownByteCounts.contains(byteCount) ? nil : byteCount
            header?.dataByteCount = known
            state = .data(byteCount: known)
        } else {
            state = .skipping(byteCount: Self.padded(byteCount))
        }
        return true
    }

    private mutating func readFormat(
        _ input: inout ArraySlice<UInt8>,
        _ byteCount: Int
    ) throws(WAVError) -> Bool {
        guard input.count >= Self.padded(byteCount) else { return false }
        header = try WAVHeader(format: input.prefix(byteCount))
        input = input.dropFirst(Self.padded(byteCount))
        state = .chunk
        return true
    }

    private mutating func skip(_ input: inout ArraySlice<UInt8>, _ byteCount: Int) -> Bool {
        let skipped = min(byteCount, input.count)
        input = input.dropFirst(skipped)
        state = skipped == byteCount ? .chunk : .skipping(byteCount: byteCount - skipped)
        return skipped == byteCount
    }

    private mutating func readData(
        _ input: inout ArraySlice<UInt8>,
        _ byteCount: Int?,
        into samples: inout [Int16]
    ) -> Bool {
        guard let header else { return false }
        let available = min(input.count, byteCount ?? input.count)
        let whole = available - available % header.frameByteCount
        samples += WAVSamples(header).mono(input.prefix(whole))
        input = input.dropFirst(whole)
        let rest = byteCount.map { $0 - whole }
        // Less than one sample of all channels can't become one.
        let isDone = rest.map { $0 < header.frameByteCount } ?? false
        state = isDone ? .done : .data(byteCount: rest)
        return isDone
    }

    /// Chunks begin at even positions.
    private static func padded(_ byteCount: Int) -> Int { byteCount + byteCount % 2 }
}

/// Bytes as they may stand in a message: printable ones as they are, others in hexadecimal.
private func quoted(_ bytes: some Sequence<UInt8>) -> String {
    let text = bytes.map { byte in
        (0x20..<0x7F).contains(byte)
            ? String(Unicode.Scalar(byte)) : "\\x" + String(byte, radix: 16)
    }
    return "\"\(text.joined())\""
}
