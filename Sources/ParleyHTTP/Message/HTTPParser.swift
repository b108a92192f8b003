/// A reader of messages that is fed bytes and stays broken once they broke it.
package protocol HTTPParser {
    /// What was read.
    associatedtype Event

    /// Reads on to the next event; what is wrong with the bytes it only says.
    mutating func advance(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> Event?

    /// Turns into the state in which nothing more is read.
    mutating func fail(_ failure: HTTPFailure)
}

extension HTTPParser {
    /// Reads on to the next event.
    ///
    /// - Parameters:
    ///   - input: The bytes just read.
    ///   - offset: Where in the input to go on; moved behind what was consumed.
    /// - Returns: The event; nil when all input is consumed, or nothing more can follow.
    /// - Throws: ``HTTPFailure`` with the status to answer; every later call throws it again.
    package mutating func next(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(HTTPFailure) -> Event? {
        do throws(HTTPFailure) {
            return try advance(input, at: &offset)
        } catch {
            fail(error)
            throw error
        }
    }

    /// The same for bytes in a read buffer.
    package mutating func next(
        _ input: UnsafeRawBufferPointer,
        at offset: inout Int
    ) throws(HTTPFailure) -> Event? {
        try next(input.bindMemory(to: UInt8.self).span, at: &offset)
    }
}
