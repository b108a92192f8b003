internal import ParleyEngine
internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyNetwork

/// The events of one answer, as they come from the network.
struct RemoteEvents {
    private let response: HTTPClientResponse
    private let host: String
    private var events = AnswerEvents()
    private var input: [UInt8] = []
    private var offset = 0

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
    var isDone: Bool { events.isDone }

    /// The next event; nil at `[DONE]` and at the end of the answer, which of both ``isDone`` says.
    mutating func next() async throws(RemoteFailure) -> JSON? {
        while true {
            do throws(AnswerEvents.Fault) {
                let bytes = input
                if let value = try events.next(bytes.span, at: &offset) { return value }
            } catch {
                throw RemoteFailure(error, host: host)
            }
            if events.isDone { return nil }
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

extension RemoteFailure {
    /// What is wrong with a stream of events.
    fileprivate init(_ fault: AnswerEvents.Fault, host: String) {
        switch fault {
        case .tooLarge(let limit): self = .malformed(host, "an event of more than \(limit) bytes")
        case .notJSON: self = .malformed(host, "an event that is no JSON")
        case .failure(let fault, let summary):
            let reason = summary.map { " (\($0))" } ?? ""
            self.init(fault, "\(host) sent an error in its answer\(reason)")
        }
    }
}
