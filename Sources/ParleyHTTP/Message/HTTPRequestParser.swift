/// Reads HTTP/1.1 requests from a stream of bytes: each as head, pieces of its body, and end.
///
/// Feed it whatever was read and call ``next(_:at:)`` until it returns nil; it keeps unfinished
/// lines itself, so every input is consumed whole. Any cut of a stream into inputs gives the same
/// events, up to how the body is cut. After an ``Event/end(trailers:)`` the offset stands at the
/// next message: for an upgrade, stop there and hand the rest to the new protocol.
///
/// Where RFC 9112 lets a server repair a doubtful message, this refuses it: what two parsers read
/// differently can smuggle a request past one of them (section 11.2).
///
/// - Source: RFC 9112.
package struct HTTPRequestParser: HTTPParser, Sendable {
    /// What was read.
    package enum Event: Sendable, Equatable {
        case head(HTTPRequest)
        /// A piece of the body: these bytes of the input. Never empty.
        case body(Range<Int>)
        /// The message is whole. Comes for each head, also without a body.
        case end(trailers: HTTPHeaders)
    }

    private enum State: Sendable {
        /// Between messages. Next: ``header(_:)``.
        case requestLine(emptyLines: Int)
        /// Next: ``body(_:)``.
        case header(HTTPRequestLine)
        /// Next: ``requestLine(emptyLines:)``.
        case body(HTTPBodyReader)
        /// Nothing more is read.
        case failed(HTTPFailure)
    }

    private let limits: HTTPLimits
    private var state = State.requestLine(emptyLines: 0)
    private var line = LineReader()
    private var fields = HTTPFieldReader()

    package init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

    /// Whether no message has begun, so that the connection may be closed without a word.
    package var isIdle: Bool {
        if case .requestLine = state { return !line.isInLine }
        return false
    }

    package mutating func fail(_ failure: HTTPFailure) { state = .failed(failure) }

    /// Learns that the stream has ended.
    ///
    /// - Throws: ``HTTPFailure`` when that cut a message short.
    package func finish() throws(HTTPFailure) {
        guard !isIdle else { return }
        if case .failed(let failure) = state { throw failure }
        throw .bad("The connection ended within a request")
    }

    package mutating func advance(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> Event? {
        while true {
            switch state {
            case .requestLine(let emptyLines):
                guard offset < input.count else { return nil }
                try readRequestLine(input, at: &offset, emptyLines: emptyLines)
            case .header(let requestLine):
                return try readHeader(input, at: &offset, requestLine)
            case .body(var body):
                state = .requestLine(emptyLines: 0)
                let piece = try body.next(input, at: &offset)
                if case .end(let trailers) = piece { return .end(trailers: trailers) }
                state = .body(body)
                guard case .bytes(let range) = piece else { return nil }
                return .body(range)
            case .failed(let failure):
                throw failure
            }
        }
    }

    private mutating func readRequestLine(
        _ input: Span<UInt8>,
        at offset: inout Int,
        emptyLines: Int
    ) throws(HTTPFailure) {
        let first = input[offset]
        guard line.isInLine || first.isTokenCharacter || first == .carriageReturn else {
            throw .bad("Found \(first.printable), expected a method")
        }
        let text: [UInt8]?
        do throws(LineReader.Fault) {
            text = try line.next(input, at: &offset, limit: limits.requestLine)
        } catch {
            let tooLong = HTTPFailure(
                .targetTooLong,
                "The request line exceeds \(limits.requestLine) bytes"
            )
            throw error.failure("The request line", tooLong: tooLong)
        }
        guard let text else { return }
        guard text.isEmpty else {
            state = .header(try HTTPRequestLine(text))
            return
        }
        // RFC 9112, section 2.2: clients may send an empty line after a body.
        guard emptyLines < 2 else { throw .bad("Found empty lines, expected a request line") }
        state = .requestLine(emptyLines: emptyLines + 1)
    }

    private mutating func readHeader(
        _ input: Span<UInt8>,
        at offset: inout Int,
        _ requestLine: HTTPRequestLine
    ) throws(HTTPFailure) -> Event? {
        let headers = try fields.next(input, at: &offset, limit: limits.headers, limits, "header")
        guard let headers else { return nil }
        let request = try requestLine.head(headers, limits: limits)
        state = .body(HTTPBodyReader(.length(request.bodyLength), limits: limits))
        return .head(request)
    }
}
