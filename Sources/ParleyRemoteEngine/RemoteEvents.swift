internal import ParleyEngine
internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyNetwork

/// The events of one answer, as JSON.
struct RemoteEvents {
    private let response: HTTPClientResponse
    private let host: String
    private var parser = EventStreamParser(limit: RemoteEvents.eventLimit)
    private var input: [UInt8] = []
    private var offset = 0

    /// Chosen: a whole tool call with large arguments fits.
    private static let eventLimit = 1 << 20

    init(_ response: HTTPClientResponse, host: String) {
        self.response = response
        self.host = host
    }

    /// Whether a response is a stream of events; some services answer a stream's request as a
    /// whole.
    static func isStream(_ response: HTTPClientResponse) -> Bool {
        let type = response.headers[.contentType].map { RemoteService.mediaType($0) }
        return type == "text/event-stream"
    }

    /// The service has said that nothing more comes.
    private(set) var isDone = false

    /// The next event; nil at `[DONE]` and at the end of the answer, which of both ``isDone`` says.
    mutating func next() async throws(RemoteFailure) -> JSON? {
        guard let event = try await nextEvent() else { return nil }
        if event.data == "[DONE]" {
            isDone = true
            return nil
        }
        guard let value = try? JSON.parse(event.data) else {
            throw .malformed(host, "an event that is no JSON")
        }
        if let error = ErrorBody(value) { throw failure(of: error) }
        return value
    }

    private func failure(of error: ErrorBody) -> RemoteFailure {
        let reason = error.summary.map { " (\($0))" } ?? ""
        return RemoteFailure(.inference, "\(host) sent an error in its answer\(reason)")
    }

    private mutating func nextEvent() async throws(RemoteFailure) -> StreamEvent? {
        while true {
            do throws(EventStreamParser.TooLarge) {
                let bytes = input
                if let event = try parser.next(bytes.span, at: &offset) { return event }
            } catch {
                throw .malformed(host, "an event of more than \(Self.eventLimit) bytes")
            }
            do throws(NetworkError) {
                guard let piece = try await response.next() else { return nil }
                input = piece
                offset = 0
            } catch {
                throw RemoteFailure(error)
            }
        }
    }
}
