import ParleyHTTP
import ParleyTesting
import Testing

/// Random messages, written one way and read the other; a failure prints its seed.
@Suite struct HTTPRoundTripTests {
    /// A request as a client might send it, and what it means.
    private func request(
        _ random: inout SplitMix
    ) -> (bytes: [UInt8], body: [UInt8], path: String) {
        let path = "/" + String(random.next(), radix: 36)
        var text = "POST \(path) HTTP/1.1\r\nHost: h\r\n"
        for index in 0..<Int.random(in: 0...8, using: &random) {
            text += "X-\(index): \(String(random.next(), radix: 36))\r\n"
        }
        let body = random.bytes(count: Int.random(in: 0...200, using: &random))
        guard Bool.random(using: &random) else {
            text += "content-length:\(body.count)\r\n\r\n"
            return (Array(text.utf8) + body, body, path)
        }
        var bytes = Array("\(text)TRANSFER-ENCODING: Chunked\r\n\r\n".utf8)
        for piece in body.pieces([Int.random(in: 1...60, using: &random)]) {
            let isUpper = Bool.random(using: &random)
            let size = String(piece.count, radix: 16, uppercase: isUpper)
            bytes += Array("00\(size)\r\n".utf8) + piece + Array("\r\n".utf8)
        }
        return (bytes + Array("0\r\n\r\n".utf8), body, path)
    }

    private func cuts(_ random: inout SplitMix) -> [Int] {
        (0..<50).map { _ in Int.random(in: 1...80, using: &random) }
    }

    @Test("Random pipelines of requests are read as they were meant", arguments: 0..<200)
    func requests(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let sent = (0..<Int.random(in: 1...5, using: &random)).map { _ in request(&random) }
        let parsed = ParsedRequests(sent.flatMap(\.bytes), cut: cuts(&random))
        #expect(parsed.failure == nil, "seed \(seed)")
        #expect(parsed.messages.map(\.body) == sent.map(\.body), "seed \(seed)")
        #expect(parsed.messages.map(\.head.target.rawPath) == sent.map(\.path), "seed \(seed)")
        #expect(parsed.isIdle, "seed \(seed)")
    }

    @Test("Random damage gives the same result however the stream is cut", arguments: 0..<500)
    func damage(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var bytes = request(&random).bytes + request(&random).bytes
        let values = Array("\r\n\0 :;,0fF\t\u{7F}".utf8) + [0xFF]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            let value = values.randomElement(using: &random) ?? 0
            switch Int.random(in: 0...2, using: &random) {
            case 0: bytes[index] = value
            case 1: bytes.insert(value, at: index)
            default: bytes.remove(at: index)
            }
        }
        let whole = ParsedRequests(bytes)
        #expect(ParsedRequests(bytes, cut: [1]) == whole, "seed \(seed)")
        #expect(ParsedRequests(bytes, cut: cuts(&random)) == whole, "seed \(seed)")
    }

    @Test("What a server writes a client reads", arguments: 0..<200)
    func responses(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let body = random.bytes(count: Int.random(in: 0...300, using: &random))
        let isChunked = Bool.random(using: &random)
        let isOld = Bool.random(using: &random)
        let request = HTTPRequest(.get, HTTPTarget("/"), version: isOld ? .http10 : .http11)
        var serializer = HTTPResponseSerializer(answering: request)
        var out: [UInt8] = []
        let response = HTTPResponse(HTTPStatus(200 + seed % 4), headers: ["X-Seed": "\(seed)"])
        serializer.head(response, body: isChunked ? .chunked : .fixed(body.count), into: &out)
        for piece in body.pieces([Int.random(in: 1...90, using: &random)]) {
            serializer.body(piece, into: &out)
        }
        serializer.end(into: &out)
        let parsed = ParsedResponse(out, cut: cuts(&random))
        #expect(parsed.failure == nil, "seed \(seed)")
        #expect(parsed.isWhole, "seed \(seed)")
        #expect(parsed.body == body, "seed \(seed)")
        #expect(parsed.head?.headers["x-seed"] == "\(seed)")
        #expect(serializer.keepsAlive == !isOld)
    }
}
