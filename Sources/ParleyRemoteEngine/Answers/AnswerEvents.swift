package import ParleyEngine
internal import ParleyHTTP
package import ParleyJSON

/// The events of one streamed answer: bytes in, JSON out, cut anywhere.
package struct AnswerEvents {
    /// Why a stream is of no more use.
    package enum Fault: Error, Equatable {
        /// An event is larger than this.
        case tooLarge(limit: Int)
        case notJSON
        /// The service has failed; what is wrong, and what of its words may be repeated.
        case failure(EngineError.Fault, summary: String?)
    }

    /// Chosen: a whole tool call with large arguments fits.
    private static let eventLimit = 1 << 20

    private var parser = EventStreamParser(limit: AnswerEvents.eventLimit)
    /// The service has said that nothing more comes.
    package private(set) var isDone = false

    package init() {}

    /// Reads on to the next event.
    ///
    /// - Parameters:
    ///   - input: The bytes just read.
    ///   - offset: Where in the input to go on; moved behind what was consumed.
    /// - Returns: The event; nil when all input is consumed, and at `[DONE]`, as ``isDone`` says.
    /// - Throws: ``Fault``; the events are then of no more use.
    package mutating func next(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(Fault) -> JSON? {
        guard !isDone, let data = try nextData(input, at: &offset) else { return nil }
        guard data != "[DONE]" else {
            isDone = true
            return nil
        }
        guard let value = try? JSON.parse(data) else { throw .notJSON }
        if let error = ErrorBody(value) {
            throw .failure(error.fault ?? .inference, summary: error.summary)
        }
        return value
    }

    private mutating func nextData(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(Fault) -> String? {
        do throws(EventStreamParser.TooLarge) {
            return try parser.next(input, at: &offset)?.data
        } catch {
            throw .tooLarge(limit: error.limit)
        }
    }
}
