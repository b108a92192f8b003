/// Reads HTTP/1.1 requests from a stream of bytes: each as its head, pieces of its body and its end.
///
/// Feed it whatever was read and call ``next(_:at:)`` until it returns nil; it keeps unfinished lines
/// itself, so every input is consumed whole. Any cut of a stream into inputs gives the same events, up to
/// how the body is cut. After an ``Event/end(trailers:)`` the offset stands at the next message: for an
/// upgrade, stop there and hand the rest to the new protocol.
///
/// - Source: RFC 9112.
package struct HTTPRequestParser: Sendable {
    /// What was read.
    package enum Event: Sendable, Equatable {
        case head(HTTPRequest)
        /// A piece of the body: these bytes of the input. Never empty.
        case body(Range<Int>)
        /// The message is whole. Comes for each head, also without a body.
        case end(trailers: HTTPHeaders)
    }

    private enum State: Sendable {
        /// Between messages. Next: ``headers(_:)``.
        case requestLine(emptyLines: Int)
        /// Next: ``fixed(_:)``, ``chunkLine`` or ``end``.
        case headers(HTTPRequestLine)
        /// This many bytes are still to come. Next: ``end``.
        case fixed(Int)
        /// Next: ``chunk(_:)``, or ``trailers`` after the last one.
        case chunkLine
        /// This many bytes are still to come. Next: ``chunkEnd``.
        case chunk(Int)
        /// Next: ``chunkLine``.
        case chunkEnd
        /// Next: ``end``.
        case trailers
        /// The message is complete, its end not yet told. Next: ``requestLine(emptyLines:)``.
        case end
        /// Nothing more is read.
        case failed(HTTPFailure)
    }

    private let limits: HTTPLimits
    private var state = State.requestLine(emptyLines: 0)
    private var line = LineReader()
    /// The fields of the header or trailer section being read, and its bytes so far.
    private var fields = HTTPHeaders()
    private var fieldBytes = 0
    private var bodyCount = 0
    private var extensionCount = 0

    package init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

    /// Whether no message has begun, so that the connection may be closed without a word.
    package var isIdle: Bool {
        if case .requestLine = state { return !line.isInLine }
        return false
    }

    /// Reads on to the next event.
    ///
    /// - Parameters:
    ///   - input: The bytes just read.
    ///   - offset: Where in the input to go on; moved behind what was consumed.
    /// - Returns: The event; nil when all input is consumed.
    /// - Throws: ``HTTPFailure`` with the status to answer; every later call throws it again.
    package mutating func next(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> Event? {
        do throws(HTTPFailure) {
            return try advance(input, at: &offset)
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// The same for bytes in a read buffer.
    package mutating func next(
        _ input: UnsafeRawBufferPointer,
        at offset: inout Int
    ) throws(HTTPFailure) -> Event? {
        try next(input.bindMemory(to: UInt8.self).span, at: &offset)
    }

    /// Learns that the stream has ended.
    ///
    /// - Throws: ``HTTPFailure`` when that cut a message short.
    package func finish() throws(HTTPFailure) {
        guard !isIdle else { return }
        if case .failed(let failure) = state { throw failure }
        throw .bad("The connection ended within a request")
    }

    private mutating func advance(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> Event? {
        while true {
            if case .end = state {
                state = .requestLine(emptyLines: 0)
                return .end(trailers: takeFields())
            }
            guard offset < input.count else { return nil }
            switch state {
            case .requestLine(let emptyLines):
                try readRequestLine(input, at: &offset, emptyLines: emptyLines)
            case .headers(let requestLine):
                if let head = try readHeader(input, at: &offset, requestLine) { return head }
            case .fixed(let count):
                return takeBody(input, at: &offset, count)
            case .chunkLine:
                try readChunkLine(input, at: &offset)
            case .chunk(let count):
                return takeChunk(input, at: &offset, count)
            case .chunkEnd:
                try readChunkEnd(input, at: &offset)
            case .trailers:
                try readTrailer(input, at: &offset)
            case .end:
                continue
            case .failed(let failure):
                throw failure
            }
        }
    }
}

extension HTTPRequestParser {
    private mutating func readRequestLine(
        _ input: Span<UInt8>,
        at offset: inout Int,
        emptyLines: Int
    ) throws(HTTPFailure) {
        let first = input[offset]
        guard line.isInLine || first.isTokenCharacter || first == .carriageReturn else {
            throw .bad("Found \(first.printable), expected a method")
        }
        let limit = limits.requestLine
        guard
            let text = try read(
                input,
                at: &offset,
                limit: limit,
                "The request line",
                HTTPFailure(.targetTooLong, "The request line exceeds \(limit) bytes")
            )
        else { return }
        guard text.isEmpty else {
            state = .headers(try HTTPRequestLine(text))
            return
        }
        // RFC 9112, section 2.2: clients may send an empty line after a body. A flood of them is refused.
        guard emptyLines < 2 else { throw .bad("Found empty lines, expected a request line") }
        state = .requestLine(emptyLines: emptyLines + 1)
    }

    private mutating func readHeader(
        _ input: Span<UInt8>,
        at offset: inout Int,
        _ requestLine: HTTPRequestLine
    ) throws(HTTPFailure) -> Event? {
        guard try readField(input, at: &offset, limit: limits.headers, "header") else { return nil }
        let request = try requestLine.head(takeFields(), limits: limits)
        bodyCount = 0
        extensionCount = 0
        switch request.bodyLength {
        case .none: state = .end
        case .fixed(let count): state = .fixed(count)
        case .chunked: state = .chunkLine
        }
        return .head(request)
    }

    private mutating func readTrailer(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) {
        if try readField(input, at: &offset, limit: limits.trailers, "trailer") { state = .end }
    }

    /// Reads one field line; true for the empty line that ends the section.
    private mutating func readField(
        _ input: Span<UInt8>,
        at offset: inout Int,
        limit: Int,
        _ section: StaticString
    ) throws(HTTPFailure) -> Bool {
        guard
            let text = try read(
                input,
                at: &offset,
                limit: limit - fieldBytes,
                "A \(section) line",
                HTTPFailure(.headerTooLarge, "The \(section)s exceed \(limit) bytes")
            )
        else { return false }
        guard !text.isEmpty else { return true }
        guard fields.fields.count < limits.headerCount else {
            throw HTTPFailure(.headerTooLarge, "More than \(limits.headerCount) \(section) lines")
        }
        fieldBytes += text.count + 2
        fields.add(try HTTPHeaders.Field(line: text))
        return false
    }

    private mutating func takeFields() -> HTTPHeaders {
        fieldBytes = 0
        var taken = HTTPHeaders()
        swap(&taken, &fields)
        return taken
    }

    private mutating func takeBody(
        _ input: Span<UInt8>,
        at offset: inout Int,
        _ count: Int
    ) -> Event {
        let range = offset..<min(offset + count, input.count)
        offset = range.upperBound
        state = range.count == count ? .end : .fixed(count - range.count)
        return .body(range)
    }

    private mutating func takeChunk(
        _ input: Span<UInt8>,
        at offset: inout Int,
        _ count: Int
    ) -> Event {
        let range = offset..<min(offset + count, input.count)
        offset = range.upperBound
        state = range.count == count ? .chunkEnd : .chunk(count - range.count)
        return .body(range)
    }

    private mutating func readChunkLine(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) {
        let limit = limits.chunkLine
        guard
            let text = try read(
                input,
                at: &offset,
                limit: limit,
                "A chunk's size line",
                .bad("A chunk's size line exceeds \(limit) bytes")
            )
        else { return }
        let size = try chunkSize(text)
        guard size > 0 else {
            state = .trailers
            return
        }
        guard size <= limits.body - bodyCount else {
            throw HTTPFailure(.contentTooLarge, "The body exceeds \(limits.body) bytes")
        }
        bodyCount += size
        state = .chunk(size)
    }

    /// - Source: RFC 9112, section 7.1. Extensions are skipped, within limits.
    private mutating func chunkSize(_ text: [UInt8]) throws(HTTPFailure) -> Int {
        let digits = text.prefix { $0.hexadecimalValue != nil }
        guard !digits.isEmpty else { throw .bad("A chunk's size is no hexadecimal number") }
        let rest = text.dropFirst(digits.count)
        let afterBlanks = rest.drop(while: \.isBlank)
        guard rest.isEmpty || afterBlanks.first == .semicolon else {
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
        for digit in digits {
            guard size <= limits.body else { break }
            size = size << 4 | Int(digit.hexadecimalValue ?? 0)
        }
        return size
    }

    private mutating func readChunkEnd(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) {
        let end = try read(
            input,
            at: &offset,
            limit: 2,
            "A chunk's end",
            .bad("A chunk is longer than its size")
        )
        if end != nil { state = .chunkLine }
    }

    private mutating func read(
        _ input: Span<UInt8>,
        at offset: inout Int,
        limit: Int,
        _ what: @autoclosure () -> String,
        _ tooLong: @autoclosure () -> HTTPFailure
    ) throws(HTTPFailure) -> [UInt8]? {
        do throws(LineReader.Fault) {
            return try line.next(input, at: &offset, limit: limit)
        } catch {
            if case .tooLong = error { throw tooLong() }
            throw .bad("\(what()) \(error.message)")
        }
    }
}
