import FuzzDriver
import ParleyRealtime

/// Reads the input as a client event, in every mode, dialect and kind of session, and both ways.
@main
enum FuzzClientEvent {
    static func main() { runFuzzer(check) }
}

private func check(_ message: [UInt8]) {
    for dialect in Dialect.allCases {
        for isStrict in [false, true] {
            var decoder = EventDecoder(dialect: dialect)
            decoder.refusesUnknownMembers = isStrict
            for kind in SessionKind.allCases {
                decoder.kind = kind
                check(message, decoder)
            }
        }
    }
}

private func check(_ message: [UInt8], _ decoder: EventDecoder) {
    let short = Result { () throws(EventDecodingError) in try decoder.decode(message) }
    let full = Result { () throws(EventDecodingError) in try decoder.decodeFully(message) }
    precondition(short == full, "The short way decides otherwise")
    if case .failure(let failure) = short { check(failure, decoder.dialect) }
}

/// An error can be sent, whatever led to it, and stays small.
private func check(_ failure: EventDecodingError, _ dialect: Dialect) {
    precondition((failure.error.param?.unicodeScalars.count ?? 0) <= 256, "The param is too long")
    precondition(failure.error.message.unicodeScalars.count <= 1_024, "The message is too long")
    precondition(!failure.error.message.isEmpty && failure.error.code != nil, "The error is empty")
    let event = ServerEvent(
        id: "event_1",
        .error(failure.error, clientEventID: failure.clientEventID)
    )
    let written = EventEncoder(dialect: dialect).encode(event)
    precondition(written?.isEmpty == false, "The error can't be written")
}
