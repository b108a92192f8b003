import FuzzDriver
import ParleyHTTP

/// Reads the input as a form with the boundary `b`, whole and cut up; its first line may be a
/// `Content-Type` instead, which is then read for a boundary.
@main
enum FuzzMultipart {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let named = MultipartBoundary(contentType: String(decoding: line, as: UTF8.self))
    guard let boundary = named ?? MultipartBoundary(contentType: "multipart/form-data; boundary=b")
    else {
        return
    }
    let body = named == nil ? bytes : Array(bytes.dropFirst(line.count + 1))
    _ = readInAnyPieces(body) { read($0, boundary) }
}

private struct Form: Equatable {
    var parts: [MultipartPart] = []
    var contents: [[UInt8]] = []
    var endedParts = 0
    var failure: HTTPFailure?
}

private func read(_ pieces: [[UInt8]], _ boundary: MultipartBoundary) -> Form {
    var parser = MultipartParser(boundary)
    var form = Form()
    do throws(HTTPFailure) {
        for piece in pieces {
            var offset = 0
            while let event = try parser.next(piece.span, at: &offset) { form.take(event) }
            precondition(offset == piece.count, "Input was left behind")
        }
        try parser.finish()
    } catch {
        form.failure = error
    }
    return form
}

extension Form {
    fileprivate mutating func take(_ event: MultipartParser.Event) {
        switch event {
        case .part(let part):
            parts.append(part)
            contents.append([])
        case .content(let bytes): contents[contents.count - 1] += bytes
        case .partEnd: endedParts += 1
        case .end: break
        }
    }
}
