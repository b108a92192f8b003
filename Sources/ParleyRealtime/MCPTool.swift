package import ParleyHTTP
public import ParleyJSON

/// A server whose tools Parley calls by itself.
///
/// - Source: Realtime protocol, "Tools".
public struct MCPTool: Sendable, Hashable {
    /// What items and choices call the server by.
    public var serverLabel: String
    /// Where it is; nil where the label alone names a server that the session knows.
    public var target: MCPTarget?
    /// What the server is for, for the model.
    public var serverDescription: String?
    /// What of it the model may see; nil for everything.
    public var allowedTools: ToolFilter?
    /// What must be asked for first; nil for everything.
    public var approval: ApprovalRule?
    /// The object as clients see it again: as it was given, without its secrets.
    public var shown: JSONObject

    /// Makes a tool of the object that names it, which may hold secrets.
    ///
    /// - Parameters:
    ///   - serverLabel: What items and choices call the server by.
    ///   - definition: The object as the client sent it.
    public init(serverLabel: String, definition: JSONObject = [:]) {
        self.serverLabel = serverLabel
        shown = definition
        for secret in Self.secrets { shown[secret] = nil }
    }

    /// Members that are never shown again.
    private static let secrets = ["authorization", "headers"]
}

/// Where an MCP server is.
public enum MCPTarget: Sendable, Hashable {
    case server(MCPAddress)
    /// The server that the session knows by the label, opened with other headers.
    case known(MCPHeaders)
    /// A connector of the vendor's; Parley has none.
    case connector
    /// A tunnel of the vendor's; Parley has none.
    case tunnel
}

/// A URL and the headers that open it: printed, it shows the host and nothing else.
public struct MCPAddress: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// Where the server listens.
    package var url: WebURL
    /// What is sent along, secrets among it.
    package var headers: HTTPHeaders

    /// Makes an address.
    package init(_ url: WebURL, headers: HTTPHeaders = HTTPHeaders()) {
        self.url = url
        self.headers = headers
    }

    /// The address that is meant by one that may be a copy of what clients are shown: without
    /// headers, it has those of the known one with the same URL.
    public func completed(by known: MCPAddress?) -> MCPAddress {
        guard let known, headers.fields.isEmpty, known.url == url else { return self }
        return known
    }

    /// The same place with other headers.
    public func opened(with headers: MCPHeaders) -> MCPAddress {
        MCPAddress(url, headers: headers.headers)
    }

    /// The host.
    public var description: String { url.authority.description }
    /// The host.
    public var debugDescription: String { description }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Headers that open a server: printed, they show nothing.
public struct MCPHeaders: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    fileprivate let headers: HTTPHeaders

    /// Hides headers.
    package init(_ headers: HTTPHeaders) {
        self.headers = headers
    }

    /// Nothing but that there are some.
    public var description: String { "headers" }
    /// Nothing but that there are some.
    public var debugDescription: String { description }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Some of a server's tools.
public struct ToolFilter: Sendable, Hashable {
    /// Only tools of these names; nil for any.
    public var names: Set<String>?
    /// Only tools that say of themselves that they change nothing, or only others; nil for both.
    public var isReadOnly: Bool?

    /// Makes a filter; one without members lets everything pass.
    public init(names: Set<String>? = nil, isReadOnly: Bool? = nil) {
        self.names = names
        self.isReadOnly = isReadOnly
    }

    /// A tool passes.
    public func admits(_ name: String, isReadOnly: Bool) -> Bool {
        (names?.contains(name) ?? true) && (self.isReadOnly ?? isReadOnly) == isReadOnly
    }
}

/// Which calls must be approved by the client before they run.
public enum ApprovalRule: Sendable, Hashable {
    case always, never
    /// What both name must be approved, and what none names.
    case filtered(always: ToolFilter?, never: ToolFilter?)

    /// A call of this tool must be approved.
    public func demands(_ name: String, isReadOnly: Bool) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .filtered(let always, let never):
            always?.admits(name, isReadOnly: isReadOnly) == true
                || never?.admits(name, isReadOnly: isReadOnly) != true
        }
    }
}

/// Which MCP servers a client may name, as far as can be told without asking the network.
public struct ToolServerRules: Sendable, Hashable {
    /// Servers may be named at all.
    public var isEnabled = true
    /// Servers on this machine and in local networks may be named.
    public var allowsPrivateAddresses = false
    /// When there are any, only these hosts, and wherever they lead: `host`, `host:port`,
    /// `*.domain`.
    public var hosts: [String] = []

    /// Makes rules that let clients name servers of the internet.
    public init() {}

    /// Says why a server can't be used; nil when it can, for all that is known by now.
    package func fault(of target: MCPTarget?, param: String) -> ProtocolError? {
        guard isEnabled else {
            let message = "Tools of type 'mcp' are switched off on this server; use 'function'."
            return ProtocolError(.notImplemented, message, param: "\(param).type")
        }
        switch target {
        case nil, .known: return nil
        case .connector:
            return .unknownKind("Connectors", param: "\(param).connector_id")
        case .tunnel:
            return .unknownKind("Tunnels", param: "\(param).tunnel_id")
        case .server(let address):
            return fault(of: address.url).map {
                ProtocolError(.invalidValue, $0, param: "\(param).server_url")
            }
        }
    }

    private func fault(of url: WebURL) -> String? {
        switch hostRules.fault(of: url) {
        case nil: nil
        case .unlisted:
            "The host '\(url.host)' is not among those that this server lets MCP reach "
                + "(its setting mcp.hosts)."
        case .privateAddress:
            "The host '\(url.host)' is on this server's own machine or network, where it lets MCP "
                + "reach nothing (its settings mcp.allow_private and mcp.hosts)."
        }
    }

    /// The rules for connections.
    package var hostRules: HostRules {
        var rules = HostRules()
        rules.allowsPrivateAddresses = allowsPrivateAddresses
        rules.hosts = hosts
        return rules
    }
}

extension ProtocolError {
    fileprivate static func unknownKind(_ kind: String, param: String) -> Self {
        Self(
            .notImplemented,
            "\(kind) are not available on this server; use 'server_url'.",
            param: param
        )
    }
}
