package import ParleyEngine
package import ParleyHTTP
package import ParleyMCP
package import ParleyNetwork

/// Reaches MCP servers over HTTP.
package final class MCPEngine: ToolEngine {
    /// What an operator and the tests may change.
    package struct Configuration: Sendable {
        /// Which hosts may be reached.
        package var rules = HostRules()
        /// Who we say we are.
        package var identity = MCPClient.Identity(name: "parley", version: "0.1.0")
        /// For name, connection and TLS.
        ///
        /// Chosen: a server beyond it would spoil a spoken turn anyway.
        package var connectTime = Duration.seconds(10)
        /// Longest silence of a server that works on a call.
        ///
        /// Chosen: beyond what sessions wait for, which cancel by themselves.
        package var silence = Duration.seconds(600)
        /// For the goodbye.
        ///
        /// Chosen: nobody should notice that a session waits for it.
        package var farewellTime = Duration.seconds(1)
        /// Bytes of one answer, pictures included.
        ///
        /// Chosen: twice what one message may have.
        package var responseByteCount = 16 << 20
        /// The bounds of the protocol.
        package var limits = MCPLimits()
        /// A PEM file with the roots to trust; nil trusts the system's.
        package var trustedFile: String?

        /// Makes the default configuration.
        package init() {}
    }

    /// The clients of one loop: connections to places that any address will do for are kept apart,
    /// lest one of them be used where only the internet may be reached.
    private struct Clients {
        let open: HTTPClient
        let guarded: HTTPClient

        init(on loop: EventLoop, _ configuration: Configuration) throws(NetworkError) {
            var http = HTTPClientConfiguration()
            http.trustedFile = configuration.trustedFile
            open = try HTTPClient(on: loop, configuration: http)
            http.demandsPublicAddresses = true
            guarded = try HTTPClient(on: loop, configuration: http)
        }
    }

    private let configuration: Configuration
    private let clients: [Clients]

    /// Makes an engine with clients on each of these loops.
    ///
    /// - Throws: `NetworkError` where the HTTP client can't be set up.
    package init(_ configuration: Configuration, on loops: [EventLoop]) throws(NetworkError) {
        self.configuration = configuration
        var clients: [Clients] = []
        for loop in loops { clients.append(try Clients(on: loop, configuration)) }
        self.clients = clients
    }

    /// Makes a connection on the loop that we are on, if we are on one.
    package func connection(to address: ToolServerAddress) -> any ToolConnection {
        guard let url = try? WebURL(address.url) else {
            return ClosedConnection(reason: "The URL of the server is none.")
        }
        if let fault = configuration.rules.fault(of: url) {
            let reason =
                switch fault {
                case .unlisted: "is not among the hosts that may be reached."
                case .privateAddress: "is on this machine or network, where nothing may be reached."
                }
            return ClosedConnection(reason: "The host '\(url.host)' \(reason)")
        }
        guard let pair = clients.first(where: { $0.open.loop.isCurrent }) ?? clients.first else {
            return ClosedConnection(reason: "There is no HTTP client.")
        }
        let isGuarded = configuration.rules.demandsPublicAddress(of: url)
        return MCPConnection(
            MCPClient(
                url: url,
                headers: HTTPHeaders(address.headers.compactMap(HTTPHeaders.Field.init)),
                identity: configuration.identity,
                limits: configuration.limits
            ),
            over: isGuarded ? pair.guarded : pair.open,
            configuration
        )
    }
}

extension HTTPHeaders.Field {
    fileprivate init?(_ header: ToolServerAddress.Header) {
        guard let name = HTTPFieldName(header.name) else { return nil }
        self.init(name, header.value)
    }
}
