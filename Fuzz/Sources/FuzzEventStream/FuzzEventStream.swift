import FuzzDriver
import ParleyHTTP

/// Reads the input as an event stream, whole and cut up, and what it wrote of that once more.
@main
enum FuzzEventStream {
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
    var written: [UInt8] = []
    for event in whole.events { event.write(into: &written) }
    let again = read(written, cut: max(1, written.count))
    precondition(
        again.events.map(\.data) == whole.events.map(\.data),
        "Written and read, data differs"
    )
}

private struct Stream: Equatable {
    var events: [StreamEvent] = []
    var isTooLarge = false
}

private func read(_ bytes: [UInt8], cut step: Int) -> Stream {
    var parser = EventStreamParser(limit: 1 << 18)
    var stream = Stream()
    for start in stride(from: 0, to: bytes.count, by: step) {
        let piece = Array(bytes[start..<min(start + step, bytes.count)])
        var offset = 0
        do throws(EventStreamParser.TooLarge) {
            while let event = try parser.next(piece.span, at: &offset) {
                stream.events.append(event)
            }
        } catch {
            stream.isTooLarge = true
            return stream
        }
    }
    return stream
}
