import FuzzDriver
import ParleyRealtime

/// Reads the input as a client event, in every mode and both ways.
@main
enum FuzzClientEvent {
    static func main() {
        runFuzzer { start, count in
            check(Array(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }
}

private func check(_ message: [UInt8]) {
    for isStrict in [false, true] {
        var decoder = EventDecoder()
        decoder.refusesUnknownMembers = isStrict
        decoder.hasOutputAudioBuffer = isStrict
        let short = Result { () throws(EventDecodingError) in try decoder.decode(message) }
        let full = Result { () throws(EventDecodingError) in try decoder.decodeFully(message) }
        precondition(short == full, "The short way decides otherwise")
        if case .failure(let failure) = short { check(failure) }
    }
}

/// An error can be sent, whatever led to it, and stays small.
private func check(_ failure: EventDecodingError) {
    precondition((failure.error.param?.unicodeScalars.count ?? 0) <= 256, "The param is too long")
    precondition(failure.error.message.unicodeScalars.count <= 1_024, "The message is too long")
    precondition(!failure.error.message.isEmpty && failure.error.code != nil, "The error is empty")
    let event = ServerEvent(
        id: "event_1",
        .error(failure.error, clientEventID: failure.clientEventID)
    )
    precondition(!EventEncoder().encode(event).isEmpty, "The error can't be written")
}
