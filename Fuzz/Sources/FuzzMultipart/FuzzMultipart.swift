import FuzzDriver
import ParleyHTTP

/// Reads the input as a form with the boundary `b`, whole and cut up; its first line may be a
/// `Content-Type` instead, which is then read for a boundary.
@main
enum FuzzMultipart {
    static func main() {
        runFuzzer { start, count in
            check(Array(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }
}

private func check(_ bytes: [UInt8]) {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let named = MultipartBoundary(contentType: String(decoding: line, as: UTF8.self))
    guard let boundary = named ?? MultipartBoundary(contentType: "multipart/form-data; boundary=b")
    else {
        return
    }
    let body = named == nil ? bytes : Array(bytes.dropFirst(line.count + 1))
    let whole = read(body, boundary, cut: max(1, body.count))
    let step = Int(body.last ?? 1) % 7 + 1
    precondition(
        read(body, boundary, cut: step) == whole,
        "A cut into pieces of \(step) changed the result"
    )
}

private struct Form: Equatable {
    var parts: [MultipartPart] = []
    var contents: [[UInt8]] = []
    var endedParts = 0
    var failure: HTTPFailure?
}

private func read(_ bytes: [UInt8], _ boundary: MultipartBoundary, cut step: Int) -> Form {
    var parser = MultipartParser(boundary)
    var form = Form()
    do throws(HTTPFailure) {
        for start in stride(from: 0, to: bytes.count, by: step) {
            let piece = Array(bytes[start..<min(start + step, bytes.count)])
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
