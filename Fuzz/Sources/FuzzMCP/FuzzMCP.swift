import FuzzDriver
import ParleyHTTP
import ParleyJSON
import ParleyMCP

/// Lets the input be what an MCP server answers: as JSON, as a stream, as both transports, in
/// whole and cut up, with any status.
@main
enum FuzzMCP {
    static func main() { runFuzzer(check) }
}

/// The first bytes decide how the rest is served; a line of `%` begins another answer.
private func check(_ bytes: [UInt8]) {
    guard bytes.count > 4 else { return }
    let manner = Manner(bytes)
    let answers = bytes.dropFirst(4).split(separator: UInt8(ascii: "%")).map(Array.init)
    let whole = Run(manner, answers).finished(cut: .max)
    let cut = Run(manner, answers).finished(cut: Int(bytes[3]) % 7 + 1)
    precondition(whole == cut, "A cut changed the result")
}

/// How a server answers.
private struct Manner {
    let isStream: Bool
    let isLegacy: Bool
    let status: Int
    let redirect: String?

    init(_ bytes: [UInt8]) {
        isStream = bytes[0] & 1 == 1
        isLegacy = bytes[0] & 2 == 2
        let statuses = [200, 200, 200, 202, 404, 400, 500, 307]
        status = statuses[Int(bytes[1]) % statuses.count]
        redirect = bytes[2] & 1 == 1 ? String(decoding: bytes.dropFirst(4), as: UTF8.self) : nil
    }
}

/// One client and the server that the input is.
private struct Run {
    private var client: MCPClient
    private let manner: Manner
    private var answers: [[UInt8]]
    private var open: [(id: MCPClient.ExchangeID, request: MCPHTTPRequest)] = []
    private var ended: Set<MCPClient.WorkID> = []
    private var told: [String] = []

    init(_ manner: Manner, _ answers: [[UInt8]]) {
        self.manner = manner
        self.answers = answers
        guard let url = try? WebURL("https://h.example/mcp") else { fatalError("no URL") }
        var limits = MCPLimits()
        limits.messageByteCount = 4_096
        client = MCPClient(
            url: url,
            identity: MCPClient.Identity(name: "fuzz", version: "1"),
            limits: limits
        )
    }

    /// Asks for a list and a call, answers what is asked, and says goodbye.
    consuming func finished(cut: Int) -> [String] {
        feed(.list(MCPClient.WorkID(1)))
        feed(.call(MCPClient.WorkID(2), name: "t", arguments: [:]))
        for step in 0..<16 where !open.isEmpty {
            let next = open.removeFirst()
            serve(next.id, next.request, isGreeting: step < 2, cut: cut)
        }
        feed(.cancel(MCPClient.WorkID(2)))
        // Who cancels is told nothing more.
        ended.insert(MCPClient.WorkID(2))
        feed(.close)
        precondition(ended.count == 2, "Everything that was asked for ends")
        return told
    }

    private mutating func serve(
        _ id: MCPClient.ExchangeID,
        _ request: MCPHTTPRequest,
        isGreeting: Bool,
        cut: Int
    ) {
        var headers = HTTPHeaders()
        let isStream = request.isStream || (manner.isStream && !isGreeting)
        headers.add(.contentType, isStream ? "text/event-stream" : "application/json")
        headers.add("Mcp-Session-Id", "s")
        if let redirect = manner.redirect { headers.add("Location", redirect) }
        let isRefused = manner.isLegacy && !request.isStream && isGreeting
        feed(.head(id, status: isRefused ? 405 : isGreeting ? 200 : manner.status, headers))
        var body = answers.isEmpty ? [] : answers.removeFirst()
        // Fuzzers find their way behind the handshake sooner where it succeeds at times.
        if isGreeting, body.first == UInt8(ascii: "+") {
            let greeting = #"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25"}}"#
            body = Array(greeting.utf8)
        }
        var rest = body[...]
        while !rest.isEmpty {
            feed(.body(id, Array(rest.prefix(cut))))
            rest = rest.dropFirst(cut)
        }
        if !request.isStream || answers.isEmpty { feed(.end(id)) }
    }

    private mutating func feed(_ input: MCPClient.Input) {
        for output in client.handle(input) {
            switch output {
            case .open(let id, let request):
                precondition(request.url.host == "h.example", "Another origin is asked")
                precondition(request.url.scheme == .https, "A secret goes in the clear")
                let last = request.headers["Last-Event-ID"] ?? ""
                precondition(last.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "No header")
                open.append((id, request))
                told.append("open \(request.method) \(request.url)")
            case .abandon(let id): open.removeAll { $0.id == id }
            case .listed(let id, let tools): end(id, "\(tools.map(\.name))")
            case .called(let id, let text): end(id, text)
            case .failed(let id, let failure): end(id, "\(failure)")
            case .closed: told.append("closed")
            }
        }
    }

    private mutating func end(_ id: MCPClient.WorkID, _ how: String) {
        precondition(ended.insert(id).inserted, "Something ended twice")
        told.append("\(id.number): \(how)")
    }
}
