import FuzzDriver
import ParleyHTTP

/// Reads the input as a connection, whole and cut up, and what it read once more after writing it.
@main
enum FuzzHTTPRequest {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    let whole = readInAnyPieces(bytes) { read($0, HTTPLimits()) }
    for message in whole.messages { judge(message.head) }
    // Written, a message may have a host and a length that it had not before.
    var roomier = HTTPLimits()
    roomier.headerCount += 2
    roomier.headers += 1 << 10
    for message in whole.messages where message.isWhole {
        let again = read([write(message)], roomier)
        precondition(again.failure == nil && again.messages.count == 1, "Written, then refused")
        precondition(again.messages[0].body == message.body, "Written and read, the body differs")
        precondition(again.messages[0].head.target == message.head.target, "The target differs")
    }
}

/// Everything that looks into a head before it reaches a handler.
private func judge(_ head: HTTPRequest) {
    if case .accept(let response, _) = WebSocketHandshake.answer(head, protocols: ["realtime"]) {
        precondition(response.headers[.webSocketAccept]?.utf8.count == 28)
    }
    _ = WebSocketSubprotocols(offeredBy: head).value(after: "openai-insecure-api-key.")
    let policy = CORSPolicy(origins: .only(["https://a.example"]))
    _ = policy.preflight(head)
    _ = policy.responseHeaders(for: head)
    let content = StaticContent(tag: "t", byteCount: 10, mediaType: "text/plain")
    let range = content.answer(head).range
    precondition(range.lowerBound >= 0 && range.upperBound <= 10, "A range beyond the content")
    _ = head.headers[.contentType].map(ParameterizedValue.init)
    _ = (head.keepsAlive, head.expectsContinue, head.authority, head.mediaType, head.target.query)
}

private struct Connection: Equatable {
    var messages: [Message] = []
    var failure: HTTPFailure?
}

private struct Message: Equatable {
    var head: HTTPRequest
    var body: [UInt8] = []
    var isWhole = false
}

private func read(_ pieces: [[UInt8]], _ limits: HTTPLimits) -> Connection {
    var limits = limits
    limits.body = 1 << 16
    var parser = HTTPRequestParser(limits: limits)
    var result = Connection()
    for piece in pieces {
        var offset = 0
        do throws(HTTPFailure) {
            while let event = try parser.next(piece.span, at: &offset) { result.take(event, piece) }
        } catch {
            result.failure = error
            return result
        }
        precondition(offset == piece.count, "Input was left behind")
    }
    return result
}

extension Connection {
    fileprivate mutating func take(_ event: HTTPRequestParser.Event, _ piece: [UInt8]) {
        switch event {
        case .head(let head): messages.append(Message(head: head))
        case .body(let range): messages[messages.count - 1].body += piece[range]
        case .end: messages[messages.count - 1].isWhole = true
        }
    }
}

/// Writes a request with plain framing, as a proxy would.
private func write(_ message: Message) -> [UInt8] {
    let head = message.head
    let authority = head.authority ?? "h"
    var text =
        "\(head.method) \(head.method == .connect ? authority : "\(head.target)") HTTP/1.1\r\n"
    if let authority = head.target.authority, head.method != .connect {
        text = "\(head.method) http://\(authority)\(head.target) HTTP/1.1\r\n"
    }
    for field in head.headers.fields
    where ![.host, .contentLength, .transferEncoding, .expect].contains(field.name) {
        text += "\(field.name): \(field.value)\r\n"
    }
    return Array("\(text)Host: \(authority)\r\nContent-Length: \(message.body.count)\r\n\r\n".utf8)
        + message.body
}
