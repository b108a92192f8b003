package import ParleyHTTP

/// An HTTP client on one loop, with connections kept for its further requests.
///
/// Callable from any task; a task of the same loop hears each byte without a hop. Redirects are not
/// followed: who configures a URL means that one.
package actor HTTPClient {
    /// Where exchanges take place.
    package nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    private let configuration: HTTPClientConfiguration
    private let multi: CurlMulti

    /// - Parameters:
    ///   - loop: Where exchanges take place; it must outlive the client.
    ///   - configuration: What all requests have in common.
    /// - Throws: ``NetworkError`` when libcurl cannot be set up.
    package init(
        on loop: EventLoop,
        configuration: HTTPClientConfiguration = HTTPClientConfiguration()
    ) throws(NetworkError) {
        self.loop = loop
        self.configuration = configuration
        multi = try CurlMulti(loop, keptConnections: configuration.keptConnections)
    }

    deinit {
        let multi = multi
        loop.execute { multi.close() }
    }

    /// Sends a request and waits for the head of its response.
    ///
    /// Cancelling the task ends the exchange at once; so does letting the response go.
    /// - Parameter request: What to send.
    /// - Returns: The response, whatever its status, with its body still to come.
    /// - Throws: ``NetworkError``.
    package func execute(
        _ request: HTTPClientRequest
    ) async throws(NetworkError) -> HTTPClientResponse {
        let transfer = try CurlTransfer(request, multi, configuration)
        try transfer.start()
        while true {
            if let status = try transfer.head() {
                return HTTPClientResponse(transfer, status, self)
            }
            await wait(for: transfer)
        }
    }

    fileprivate func next(of transfer: CurlTransfer) async throws(NetworkError) -> [UInt8]? {
        while true {
            switch try transfer.read() {
            case .piece(let piece): return piece
            case .end: return nil
            case .wait: await wait(for: transfer)
            }
        }
    }

    private func wait(for transfer: CurlTransfer) async {
        if Task.isCancelled { return transfer.fail(.cancelled(transfer.place)) }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { park($0, for: transfer) }
        } onCancel: {
            loop.execute { transfer.fail(.cancelled(transfer.place)) }
        }
    }

    /// A method of the actor, since a closure that does not touch the actor runs anywhere.
    private func park(
        _ continuation: UnsafeContinuation<Void, Never>,
        for transfer: CurlTransfer
    ) { transfer.park(continuation) }

    /// Cancels all exchanges; to be called before the loop ends.
    package func close() { multi.close() }
}

/// A response whose body is still arriving; letting it go ends the exchange.
package final class HTTPClientResponse: Sendable, AsyncSequence {
    /// The status.
    package let status: HTTPStatus
    /// The headers.
    package let headers: HTTPHeaders
    private let transfer: CurlTransfer
    private let client: HTTPClient

    /// Called on the loop.
    init(_ transfer: CurlTransfer, _ status: HTTPStatus, _ client: HTTPClient) {
        self.transfer = transfer
        self.client = client
        self.status = status
        headers = transfer.headers
    }

    deinit {
        let transfer = transfer
        client.loop.execute { transfer.fail(.cancelled(transfer.place)) }
    }

    /// The next piece of the body; nil at its end.
    ///
    /// Not asking slows the server down.
    /// - Throws: ``NetworkError``.
    package func next() async throws(NetworkError) -> [UInt8]? {
        try await client.next(of: transfer)
    }

    /// The whole body.
    ///
    /// - Parameter limit: How much may come.
    /// - Returns: All its bytes.
    /// - Throws: ``NetworkError``, of kind `tooLarge` when more comes.
    package func collect(limit: Int) async throws(NetworkError) -> [UInt8] {
        var whole: [UInt8] = []
        while let piece = try await next() {
            guard whole.count + piece.count <= limit else {
                throw NetworkError(
                    .tooLarge,
                    "\(transfer.place) sent more than the \(limit) bytes allowed"
                )
            }
            if whole.isEmpty { whole = piece } else { whole += piece }
        }
        return whole
    }

    /// The body as server-sent events.
    ///
    /// - Parameter limit: Bytes of one event.
    /// - Returns: The events, to be read once.
    package func events(limit: Int = EventStreamParser.defaultLimit) -> HTTPEventStream {
        HTTPEventStream(response: self, limit: limit)
    }

    /// Reads the body's pieces.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let response: HTTPClientResponse

        package mutating func next() async throws -> [UInt8]? { try await response.next() }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(response: self) }
}

/// The server-sent events of a response.
package struct HTTPEventStream: AsyncSequence, Sendable {
    fileprivate let response: HTTPClientResponse
    fileprivate let limit: Int

    /// Reads one event after the other.
    package struct Iterator: AsyncIteratorProtocol {
        private let response: HTTPClientResponse
        private var parser: EventStreamParser
        private var input: [UInt8] = []
        private var offset = 0

        fileprivate init(_ stream: HTTPEventStream) {
            response = stream.response
            parser = EventStreamParser(limit: stream.limit)
        }

        /// The next event; nil at the end of the response.
        ///
        /// - Throws: ``NetworkError``, of kind `tooLarge` for an event beyond the limit.
        package mutating func next() async throws -> StreamEvent? {
            while true {
                do throws(EventStreamParser.TooLarge) {
                    let bytes = input
                    if let event = try parser.next(bytes.span, at: &offset) { return event }
                } catch {
                    throw NetworkError(.tooLarge, error.message)
                }
                offset = 0
                guard let piece = try await response.next() else { return nil }
                input = piece
            }
        }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(self) }
}
