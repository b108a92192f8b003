import FuzzDriver
import ParleyHTTP

/// Reads the input as an event stream, whole and cut up, and what it wrote of that once more.
@main
enum FuzzEventStream {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    let whole = readInAnyPieces(bytes, read)
    var written: [UInt8] = []
    for event in whole.events { event.write(into: &written) }
    let again = read([written])
    precondition(
        again.events.map(\.data) == whole.events.map(\.data),
        "Written and read, data differs"
    )
}

private struct Stream: Equatable {
    var events: [StreamEvent] = []
    var isTooLarge = false
}

private func read(_ pieces: [[UInt8]]) -> Stream {
    var parser = EventStreamParser(limit: 1 << 18)
    var stream = Stream()
    for piece in pieces {
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
