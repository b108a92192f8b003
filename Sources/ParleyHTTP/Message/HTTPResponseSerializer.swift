/// Writes one response to one request: head, body as it comes, end.
///
/// Framing headers are its own: it drops `Content-Length`, `Transfer-Encoding` and `Connection`
/// from the response and writes what is true. HEAD, 204 and 304 get no body whatever is offered. A
/// client of HTTP/1.0 gets a body of unknown length by closing the connection. A body that differs
/// from its announced length never corrupts the next response: surplus is cut, and ``keepsAlive``
/// turns false.
///
/// - Source: RFC 9112, sections 6 and 9.
package struct HTTPResponseSerializer: Sendable {
    private enum State: Sendable {
        /// No head yet.
        case head
        /// This many bytes were promised and are still to come.
        case fixed(Int)
        case chunked
        /// The end of the connection ends the body.
        case untilClose
        /// Nothing may follow: HEAD, or a status without content.
        case bodiless
        case ended
    }

    private let isHead: Bool
    private let version: HTTPVersion
    private var state = State.head

    /// Whether the connection can serve another request; final after ``end(trailers:into:)``.
    package private(set) var keepsAlive: Bool

    /// - Parameters:
    ///   - request: The request that is answered; nil answers bytes that were no request, and
    ///     closes.
    ///   - closes: Whether the server wants to close, for draining or after an unread body.
    package init(answering request: HTTPRequest?, closes: Bool = false) {
        isHead = request?.method == .head
        version = request?.version ?? .http11
        keepsAlive = !closes && request?.keepsAlive ?? false
    }

    /// Writes the head.
    ///
    /// - Parameters:
    ///   - response: What to say; an informational status belongs to ``interim(_:into:)``.
    ///   - body: How much will follow; with HEAD, what GET would have had.
    ///   - out: Where the bytes are appended.
    package mutating func head(
        _ response: HTTPResponse,
        body: HTTPBodyLength,
        into out: inout [UInt8]
    ) {
        Self.writeStatusLine(response.status, into: &out)
        for field in response.headers.fields where !Self.isFraming(field.name) {
            Self.write(field, into: &out)
        }
        writeFraming(response.status, body, into: &out)
        if !keepsAlive {
            out.append("Connection: close\r\n")
        } else if version == .http10 {
            out.append("Connection: keep-alive\r\n")
        }
        out.append("\r\n")
    }

    /// Writes a piece of the body.
    package mutating func body(_ bytes: some Collection<UInt8>, into out: inout [UInt8]) {
        switch state {
        case .fixed(let remaining):
            if bytes.count > remaining { keepsAlive = false }
            out.append(contentsOf: bytes.prefix(remaining))
            state = .fixed(max(0, remaining - bytes.count))
        case .chunked where !bytes.isEmpty:
            out.append(number: bytes.count, radix: 16)
            out.append("\r\n")
            out.append(contentsOf: bytes)
            out.append("\r\n")
        case .untilClose:
            out.append(contentsOf: bytes)
        case .head, .chunked, .bodiless, .ended:
            break
        }
    }

    /// Ends the response; trailers are written only behind a chunked body.
    package mutating func end(
        trailers: HTTPHeaders = HTTPHeaders(),
        into out: inout [UInt8]
    ) {
        switch state {
        case .head: keepsAlive = false
        case .fixed(let remaining): if remaining > 0 { keepsAlive = false }
        case .chunked:
            out.append("0\r\n")
            for field in trailers.fields where !Self.isFraming(field.name) {
                Self.write(field, into: &out)
            }
            out.append("\r\n")
        case .untilClose, .bodiless, .ended: break
        }
        state = .ended
    }

    /// Writes a whole response.
    package mutating func respond(
        _ response: HTTPResponse,
        body: some Collection<UInt8>,
        into out: inout [UInt8]
    ) {
        head(response, body: .fixed(body.count), into: &out)
        self.body(body, into: &out)
        end(into: &out)
    }

    /// Writes "100 Continue", or "101 Switching Protocols" with its headers as they are.
    package static func interim(_ response: HTTPResponse, into out: inout [UInt8]) {
        writeStatusLine(response.status, into: &out)
        for field in response.headers.fields { write(field, into: &out) }
        out.append("\r\n")
    }

    private mutating func writeFraming(
        _ status: HTTPStatus,
        _ body: HTTPBodyLength,
        into out: inout [UInt8]
    ) {
        guard status.allowsBody else {
            state = .bodiless
            return
        }
        switch body {
        case .none: writeLength(0, into: &out)
        case .fixed(let count): writeLength(max(0, count), into: &out)
        case .chunked where version == .http11:
            out.append("Transfer-Encoding: chunked\r\n")
            state = isHead ? .bodiless : .chunked
        case .chunked:
            keepsAlive = false
            state = isHead ? .bodiless : .untilClose
        }
    }

    private mutating func writeLength(_ count: Int, into out: inout [UInt8]) {
        out.append("Content-Length: ")
        out.append(number: count)
        out.append("\r\n")
        state = isHead ? .bodiless : .fixed(count)
    }

    private static func isFraming(_ name: HTTPFieldName) -> Bool {
        name == .contentLength || name == .transferEncoding || name == .connection
    }

    private static func writeStatusLine(_ status: HTTPStatus, into out: inout [UInt8]) {
        out.append("HTTP/1.1 ")
        out.append(number: status.code)
        out.append(" ")
        out.append(status.reason)
        out.append("\r\n")
    }

    static func write(_ field: HTTPHeaders.Field, into out: inout [UInt8]) {
        out.append(field.name.spelling)
        out.append(": ")
        out.append(field.value)
        out.append("\r\n")
    }
}
