public import ParleyJSON

/// Something the model may call.
public enum Tool: Sendable, Hashable {
    case function(FunctionTool)
    case mcp(MCPTool)
}

/// A function that the client runs.
public struct FunctionTool: Sendable, Hashable {
    /// What the model calls it by.
    public var name: String
    /// When and why to call it, for the model.
    public var description: String?
    /// JSON Schema of the arguments, as the client sent it.
    public var parameters: JSON? {
        didSet { parametersByteCount = Self.byteCount(of: parameters) }
    }
    /// Counted once: every response asks for it.
    private var parametersByteCount: Int

    /// Makes a function.
    public init(name: String, description: String? = nil, parameters: JSON? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
        parametersByteCount = Self.byteCount(of: parameters)
    }

    /// Makes a function whose parameters take so many bytes of JSON.
    package init(
        name: String,
        description: String?,
        parameters: JSON,
        parametersByteCount: Int
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.parametersByteCount = parametersByteCount
    }

    /// Bytes of what the model reads of it.
    public var byteCount: Int {
        name.utf8.count + (description?.utf8.count ?? 0) + parametersByteCount
    }

    private static func byteCount(of parameters: JSON?) -> Int {
        parameters?.serialized().count ?? 0
    }
}

/// Whether and what the model must call.
public enum ToolChoice: Sendable, Hashable {
    case auto, none, required
    case function(name: String)
    case mcp(serverLabel: String, name: String?)
}
