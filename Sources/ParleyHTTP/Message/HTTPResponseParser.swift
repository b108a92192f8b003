/// Reads one response to one request: its head, pieces of its body and its end.
///
/// Made for the WebSocket handshake, where a server may answer with an error and a body. Interim
/// responses other than 101 are skipped. Bytes behind the end, or behind a 101, are not consumed.
///
/// - Source: RFC 9112.
package struct HTTPResponseParser: HTTPParser, Sendable {
    /// What was read.
    package enum Event: Sendable, Equatable {
        case head(HTTPResponse)
        /// A piece of the body: these bytes of the input. Never empty.
        case body(Range<Int>)
        /// The response is whole.
        case end
    }

    private enum State: Sendable {
        /// Next: ``header(_:)``.
        case statusLine
        /// Next: ``body(_:)``, or ``statusLine`` after an interim response.
        case header(HTTPStatus)
        /// Next: ``ended``.
        case body(HTTPBodyReader)
        case ended
        /// Nothing more is read.
        case failed(HTTPFailure)
    }

    private let limits: HTTPLimits
    private var state = State.statusLine
    private var line = LineReader()
    private var fields = HTTPFieldReader()
    private var interimCount = 0

    package init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

    package mutating func fail(_ failure: HTTPFailure) { state = .failed(failure) }

    /// Learns that the stream has ended.
    ///
    /// - Returns: The end, if it was the end of the connection that ends the body.
    /// - Throws: ``HTTPFailure`` when that cut the response short.
    package mutating func finish() throws(HTTPFailure) -> Event? {
        switch state {
        case .ended: return nil
        case .failed(let failure): throw failure
        case .body(let body) where body.endsWithConnection:
            state = .ended
            return .end
        case .statusLine, .header, .body:
            throw .bad("The connection ended within a response")
        }
    }

    package mutating func advance(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> Event? {
        while true {
            switch state {
            case .statusLine:
                guard let status = try readStatusLine(input, at: &offset) else { return nil }
                state = .header(status)
            case .header(let status):
                let headers = try fields.next(
                    input,
                    at: &offset,
                    limit: limits.headers,
                    limits,
                    "header"
                )
                guard let headers else { return nil }
                if let head = try begin(status, headers) { return head }
            case .body(var body):
                state = .ended
                let piece = try body.next(input, at: &offset)
                if case .end = piece { return .end }
                state = .body(body)
                guard case .bytes(let range) = piece else { return nil }
                return .body(range)
            case .ended:
                return nil
            case .failed(let failure):
                throw failure
            }
        }
    }

    private mutating func begin(
        _ status: HTTPStatus,
        _ headers: HTTPHeaders
    ) throws(HTTPFailure) -> Event? {
        if status.isInformational, status != .switchingProtocols {
            interimCount += 1
            guard interimCount <= 8 else { throw .bad("Found more than 8 interim responses") }
            state = .statusLine
            return nil
        }
        state = .body(HTTPBodyReader(try framing(status, headers), limits: limits))
        return .head(HTTPResponse(status, headers: headers))
    }

    /// - Source: RFC 9112, section 6.3.
    private func framing(
        _ status: HTTPStatus,
        _ headers: HTTPHeaders
    ) throws(HTTPFailure) -> HTTPBodyReader.Framing {
        guard status.allowsBody else { return .length(.none) }
        guard let length = try headers.announcedBody(limit: limits.body) else { return .untilClose }
        return .length(length)
    }

    private mutating func readStatusLine(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> HTTPStatus? {
        let text: [UInt8]?
        do throws(LineReader.Fault) {
            text = try line.next(input, at: &offset, limit: limits.requestLine)
        } catch {
            let tooLong = HTTPFailure.bad("The status line exceeds \(limits.requestLine) bytes")
            throw error.failure("The status line", tooLong: tooLong)
        }
        guard let text else { return nil }
        let isVersion1 = text.starts(with: "HTTP/1.".utf8)
        let parts = text.split(separator: .space, maxSplits: 2, omittingEmptySubsequences: false)
        guard isVersion1, parts.count >= 2, parts[0].count == 8, parts[1].count == 3,
            let code = Int(String(decoding: parts[1], as: UTF8.self)), (100...599).contains(code)
        else { throw .bad("The server's answer does not begin with an HTTP/1.1 status line") }
        return HTTPStatus(code)
    }
}
