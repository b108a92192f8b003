/// Gathers one line over as many inputs as it takes.
///
/// Lines end in CRLF. A bare LF or CR and NUL are refused: where two parsers disagree about the end
/// of a line, a request can be smuggled past one of them (RFC 9112, section 2.2).
struct LineReader: Sendable {
    /// What made a line unreadable.
    enum Fault: Error {
        case tooLong
        case bareLineFeed
        case bareCarriageReturn
        case nul

        /// The failure to report: the given one when the line was too long.
        func failure(_ what: String, tooLong: HTTPFailure) -> HTTPFailure {
            switch self {
            case .tooLong: tooLong
            case .bareLineFeed: .bad("\(what) ends in LF without CR")
            case .bareCarriageReturn: .bad("\(what) holds CR without LF")
            case .nul: .bad("\(what) holds NUL")
            }
        }
    }

    private var kept: [UInt8] = []

    /// Whether part of a line is waiting for its rest.
    var isInLine: Bool { !kept.isEmpty }

    /// Takes bytes up to the end of the line.
    ///
    /// - Parameters:
    ///   - input: The bytes at hand.
    ///   - offset: Where to go on; moved behind what was taken.
    ///   - limit: How long the line may be, its end included.
    /// - Returns: The line without its end; nil when the input ended first.
    /// - Throws: ``Fault``, after which the reader is of no use.
    mutating func next(
        _ input: Span<UInt8>,
        at offset: inout Int,
        limit: Int
    ) throws(Fault) -> [UInt8]? {
        let start = offset
        var last = kept.last ?? 0
        while offset < input.count {
            guard kept.count + offset - start < limit else { throw .tooLong }
            let byte = input[offset]
            offset += 1
            if byte == .lineFeed {
                guard last == .carriageReturn else { throw .bareLineFeed }
                return finish(input, start..<offset)
            }
            guard last != .carriageReturn else { throw .bareCarriageReturn }
            guard byte != 0 else { throw .nul }
            last = byte
        }
        kept.append(input, start..<offset)
        return nil
    }

    private mutating func finish(_ input: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        if kept.isEmpty { return input.array(range.lowerBound..<range.upperBound - 2) }
        var line: [UInt8] = []
        swap(&line, &kept)
        line.append(input, range)
        line.removeLast(2)
        return line
    }
}
