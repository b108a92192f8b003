/// Reads one body, as its framing tells.
///
/// - Source: RFC 9112, sections 6 and 7.
struct HTTPBodyReader: Sendable {
    /// What was read.
    enum Piece {
        /// These bytes of the input; never empty.
        case bytes(Range<Int>)
        /// The body is whole.
        case end(trailers: HTTPHeaders)
    }

    /// What says where the body ends.
    enum Framing {
        case length(HTTPBodyLength)
        /// The end of the connection; only in responses.
        case untilClose
    }

    private enum State: Sendable {
        /// This many bytes are still to come. Next: ``whole``.
        case fixed(Int)
        /// Next: ``chunk(_:)``, or ``trailers`` after the last one.
        case chunkLine
        /// This many bytes are still to come. Next: ``chunkEnd``.
        case chunk(Int)
        /// Next: ``chunkLine``.
        case chunkEnd
        /// Next: ``ended``.
        case trailers
        /// Complete, but not yet said. Next: ``ended``.
        case whole
        case untilClose
        case ended
    }

    private let limits: HTTPLimits
    private var state: State
    private var line = LineReader()
    private var trailers = HTTPFieldReader()
    private var byteCount = 0
    private var extensionCount = 0

    init(_ framing: Framing, limits: HTTPLimits) {
        self.limits = limits
        switch framing {
        case .length(.none), .length(.fixed(0)): state = .whole
        case .length(.fixed(let count)): state = .fixed(count)
        case .length(.chunked): state = .chunkLine
        case .untilClose: state = .untilClose
        }
    }

    /// Whether the end of the connection is the end of the body.
    var endsWithConnection: Bool {
        if case .untilClose = state { return true }
        return false
    }

    /// Reads on to the next piece; nil when the input ended first.
    mutating func next(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> Piece? {
        while true {
            if case .whole = state {
                state = .ended
                return .end(trailers: HTTPHeaders())
            }
            guard offset < input.count else { return nil }
            switch state {
            case .fixed(let count):
                return .bytes(take(count, input, at: &offset, then: .whole) { .fixed($0) })
            case .chunkLine:
                try readChunkLine(input, at: &offset)
            case .chunk(let count):
                return .bytes(take(count, input, at: &offset, then: .chunkEnd) { .chunk($0) })
            case .chunkEnd:
                try readChunkEnd(input, at: &offset)
            case .trailers:
                return try readTrailers(input, at: &offset)
            case .untilClose:
                return .bytes(try takeAll(input, at: &offset))
            case .whole, .ended:
                return nil
            }
        }
    }

    private mutating func take(
        _ count: Int,
        _ input: Span<UInt8>,
        at offset: inout Int,
        then next: State,
        remaining: (Int) -> State
    ) -> Range<Int> {
        let range = offset..<offset + min(count, input.count - offset)
        offset = range.upperBound
        state = range.count == count ? next : remaining(count - range.count)
        return range
    }

    private mutating func takeAll(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> Range<Int> {
        let range = offset..<input.count
        try count(range.count)
        offset = range.upperBound
        return range
    }

    private mutating func readTrailers(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> Piece? {
        let fields = try trailers.next(
            input,
            at: &offset,
            limit: limits.trailers,
            limits,
            "trailer"
        )
        guard let fields else { return nil }
        state = .ended
        return .end(trailers: fields)
    }

    private mutating func count(_ size: Int) throws(HTTPFailure) {
        guard size <= limits.body - byteCount else {
            throw HTTPFailure(.contentTooLarge, "The body exceeds \(limits.body) bytes")
        }
        byteCount += size
    }
}

extension HTTPBodyReader {
    private mutating func readChunkLine(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) {
        let limit = limits.chunkLine
        let text: [UInt8]?
        do throws(LineReader.Fault) {
            text = try line.next(input, at: &offset, limit: limit)
        } catch {
            let tooLong = HTTPFailure.bad("A chunk's size line exceeds \(limit) bytes")
            throw error.failure("A chunk's size line", tooLong: tooLong)
        }
        guard let text else { return }
        let size = try chunkSize(text)
        try count(size)
        state = size > 0 ? .chunk(size) : .trailers
    }

    /// - Source: RFC 9112, section 7.1. Extensions are skipped, within limits.
    private mutating func chunkSize(_ text: [UInt8]) throws(HTTPFailure) -> Int {
        let digits = text.prefix { $0.hexadecimalValue != nil }
        guard !digits.isEmpty else { throw .bad("A chunk's size is no hexadecimal number") }
        let rest = text.dropFirst(digits.count)
        guard rest.isEmpty || rest.drop(while: \.isBlank).first == .semicolon else {
            throw .bad("Found \((rest.first ?? 0).printable) after a chunk's size")
        }
        guard rest.allSatisfy(\.isFieldValueCharacter) else {
            throw .bad("A chunk's extension holds a control character")
        }
        extensionCount += rest.count
        guard extensionCount <= limits.chunkExtensions else {
            throw .bad("The chunk extensions exceed \(limits.chunkExtensions) bytes")
        }
        var size = 0
        // Once beyond the limit it stays there: more digits cannot overflow it.
        for digit in digits where size <= limits.body {
            size = size << 4 | Int(digit.hexadecimalValue ?? 0)
        }
        return size
    }

    private mutating func readChunkEnd(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) {
        do throws(LineReader.Fault) {
            if try line.next(input, at: &offset, limit: 2) != nil { state = .chunkLine }
        } catch {
            let tooLong = HTTPFailure.bad("A chunk is longer than its size")
            throw error.failure("A chunk's end", tooLong: tooLong)
        }
    }
}
