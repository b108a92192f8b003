import ParleyHTTP
import ParleyJSON
import Testing

@testable import ParleyMCP

/// A client and what it wants, with shorthands for what a server answers.
struct Talk {
    typealias WorkID = MCPClient.WorkID

    var client: MCPClient
    /// What the last input led to.
    private(set) var outputs: [MCPClient.Output] = []
    /// Every request that was opened, oldest first.
    private(set) var opened: [(id: MCPClient.ExchangeID, request: MCPHTTPRequest)] = []

    init(
        url: String = "https://h.example/mcp",
        headers: HTTPHeaders = HTTPHeaders(),
        configure: (inout MCPLimits) -> Void = { _ in }
    ) throws {
        var limits = MCPLimits()
        configure(&limits)
        client = MCPClient(
            url: try WebURL(url),
            headers: headers,
            identity: MCPClient.Identity(name: "tests", version: "1"),
            limits: limits
        )
    }

    mutating func feed(_ input: MCPClient.Input) {
        outputs = client.handle(input)
        for case .open(let id, let request) in outputs { opened.append((id, request)) }
    }

    /// The request that was opened last.
    var last: (id: MCPClient.ExchangeID, request: MCPHTTPRequest) {
        get throws { try #require(opened.last) }
    }

    /// The message that a request carries.
    func message(_ index: Int = -1) throws -> JSON {
        let place = index < 0 ? opened.count + index : index
        try #require(opened.indices.contains(place))
        return try JSON.parse(try #require(opened[place].request.body))
    }

    /// What failed at the last input.
    var failures: [MCPFailure] {
        outputs.compactMap { if case .failed(_, let failure) = $0 { failure } else { nil } }
    }

    // MARK: Answers

    /// Answers the last request with JSON.
    mutating func answer(
        _ body: String,
        status: Int = 200,
        headers: [(HTTPFieldName, String)] = []
    ) throws {
        try answer(try last.id, body, status: status, headers: headers)
    }

    mutating func answer(
        _ id: MCPClient.ExchangeID,
        _ body: String,
        status: Int = 200,
        headers: [(HTTPFieldName, String)] = []
    ) throws {
        try begin(id, status, type: "application/json; charset=utf-8", headers)
        var all = outputs
        feed(.body(id, Array(body.utf8)))
        all += outputs
        feed(.end(id))
        outputs = all + outputs
    }

    /// Begins to answer a request.
    mutating func begin(
        _ id: MCPClient.ExchangeID,
        _ status: Int,
        type: String?,
        _ headers: [(HTTPFieldName, String)] = []
    ) throws {
        var fields = HTTPHeaders(headers.map { HTTPHeaders.Field($0.0, $0.1) })
        if let type { fields.add(.contentType, type) }
        feed(.head(id, status: status, fields))
    }

    /// Answers the last request with a result.
    mutating func succeed(_ result: String, session: String? = nil) throws {
        let id = try message()["id"]?.description ?? "null"
        try answer(
            #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#,
            headers: session.map { [("Mcp-Session-Id" as HTTPFieldName, $0)] } ?? []
        )
    }

    /// Answers a notification.
    mutating func accept() throws {
        let id = try last.id
        try begin(id, 202, type: nil)
        let all = outputs
        feed(.end(id))
        outputs = all + outputs
    }

    /// Shakes hands; something was asked for before.
    mutating func shakeHands(session: String? = nil, version: String = "2025-11-25") throws {
        try succeed(#"{"protocolVersion":"\#(version)","capabilities":{}}"#, session: session)
        try accept()
    }
}
