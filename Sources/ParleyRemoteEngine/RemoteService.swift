internal import ParleyEngine
internal import ParleyHTTP
internal import ParleyJSON
package import ParleyNetwork
internal import Synchronization

/// What the three remote engines share: clients, state, load, tries, and the words for what fails.
///
/// One for each engine; callable from any task.
package final class RemoteService: Sendable {
    let name: String
    let endpoint: RemoteEndpoint
    /// One for each loop: a session hears its answer on its own loop, without a hop.
    private let clients: [HTTPClient]
    private let clock: any Clock<Duration>
    private let life = Mutex(EngineState.cold)
    private let running = Atomic<Int>(0)

    /// Bytes of an error or a whole answer that are read.
    ///
    /// Chosen: far more than a transcript or a text answer takes.
    static let bodyLimit = 8 << 20
    /// Bytes of an answer that streams.
    ///
    /// Chosen: ten minutes of 24 kHz speech, and far more than any text.
    static let streamLimit = 32 << 20

    /// Makes a service.
    ///
    /// - Parameters:
    ///   - name: Under which the engine is known.
    ///   - endpoint: Where it is, and how patient we are.
    ///   - clients: One for each event loop; without any, every call fails.
    ///   - clock: Keeps the waits between tries.
    package init(
        name: String,
        endpoint: RemoteEndpoint,
        clients: [HTTPClient],
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.name = name
        self.endpoint = endpoint
        self.clients = clients
        self.clock = clock
    }

    /// Makes a service with clients of its own on each loop.
    convenience init(name: String, endpoint: RemoteEndpoint, group: EventLoopGroup) {
        let clients = group.loops.compactMap { try? HTTPClient(on: $0) }
        self.init(name: name, endpoint: endpoint, clients: clients)
    }

    var host: String { endpoint.baseURL.host }
    var state: EngineState { life.withLock(\.self) }

    var load: EngineLoad {
        EngineLoad(running: running.load(ordering: .relaxed), of: endpoint.requestLimit)
    }

    /// Asks for the list of models: any answer but a refusal of our key is a sign of life.
    func prepare() async throws(EngineError) {
        if state == .ready { return }
        life.withLock { $0 = .loading }
        do throws(EngineError) {
            try await call(within: endpoint.timeouts) { tries throws(RemoteFailure) in
                do throws(RemoteFailure) {
                    _ = try await self.open(self.request(.get, "models"), tries)
                } catch  where [.request, .rejected].contains(error.error.fault) {
                    // A service without such a list is alive all the same.
                }
            }
        } catch {
            life.withLock { $0 = error.fault == .cancelled ? .cold : .failed(error) }
            throw error
        }
    }

    /// Makes a request of ours with key and patience.
    func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(method, endpoint.baseURL.appending(path: path))
        authorize(&request)
        return request
    }

    /// Makes a request with a body of JSON, as it is sent.
    func request(posting json: [UInt8], to path: String) -> HTTPClientRequest {
        var request = request(.post, path)
        request.headers.add(.contentType, "application/json")
        request.body = json
        return request
    }

    /// Makes a request with a form.
    func request(posting form: consuming MultipartBuilder, to path: String) -> HTTPClientRequest {
        let url = endpoint.baseURL.appending(path: path)
        var request = HTTPClientRequest(posting: form, to: url)
        authorize(&request)
        return request
    }

    private func authorize(_ request: inout HTTPClientRequest) {
        guard let key = endpoint.key else { return }
        request.headers.add(.authorization, "Bearer \(key.revealed)")
    }
}

/// One call while it lasts: what is left of its time, and what was told already.
final class RemoteCall {
    private let deadline: ContinuousClock.Instant
    /// Something was reported: the call can't be tried again without saying it twice.
    var hasReported = false

    init(total: Duration) {
        deadline = .now + total
    }

    /// What is left; at least a moment, as no time at all would mean "for ever" to some.
    var remaining: Duration { max(.milliseconds(1), ContinuousClock.now.duration(to: deadline)) }
    var isOver: Bool { .now >= deadline }
}

extension RemoteService {
    /// Runs a call, again while it fails in passing and nothing was reported.
    func call<Value>(
        within timeouts: RemoteEndpoint.Timeouts,
        _ body: (RemoteCall) async throws(RemoteFailure) -> Value
    ) async throws(EngineError) -> Value {
        let count = running.add(1, ordering: .relaxed).newValue
        defer { running.subtract(1, ordering: .relaxed) }
        guard count <= endpoint.requestLimit else {
            throw EngineError(.overloaded, "more than \(endpoint.requestLimit) requests at once")
        }
        let call = RemoteCall(total: timeouts.total)
        var tries = 0
        while true {
            do throws(RemoteFailure) {
                let value = try await body(call)
                life.withLock { $0 = .ready }
                return value
            } catch {
                guard !Task.isCancelled else { throw EngineError(.cancelled, "cancelled") }
                guard let wait = wait(after: error, call: call, tries: tries) else {
                    note(error)
                    throw error.error
                }
                tries += 1
                try await pause(wait)
            }
        }
    }

    /// How long to wait before the next try; nil when there is none.
    private func wait(after failure: RemoteFailure, call: RemoteCall, tries: Int) -> Duration? {
        let retries = endpoint.retries
        guard failure.isPassing, !call.hasReported, tries < retries.limit else { return nil }
        let backoff = min(retries.backoff * (1 << min(tries, 16)), retries.longestWait)
        let wait = max(backoff, failure.retryAfter ?? .zero)
        guard wait <= retries.longestWait, wait < call.remaining else { return nil }
        return wait
    }

    private func pause(_ duration: Duration) async throws(EngineError) {
        do {
            try await clock.sleep(for: duration)
        } catch {
            throw EngineError(.cancelled, "cancelled between two tries")
        }
    }

    /// A service that can't be reached, or refuses us whatever we ask, has failed until it answers
    /// again; one that has too much to do, or failed at one request, has not.
    private func note(_ failure: RemoteFailure) {
        let lasting: [EngineError.Fault] = [.unavailable, .refused, .quotaExceeded]
        guard lasting.contains(failure.error.fault) else { return }
        life.withLock { $0 = .failed(failure.error) }
    }

    /// Sends a request and waits for a head that promises an answer.
    func open(
        _ request: HTTPClientRequest,
        _ call: RemoteCall
    ) async throws(RemoteFailure) -> HTTPClientResponse {
        guard !call.isOver else { throw RemoteFailure(.timeout, "\(host) took too long") }
        var request = request
        request.timeouts.connect = endpoint.timeouts.connect
        request.timeouts.firstByte = endpoint.timeouts.firstByte
        request.timeouts.idle = endpoint.timeouts.idle
        request.timeouts.total = call.remaining
        request.responseLimit = Self.streamLimit
        let client = try client()
        let response: HTTPClientResponse
        do throws(NetworkError) {
            response = try await client.execute(request)
        } catch {
            throw RemoteFailure(error)
        }
        guard response.status.code / 100 == 2 else {
            let body = try? await wholeJSON(response)
            throw RemoteFailure(
                status: response.status,
                headers: response.headers,
                body: body.flatMap(ErrorBody.init),
                host: host
            )
        }
        return response
    }

    /// The whole body as JSON.
    func wholeJSON(_ response: HTTPClientResponse) async throws(RemoteFailure) -> JSON {
        let body: [UInt8]
        do throws(NetworkError) {
            body = try await response.collect(limit: Self.bodyLimit)
        } catch {
            throw RemoteFailure(error)
        }
        do throws(JSONError) {
            return try JSON.parse(body)
        } catch {
            let kind = response.headers[.contentType].map { Self.mediaType($0) } ?? "no type"
            throw .malformed(host, "no JSON but \(body.count) bytes of \(kind)")
        }
    }

    /// The media type without its parameters; only its letters, as it goes to the log.
    static func mediaType(_ text: String) -> String {
        let type = text.lowercased().prefix { $0 != ";" && $0 != " " }
        return String(type.filter { $0.isLetter || $0.isNumber || "/-+.".contains($0) }.prefix(60))
    }

    /// The client of the loop that we are on, if we are on one.
    private func client() throws(RemoteFailure) -> HTTPClient {
        if let client = clients.first(where: { $0.loop.isCurrent }) ?? clients.first {
            return client
        }
        throw RemoteFailure(.unavailable, "no HTTP client could be set up")
    }
}
