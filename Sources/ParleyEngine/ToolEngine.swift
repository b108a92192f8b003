public import ParleyJSON

/// Reaches servers that offer tools.
public protocol ToolEngine: Sendable {
    /// Makes a connection; nothing is sent before it is first used.
    func connection(to address: ToolServerAddress) -> any ToolConnection
}

/// One server of tools, as one session uses it.
///
/// Calls may overlap. Cancelling the task of a call ends it within 50 ms, and tells the server.
public protocol ToolConnection: Sendable {
    /// Asks for all tools.
    ///
    /// - Throws: ``ToolError``
    func listTools() async throws(ToolError) -> [ToolDescription]

    /// Calls a tool.
    ///
    /// - Parameters:
    ///   - name: As the server lists it.
    ///   - arguments: What its schema asks for.
    /// - Returns: What a model reads of the result.
    /// - Throws: ``ToolError``
    func call(_ name: String, arguments: JSONObject) async throws(ToolError) -> String

    /// Says goodbye, as far as the protocol wants it and a short time allows; calls that run end.
    func close() async
}

/// Where a server of tools is, and what opens it: printed, it shows nothing.
public struct ToolServerAddress: Sendable, Hashable, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    /// `http` or `https`.
    public var url: String
    /// Names and values to send along, secrets among them.
    public var headers: [Header]

    /// One line to send along.
    public struct Header: Sendable, Hashable {
        /// A token.
        public var name: String
        /// One line.
        public var value: String

        /// Makes a header.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Makes an address.
    public init(url: String, headers: [Header] = []) {
        self.url = url
        self.headers = headers
    }

    /// Three dots.
    public var description: String { "…" }
    /// Three dots.
    public var debugDescription: String { "…" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A tool as its server describes it.
public struct ToolDescription: Sendable, Hashable {
    /// What the server knows it by.
    public var name: String
    /// When and what for; nil where the server doesn't say.
    public var description: String?
    /// JSON Schema of the arguments.
    public var inputSchema: JSON
    /// What the server says of its nature, such as `readOnlyHint`.
    public var annotations: JSON?

    /// Makes a description.
    public init(
        name: String,
        description: String? = nil,
        inputSchema: JSON = ["type": "object"],
        annotations: JSON? = nil
    ) {
        self.name = name
        self.description = description
        self.inputSchema = inputSchema
        self.annotations = annotations
    }
}

/// Why a server of tools did not do what it was asked for.
public struct ToolError: Error, Sendable, Equatable {
    /// Whose fault it is.
    public enum Fault: Sendable, Equatable {
        /// The server speaks the protocol wrongly, or says in it that it will not: its code.
        case protocolViolation(code: Int)
        /// The tool was run and failed.
        case toolExecution
        /// The server can't be reached, or refuses: its status, or the one that says the same.
        case http(code: Int)
        /// The caller cancelled.
        case cancelled
    }

    /// Whose fault it is.
    public let fault: Fault
    /// For the client and the model: what the tool says, or one sentence without secrets.
    public let message: String
    /// For the log: may name the host, never a path, a header or what a tool says.
    public let detail: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - fault: Whose fault it is.
    ///   - message: For the client and the model.
    ///   - detail: For the log; nil where the message will do.
    public init(_ fault: Fault, _ message: String, detail: String? = nil) {
        self.fault = fault
        self.message = message
        self.detail = detail ?? message
    }
}
