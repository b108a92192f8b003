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
    public var parameters: JSON?

    /// Makes a function.
    public init(name: String, description: String? = nil, parameters: JSON? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// Whether and what the model must call.
public enum ToolChoice: Sendable, Hashable {
    case auto, none, required
    case function(name: String)
    case mcp(serverLabel: String, name: String?)
}
