internal import ParleyEngine
internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyMCP
internal import ParleyNetwork

/// One MCP server over HTTP: makes the requests that an `MCPClient` wants.
///
/// Lives on the loop of its HTTP client. It owns a task for each request, and awaits them all when
/// it is closed.
actor MCPConnection: ToolConnection {
    private typealias WorkID = MCPClient.WorkID
    private typealias ExchangeID = MCPClient.ExchangeID

    private enum Answer: Sendable {
        case tools([ToolDescription])
        case text(String)
        case failure(ToolError)
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    private let http: HTTPClient
    private let configuration: MCPEngine.Configuration
    private let host: String
    private var client: MCPClient
    private var waiters: [WorkID: CheckedContinuation<Answer, Never>] = [:]
    private var exchanges: [ExchangeID: Task<Void, Never>] = [:]
    /// Broken off, but not yet at their ends.
    private var ending: [ExchangeID: Task<Void, Never>] = [:]
    private var lastWork = 0

    /// Prepares a connection; nothing is sent before it is used.
    init(_ client: MCPClient, over http: HTTPClient, _ configuration: MCPEngine.Configuration) {
        self.client = client
        self.http = http
        self.configuration = configuration
        loop = http.loop
        host = client.host
    }

    // MARK: Asking

    func listTools() async throws(ToolError) -> [ToolDescription] {
        switch await ask({ .list($0) }) {
        case .tools(let tools): return tools
        case .failure(let error): throw error
        case .text: throw Self.confusion
        }
    }

    func call(_ name: String, arguments: JSONObject) async throws(ToolError) -> String {
        switch await ask({ .call($0, name: name, arguments: arguments) }) {
        case .text(let text): return text
        case .failure(let error): throw error
        case .tools: throw Self.confusion
        }
    }

    private static let confusion = ToolError(
        .protocolViolation(code: RPCError.internalError),
        "The answer belongs to another question."
    )

    private func ask(_ input: (WorkID) -> MCPClient.Input) async -> Answer {
        lastWork += 1
        let id = WorkID(lastWork)
        let wish = input(id)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(id, wish, continuation)
            }
        } onCancel: {
            // On the loop, and so behind the beginning.
            loop.execute { [weak self] in self?.assumeIsolated { $0.cancel(id) } }
        }
    }

    private func begin(
        _ id: WorkID,
        _ wish: MCPClient.Input,
        _ continuation: CheckedContinuation<Answer, Never>
    ) {
        waiters[id] = continuation
        feed(wish)
    }

    private func cancel(_ id: WorkID) {
        guard let waiter = waiters.removeValue(forKey: id) else { return }
        feed(.cancel(id))
        waiter.resume(returning: .failure(ToolError(.cancelled, "The call was cancelled.")))
    }

    func close() async {
        feed(.close)
        while let (id, task) = exchanges.first ?? ending.first {
            await task.value
            exchanges[id] = nil
            ending[id] = nil
        }
    }

    // MARK: The client's wishes

    private func feed(_ input: MCPClient.Input) {
        for output in client.handle(input) {
            switch output {
            case .open(let id, let request): open(id, request)
            case .abandon(let id):
                guard let task = exchanges.removeValue(forKey: id) else { break }
                task.cancel()
                ending[id] = task
            case .listed(let id, let tools): answer(id, .tools(tools.map(ToolDescription.init)))
            case .called(let id, let text): answer(id, .text(text))
            case .failed(let id, let failure): answer(id, .failure(ToolError(failure, host)))
            case .closed: break
            }
        }
    }

    private func answer(_ id: WorkID, _ answer: Answer) {
        waiters.removeValue(forKey: id)?.resume(returning: answer)
    }

    private func open(_ id: ExchangeID, _ request: MCPHTTPRequest) {
        exchanges[id] = Task(executorPreference: loop) {
            // One that is cancelled meanwhile fails by itself.
            if let pause = request.pause {
                try? await Task.sleep(for: pause, clock: self.loop.clock)
            }
            await self.run(id, self.prepared(request))
            await self.finish(id)
        }
    }

    private func finish(_ id: ExchangeID) {
        exchanges[id] = nil
        ending[id] = nil
    }

    private func prepared(_ wanted: MCPHTTPRequest) -> HTTPClientRequest {
        var request = HTTPClientRequest(
            wanted.method,
            wanted.url,
            headers: wanted.headers,
            body: wanted.body
        )
        request.headers[.userAgent] = request.headers[.userAgent] ?? configuration.identity.name
        request.timeouts.connect = configuration.connectTime
        request.timeouts.firstByte = configuration.silence
        request.timeouts.idle = wanted.isStream ? nil : configuration.silence
        if wanted.method == .delete { request.timeouts.total = configuration.farewellTime }
        if !wanted.isStream { request.responseLimit = configuration.responseByteCount }
        return request
    }

    /// Makes one request and reports what comes, for as long as somebody wants it.
    private func run(_ id: ExchangeID, _ request: HTTPClientRequest) async {
        do throws(NetworkError) {
            let response = try await http.execute(request)
            report(id, .head(id, status: response.status.code, response.headers))
            while !Task.isCancelled, let piece = try await response.next() {
                report(id, .body(id, piece))
            }
            report(id, .end(id))
        } catch {
            report(id, .lost(id, MCPFailure(error)))
        }
    }

    private func report(_ id: ExchangeID, _ input: MCPClient.Input) {
        // A client that has broken it off is told nothing more.
        guard !Task.isCancelled else { return }
        feed(input)
    }
}

extension ToolDescription {
    fileprivate init(_ tool: MCPToolDescription) {
        self.init(
            name: tool.name,
            description: tool.description,
            inputSchema: tool.inputSchema,
            annotations: tool.annotations
        )
    }
}

extension ToolError {
    /// The protocol's failure; what a tool or a server says stays out of the log.
    fileprivate init(_ failure: MCPFailure, _ host: String) {
        let (fault, reason): (Fault, String) =
            switch failure.kind {
            case .protocolViolation(let code):
                (.protocolViolation(code: code), "\(host): protocol error \(code)")
            case .toolExecution: (.toolExecution, "\(host): a tool failed")
            case .http(let code): (.http(code: code), "\(host): \(failure.message)")
            case .cancelled: (.cancelled, "\(host): cancelled")
            }
        self.init(fault, failure.message, detail: reason)
    }
}

extension MCPFailure {
    /// What the network says, as the status that says the same.
    fileprivate init(_ error: NetworkError) {
        switch error.kind {
        case .timeout: self.init(.http(code: 504), error.message)
        case .forbidden: self.init(.http(code: 403), error.message)
        case .cancelled: self.init(.cancelled, error.message)
        case .tooLarge:
            self.init(.protocolViolation(code: RPCError.invalidRequest), error.message)
        case .resolve, .connect, .tls, .reset, .protocolViolation, .refused:
            self.init(.http(code: 502), error.message)
        }
    }
}
