/// What a ``WebSocketDecoder`` has read.
package enum WebSocketEvent: Sendable, Hashable {
    case message(WebSocketMessageKind, WebSocketPayload)
    /// To be answered with a pong of the same payload.
    case ping([UInt8])
    case pong([UInt8])
    /// Nothing follows; ``WebSocketCloseCode/noStatus`` where the frame had no code.
    case close(WebSocketClose)
}

/// What a message's payload is; text has been checked to be UTF-8.
package enum WebSocketMessageKind: Sendable, Hashable {
    case text
    case binary
}

/// Where a message's payload lies: in the input where it was unmasked, or gathered from pieces.
package enum WebSocketPayload: Sendable, Hashable {
    /// These bytes of the input.
    case inPlace(Range<Int>)
    case gathered([UInt8])

    package var count: Int {
        switch self {
        case .inPlace(let range): range.count
        case .gathered(let bytes): bytes.count
        }
    }

    /// Lends the bytes, without a copy.
    package func withBytes<Result, Failure: Error>(
        of input: UnsafeMutableRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch self {
        case .inPlace(let range):
            return try body(UnsafeRawBufferPointer(rebasing: input[range]))
        case .gathered(let bytes):
            return try bytes.span.withUnsafeBytes(body)
        }
    }

    /// The bytes, copied out of the input if they still lie there.
    package func bytes(of input: UnsafeMutableRawBufferPointer) -> [UInt8] {
        switch self {
        case .inPlace(let range): Array(input[range])
        case .gathered(let bytes): bytes
        }
    }
}
