/// Reads a `multipart/form-data` body from a stream of bytes: parts as head, pieces, end.
///
/// Any cut of a stream into inputs gives the same events, up to how contents are cut. What stands
/// before the first boundary and behind the last one is skipped.
///
/// - Source: RFC 2046, section 5.1; RFC 7578.
package struct MultipartParser: HTTPParser, Sendable {
    /// What a peer may make us hold or read; the body as a whole is limited by its carrier.
    package struct Limits: Sendable, Hashable {
        /// Parts of a body.
        ///
        /// Chosen: a call has two, an upload some ten fields.
        package var parts = 32
        /// Bytes of a part's headers.
        ///
        /// Chosen: a part has two or three, and a file's name.
        package var headers = 4 << 10

        package init() {}
    }

    /// What was read.
    package enum Event: Sendable, Equatable {
        case part(MultipartPart)
        /// A piece of the part's content; never empty.
        case content([UInt8])
        case partEnd
        /// The last boundary.
        case end
    }

    private enum State: Sendable {
        /// Before the first boundary. Next: ``afterBoundary(dashes:)``.
        case preamble
        /// Next: ``header``, or ``ended`` after two dashes.
        case afterBoundary(dashes: Int)
        /// The rest of a boundary's line. Next: ``header``.
        case padding
        /// Next: ``content``.
        case header
        /// Next: ``partEnd``.
        case content
        /// A boundary has ended a part, not yet told. Next: ``afterBoundary(dashes:)``.
        case partEnd
        case ended
        /// Nothing more is read.
        case failed(HTTPFailure)
    }

    private let limits: Limits
    private let fieldLimits: HTTPLimits
    /// CRLF, two dashes and the boundary.
    ///
    /// CR stands only at its begin, so a mismatch never hides a match.
    private let delimiter: [UInt8]
    private var state = State.preamble
    /// How much of the delimiter was seen, and how much of that was no part of the input: a section
    /// may begin with a delimiter, whose CRLF then belongs to the line before.
    private var matched = 2
    private var assumed = 2
    private var line = LineReader()
    private var fields = HTTPFieldReader()
    private var partCount = 0

    package init(_ boundary: MultipartBoundary, limits: Limits = Limits()) {
        self.limits = limits
        var fieldLimits = HTTPLimits()
        fieldLimits.headerCount = 16
        self.fieldLimits = fieldLimits
        delimiter = Array("\r\n--\(boundary.text)".utf8)
    }

    /// Whether the last boundary was read.
    package var isComplete: Bool {
        if case .ended = state { return true }
        return false
    }

    package mutating func fail(_ failure: HTTPFailure) { state = .failed(failure) }

    /// Learns that the body has ended.
    ///
    /// - Throws: ``HTTPFailure`` when the last boundary is missing.
    package func finish() throws(HTTPFailure) {
        if case .failed(let failure) = state { throw failure }
        guard isComplete else { throw .bad("The form ends without its last boundary") }
    }

    package mutating func advance(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> Event? {
        while true {
            if case .partEnd = state {
                state = .afterBoundary(dashes: 0)
                return .partEnd
            }
            guard offset < input.count else { return nil }
            switch state {
            case .preamble:
                var preamble: [UInt8] = []
                if scan(input, at: &offset, &preamble) { state = .afterBoundary(dashes: 0) }
            case .afterBoundary(let dashes):
                if try readAfterBoundary(input, at: &offset, dashes) { return .end }
            case .padding:
                try readPadding(input, at: &offset)
            case .header:
                if let part = try readHeader(input, at: &offset) { return .part(part) }
            case .content:
                if let content = readContent(input, at: &offset) { return .content(content) }
            case .partEnd:
                continue
            case .ended:
                offset = input.count
            case .failed(let failure):
                throw failure
            }
        }
    }
}

extension MultipartParser {
    private mutating func readAfterBoundary(
        _ input: Span<UInt8>,
        at offset: inout Int,
        _ dashes: Int
    ) throws(HTTPFailure) -> Bool {
        if input[offset] == .hyphen {
            offset += 1
            state = dashes == 1 ? .ended : .afterBoundary(dashes: 1)
            return dashes == 1
        }
        guard dashes == 0 else { throw .bad("Found one dash behind a boundary, expected two") }
        partCount += 1
        guard partCount <= limits.parts else {
            throw HTTPFailure(.contentTooLarge, "The form has more than \(limits.parts) parts")
        }
        state = .padding
        return false
    }

    private mutating func readPadding(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) {
        let rest: [UInt8]?
        do throws(LineReader.Fault) {
            rest = try line.next(input, at: &offset, limit: 128)
        } catch {
            throw error.failure("A boundary", tooLong: .bad("A boundary's line is too long"))
        }
        guard let rest else { return }
        guard rest.allSatisfy(\.isBlank) else { throw .bad("Found text behind a boundary") }
        state = .header
    }

    private mutating func readHeader(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> MultipartPart? {
        let headers = try fields.next(
            input,
            at: &offset,
            limit: limits.headers,
            fieldLimits,
            "part header"
        )
        guard let headers else { return nil }
        guard let part = MultipartPart(headers) else {
            throw .bad("A part has no Content-Disposition: form-data with a name")
        }
        state = .content
        (matched, assumed) = (2, 2)
        return part
    }

    private mutating func readContent(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) -> [UInt8]? {
        var content: [UInt8] = []
        if scan(input, at: &offset, &content) { state = .partEnd }
        return content.isEmpty ? nil : content
    }

    /// Takes content up to the delimiter or the end of the input.
    ///
    /// - Parameters:
    ///   - input: The bytes at hand.
    ///   - offset: Where to go on; moved behind what was taken.
    ///   - content: Where what is no delimiter is appended.
    /// - Returns: Whether the delimiter is complete.
    private mutating func scan(
        _ input: Span<UInt8>,
        at offset: inout Int,
        _ content: inout [UInt8]
    ) -> Bool {
        while offset < input.count {
            if matched == 0 { takeRun(input, at: &offset, &content) }
            guard offset < input.count else { return false }
            guard input[offset] == delimiter[matched] else {
                content.append(contentsOf: delimiter[assumed..<matched])
                (matched, assumed) = (0, 0)
                continue
            }
            matched += 1
            offset += 1
            guard matched < delimiter.count else {
                (matched, assumed) = (0, 0)
                return true
            }
        }
        return false
    }

    /// Takes what cannot be a delimiter: everything up to a CR.
    private func takeRun(_ input: Span<UInt8>, at offset: inout Int, _ content: inout [UInt8]) {
        let start = offset
        while offset < input.count, input[offset] != .carriageReturn { offset += 1 }
        content.append(input, start..<offset)
    }
}
