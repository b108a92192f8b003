import FuzzDriver
import ParleyHTTP

/// Reads the input as a server's answer, whole and cut up.
@main
enum FuzzHTTPResponse {
    static func main() {
        runFuzzer { start, count in
            check(Array(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }
}

private func check(_ bytes: [UInt8]) {
    let whole = read(bytes, cut: max(1, bytes.count))
    let step = Int(bytes.last ?? 1) % 7 + 1
    precondition(read(bytes, cut: step) == whole, "A cut into pieces of \(step) changed the result")
}

private struct Answer: Equatable {
    var head: HTTPResponse?
    var body: [UInt8] = []
    var isWhole = false
    var failure: HTTPFailure?
}

private func read(_ bytes: [UInt8], cut step: Int) -> Answer {
    var parser = HTTPResponseParser()
    var answer = Answer()
    do throws(HTTPFailure) {
        for start in stride(from: 0, to: bytes.count, by: step) {
            let piece = Array(bytes[start..<min(start + step, bytes.count)])
            var offset = 0
            while let event = try parser.next(piece.span, at: &offset) { answer.take(event, piece) }
        }
        if try parser.finish() == .end { answer.isWhole = true }
    } catch {
        answer.failure = error
    }
    return answer
}

extension Answer {
    fileprivate mutating func take(_ event: HTTPResponseParser.Event, _ piece: [UInt8]) {
        switch event {
        case .head(let response): head = response
        case .body(let range): body += piece[range]
        case .end: isWhole = true
        }
    }
}
