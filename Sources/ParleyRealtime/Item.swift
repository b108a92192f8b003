public import ParleyJSON

/// One entry of a conversation.
///
/// - Source: Realtime protocol, "Item types".
public struct Item: Sendable, Hashable {
    /// Names the item.
    public var id: ItemID
    /// How far it has come.
    public var status: ItemStatus
    /// What it says.
    public var content: ItemContent

    /// Makes an item.
    public init(id: ItemID, status: ItemStatus = .completed, content: ItemContent) {
        self.id = id
        self.status = status
        self.content = content
    }
}

/// How far an item has come.
public enum ItemStatus: String, Sendable, CaseIterable {
    case inProgress = "in_progress"
    case completed
    case incomplete
}

/// What an item says, by its `type`.
public enum ItemContent: Sendable, Hashable {
    case message(Message)
    case functionCall(FunctionCall)
    case functionCallOutput(callID: FunctionCallID, output: String)
    case mcpListTools(MCPListTools)
    case mcpCall(MCPCall)
    case mcpApprovalRequest(MCPApprovalRequest)
    case mcpApprovalResponse(MCPApprovalResponse)
}

/// An item of type `message`.
public struct Message: Sendable, Hashable {
    /// Who speaks.
    public var role: Role
    /// What is said, in order.
    public var parts: [ContentPart]

    /// Makes a message.
    public init(role: Role, parts: [ContentPart]) {
        self.role = role
        self.parts = parts
    }
}

/// Who speaks in a message.
public enum Role: String, Sendable, CaseIterable {
    case system, user, assistant
}

/// A part of a message.
public enum ContentPart: Sendable, Hashable {
    case inputText(String)
    /// `audio` is what the client sent in the session's input format (nil in events, where it is
    /// not shown).
    case inputAudio(audio: [UInt8]?, transcript: String?)
    case inputImage(url: String, detail: String?)
    case outputText(String)
    /// `audio` is only shown by `conversation.item.retrieved`. The transcript is nil once it was
    /// cut.
    case outputAudio(audio: [UInt8]?, transcript: String?)
}

/// An item of type `function_call`.
public struct FunctionCall: Sendable, Hashable {
    /// Ties the call to its output.
    public var callID: FunctionCallID
    /// The tool to run.
    public var name: String
    /// JSON as text, as the model wrote it.
    public var arguments: String

    /// Makes a call.
    public init(callID: FunctionCallID, name: String, arguments: String) {
        self.callID = callID
        self.name = name
        self.arguments = arguments
    }
}

/// An item of type `mcp_list_tools`.
public struct MCPListTools: Sendable, Hashable {
    /// The server whose tool it is.
    public var serverLabel: String
    /// The tools as the server described them.
    public var tools: [JSON]

    /// Makes a list.
    public init(serverLabel: String, tools: [JSON]) {
        self.serverLabel = serverLabel
        self.tools = tools
    }
}

/// An item of type `mcp_call`.
public struct MCPCall: Sendable, Hashable {
    /// The server whose tool it is.
    public var serverLabel: String
    /// The tool to run.
    public var name: String
    /// JSON as text, as the model wrote it.
    public var arguments: String
    /// The request that asked for leave; nil where none was needed.
    public var approvalRequestID: ItemID?
    /// What the tool gave; nil while it runs and where it failed.
    public var output: String?
    /// Why it failed.
    public var error: MCPCallError?

    /// Makes a call that has not run yet.
    public init(serverLabel: String, name: String, arguments: String) {
        self.serverLabel = serverLabel
        self.name = name
        self.arguments = arguments
    }
}

/// Why a tool's call failed, by whose fault it is.
public enum MCPCallError: Sendable, Hashable {
    /// The server answered with an error of the protocol, or with none of its answers.
    case protocolViolation(code: Int, message: String)
    /// The tool itself failed, or was never run.
    case toolExecution(message: String)
    /// The server refused or could not be reached: the status, or one that says the same.
    case http(code: Int, message: String)

    /// One sentence for people and models.
    public var message: String {
        switch self {
        case .protocolViolation(_, let message), .toolExecution(let message),
            .http(_, let message):
            message
        }
    }
}

/// An item of type `mcp_approval_request`.
public struct MCPApprovalRequest: Sendable, Hashable {
    /// The server whose tool it is.
    public var serverLabel: String
    /// The tool to run.
    public var name: String
    /// JSON as text, as the model wrote it.
    public var arguments: String

    /// Makes a request.
    public init(serverLabel: String, name: String, arguments: String) {
        self.serverLabel = serverLabel
        self.name = name
        self.arguments = arguments
    }
}

/// An item of type `mcp_approval_response`.
public struct MCPApprovalResponse: Sendable, Hashable {
    /// The request that is answered.
    public var approvalRequestID: ItemID
    /// The call may run.
    public var approves: Bool
    /// Why or why not.
    public var reason: String?

    /// Makes an answer.
    public init(approvalRequestID: ItemID, approves: Bool, reason: String? = nil) {
        self.approvalRequestID = approvalRequestID
        self.approves = approves
        self.reason = reason
    }
}

/// An item as a client asks for it: the id may be left to the server.
public struct NewItem: Sendable, Hashable {
    /// Names the item.
    public var id: ItemID?
    /// What it says.
    public var content: ItemContent

    /// Makes a wish.
    public init(id: ItemID? = nil, content: ItemContent) {
        self.id = id
        self.content = content
    }
}

/// Where a new item goes.
public enum ItemPosition: Sendable, Hashable {
    case end
    /// `"root"`: before all others.
    case front
    case after(ItemID)
}
