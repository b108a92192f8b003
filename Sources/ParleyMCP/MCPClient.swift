package import ParleyHTTP
package import ParleyJSON

/// A client of one MCP server, without a network: answers go in, requests come out.
///
/// It shakes hands when something is first asked, lists tools page by page, calls several at once,
/// answers what the server asks, asks for the rest of answers that broke off, begins anew when the
/// server has forgotten the session, and says goodbye. Servers that only know the older transport
/// with its one stream of events are spoken to over that.
///
/// - Source: MCP 2025-11-25, "Lifecycle", "Transports", "Tools", "Cancellation", "Ping".
package struct MCPClient: Sendable {
    /// Names something that was asked for.
    package struct WorkID: Hashable, Sendable {
        package let number: Int

        package init(_ number: Int) { self.number = number }
    }

    /// Names a request over HTTP.
    package struct ExchangeID: Hashable, Sendable {
        package let number: Int
    }

    /// What can happen.
    package enum Input: Sendable {
        /// Somebody wants all tools.
        case list(WorkID)
        /// Somebody wants a tool to be called.
        case call(WorkID, name: String, arguments: JSONObject)
        /// Nobody waits for it any more.
        case cancel(WorkID)
        /// The head of an answer.
        case head(ExchangeID, status: Int, HTTPHeaders)
        /// More of its body.
        case body(ExchangeID, [UInt8])
        /// Its end.
        case end(ExchangeID)
        /// There is no answer, or it broke off.
        case lost(ExchangeID, MCPFailure)
        /// That was all.
        case close
    }

    /// What is wanted.
    package enum Output: Sendable, Hashable {
        /// Make this request, and report what comes.
        case open(ExchangeID, MCPHTTPRequest)
        /// Break it off; report nothing more.
        case abandon(ExchangeID)
        case listed(WorkID, [MCPToolDescription])
        /// What the tool says.
        case called(WorkID, String)
        case failed(WorkID, MCPFailure)
        /// The goodbye was said, or none is needed.
        case closed
    }

    enum Stage: Sendable, Hashable {
        /// Nothing was said. Next: ``greeting``.
        case fresh
        /// The handshake is going on. Next: ``ready``, or ``fresh`` when it fails.
        case greeting
        /// Next: ``fresh`` when the server forgets us, or ``closed``.
        case ready
        /// Silence.
        case closed
    }

    /// How messages travel.
    enum Transport: Sendable, Hashable {
        /// Each in a request of its own, whose response brings the answer.
        case streamable
        /// Answers come over one stream, which says where messages go.
        case legacy(stream: ExchangeID, endpoint: WebURL?)
    }

    enum Job: Sendable {
        case list(MCPToolPages)
        case call(name: String, arguments: JSONObject)
    }

    /// Something asked for.
    struct Work: Sendable {
        var job: Job
        /// How often the server has forgotten the session meanwhile.
        var restarts = 0
    }

    /// What a message of ours that wants an answer is about.
    enum Question: Sendable, Hashable {
        case greeting
        case work(WorkID)
    }

    /// Who we are.
    package struct Identity: Sendable, Hashable {
        package var name: String
        package var version: String

        package init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    let identity: Identity
    let headers: HTTPHeaders
    let limits: MCPLimits
    /// Where messages go; redirects within the origin change it.
    var url: WebURL
    var stage = Stage.fresh
    var transport = Transport.streamable
    var hasTriedLegacy = false
    /// What the server said to the greeting by HTTP, before the older transport was tried.
    var refusal: MCPFailure?
    /// What the head of the answer to the greeting names.
    var greetedSession: String?
    var version: MCPVersion?
    var sessionID: String?
    var exchanges: [ExchangeID: MCPExchange] = [:]
    var questions: [Int: Question] = [:]
    var works: [WorkID: Work] = [:]
    /// Works that no message was sent for, in their order.
    var waiting: [WorkID] = []
    var outputs: [Output] = []
    private var lastExchange = 0
    private var lastQuestion = 0

    /// Makes a client that has said nothing.
    ///
    /// - Parameters:
    ///   - url: Where the server listens, `http` or `https`.
    ///   - headers: What goes along with every message.
    ///   - identity: Who we say we are.
    ///   - limits: The bounds.
    package init(
        url: WebURL,
        headers: HTTPHeaders = HTTPHeaders(),
        identity: Identity,
        limits: MCPLimits = MCPLimits()
    ) {
        self.url = url
        self.headers = headers
        self.identity = identity
        self.limits = limits
    }

    /// The server as messages may name it.
    package var host: String { url.authority.description }

    /// Takes one input and says what is wanted, in order.
    ///
    /// - Parameter input: What happened; about exchanges that are over, it is stale and ignored.
    /// - Returns: What to do.
    package mutating func handle(_ input: Input) -> [Output] {
        switch input {
        case .list(let id): begin(id, .list(MCPToolPages()))
        case .call(let id, let name, let arguments):
            begin(id, .call(name: name, arguments: arguments))
        case .cancel(let id): cancel(id)
        case .head(let id, let status, let headers): readHead(of: id, status, headers)
        case .body(let id, let bytes): read(bytes, of: id)
        case .end(let id): readEnd(of: id)
        case .lost(let id, let failure): breakOff(id, failure)
        case .close: close()
        }
        let taken = outputs
        outputs = []
        return taken
    }

    // MARK: Messages of ours

    /// Sends a message.
    ///
    /// - Returns: The request that carries it.
    @discardableResult
    mutating func send(_ message: RPCMessage, _ purpose: MCPExchange.Purpose) -> ExchangeID {
        var fields = headers
        fields.add(.contentType, "application/json")
        fields.add(.accept, "application/json, text/event-stream")
        return open(
            MCPHTTPRequest(method: .post, url: endpoint, headers: fields, body: message.bytes),
            purpose
        )
    }

    private var endpoint: WebURL {
        if case .legacy(_, let endpoint?) = transport { endpoint } else { url }
    }

    /// Asks something.
    mutating func ask(_ question: Question, _ method: String, _ params: JSONObject) {
        lastQuestion += 1
        questions[lastQuestion] = question
        let id = lastQuestion
        send(.request(id: .integer(id), method: method, params: params), .request(id))
    }

    /// Opens a request over HTTP, in the session if there is one.
    mutating func open(
        _ request: MCPHTTPRequest,
        _ purpose: MCPExchange.Purpose,
        redirectCount: Int = 0
    ) -> ExchangeID {
        lastExchange += 1
        let id = ExchangeID(number: lastExchange)
        var request = request
        // Set, not added: a request that is sent again may name them already.
        request.headers["Mcp-Session-Id"] = sessionID
        request.headers["MCP-Protocol-Version"] = version?.rawValue
        var exchange = MCPExchange(
            purpose: purpose,
            request: request,
            sessionID: sessionID,
            events: EventStreamParser(limit: limits.messageByteCount)
        )
        exchange.redirectCount = redirectCount
        exchanges[id] = exchange
        outputs.append(.open(id, request))
        return id
    }

    /// Breaks a request off.
    mutating func abandon(_ id: ExchangeID) {
        guard exchanges.removeValue(forKey: id) != nil else { return }
        outputs.append(.abandon(id))
    }
}
