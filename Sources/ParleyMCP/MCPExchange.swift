package import ParleyHTTP

/// A request over HTTP that a connection wants to be made.
package struct MCPHTTPRequest: Sendable, Hashable {
    package var method: HTTPMethod
    package var url: WebURL
    package var headers: HTTPHeaders
    package var body: [UInt8]?
    /// It stays open for as long as the connection does, and may be silent for as long.
    package var isStream = false
    /// Wait so long before it is made.
    package var pause: Duration?
}

/// One such request and how far its answer has been read.
struct MCPExchange: Sendable {
    /// What the request is for.
    enum Purpose: Sendable, Hashable {
        /// It carries a message that wants an answer.
        case request(Int)
        /// It tells the server that the handshake is over.
        case initialized
        /// It carries something that wants none.
        case courtesy
        /// The older transport's one stream of answers.
        case stream
        /// It ends the session.
        case goodbye
    }

    /// What becomes of the body.
    enum Reader: Sendable {
        /// The head is not there.
        case head
        case message
        case events
        /// What a server says with a status that is no success.
        case refusal(status: Int)
        case ignored
    }

    let purpose: Purpose
    let request: MCPHTTPRequest
    /// The session that the request named.
    let sessionID: String?
    var reader = Reader.head
    var redirectCount = 0
    /// Its answer is there to the last byte.
    var hasEnded = false
    /// What there is of a message or a refusal.
    ///
    /// Beside the reader, as the parser is: there, each piece that comes would copy all before it.
    var body: [UInt8] = []
    var events: EventStreamParser
    /// How to have the rest where its stream breaks off.
    var resumption = Resumption()

    /// Where a stream of events stands.
    struct Resumption: Sendable {
        /// The event that came last.
        var lastEventID: String?
        /// How long the server wants to be left alone first.
        var pause: Duration?
        /// How often the rest was asked for.
        var count = 0
    }
}

extension WebURL {
    /// Where a reference leads, if that is a place of the same scheme, host and port.
    ///
    /// Secrets go along, so no other place will do.
    ///
    /// - Source: RFC 3986, section 5, without dot segments.
    func sameOrigin(_ reference: String) -> WebURL? {
        // A query may hold a whole URL.
        if reference.prefix(while: { !"/?#".contains($0) }).hasSuffix(":") {
            guard let url = try? WebURL(reference) else { return nil }
            return url.scheme == scheme && url.host == host && url.port == port ? url : nil
        }
        guard !reference.hasPrefix("//"), !reference.isEmpty else { return nil }
        let folder = rawPath.lastIndex(of: "/").map { rawPath[...$0] } ?? "/"
        let path: String =
            switch reference.first {
            case "/": reference
            case "?": rawPath + reference
            default: folder + reference
            }
        return try? WebURL("\(scheme.rawValue)://\(hostHeader)\(path)")
    }
}
