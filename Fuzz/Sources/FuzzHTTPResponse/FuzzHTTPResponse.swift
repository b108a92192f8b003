import FuzzDriver
import ParleyHTTP

/// Reads the input as a server's answer, whole and cut up.
@main
enum FuzzHTTPResponse {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    _ = readInAnyPieces(bytes, read)
}

private struct Answer: Equatable {
    var head: HTTPResponse?
    var body: [UInt8] = []
    var isWhole = false
    var failure: HTTPFailure?
}

private func read(_ pieces: [[UInt8]]) -> Answer {
    var parser = HTTPResponseParser()
    var answer = Answer()
    do throws(HTTPFailure) {
        for piece in pieces {
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
