internal import ParleyJSON

/// Reads items as clients write them.
///
/// - Source: Realtime protocol, "Item types", "conversation.item.create".
struct ItemDecoder {
    let dialect: Dialect
    let isStrict: Bool

    private enum Kind: String, CaseIterable {
        case message
        case functionCall = "function_call"
        case functionCallOutput = "function_call_output"
        case mcpListTools = "mcp_list_tools"
        case mcpCall = "mcp_call"
        case mcpApprovalRequest = "mcp_approval_request"
        case mcpApprovalResponse = "mcp_approval_response"
    }

    func item(_ item: JSONReader) throws(JSONReadError) -> NewItem {
        _ = try item.object()
        let kind = try item["type"].choice(of: Kind.self)
        let id = try item["id"].present.map(newID)
        let content = try content(item, kind)
        if isStrict {
            // `object` and `status` are what items look like coming out: no effect coming in.
            let common = ["type", "id", "object", "status"]
            let own = dialect.isBeta ? Kind.allCases.flatMap(Self.members) : Self.members(of: kind)
            try item.refuseMembers(otherThan: common + own)
        }
        return NewItem(id: id, content: content)
    }

    /// `root` is taken: it stands for the front of a conversation.
    private func newID(_ reader: JSONReader) throws(JSONReadError) -> ItemID {
        let id = try reader.identifier(ItemID.self)
        guard id != "root" else { throw reader.unexpected(expected: "any id but that") }
        return id
    }

    private static let reference = "item_reference"

    /// An item or the reference to one, as a response's own input has it.
    func input(_ entry: JSONReader) throws(JSONReadError) -> ResponseInput {
        _ = try entry.object()
        let type = try entry["type"].string()
        guard type == Self.reference else {
            guard Kind(rawValue: type) != nil else {
                let types = Kind.allCases.map(\.rawValue) + [Self.reference]
                throw entry["type"].unexpected(expected: types.map { "'\($0)'" })
            }
            return .item(try item(entry))
        }
        let id = try entry["id"].reference(ItemID.self)
        if isStrict { try entry.refuseMembers(otherThan: ["type", "id"]) }
        return .reference(id)
    }

    private func content(_ item: JSONReader, _ kind: Kind) throws(JSONReadError) -> ItemContent {
        switch kind {
        case .message: .message(try message(item))
        case .functionCall: .functionCall(try functionCall(item))
        case .functionCallOutput:
            .functionCallOutput(
                callID: try item["call_id"].identifier(),
                output: try item["output"].string()
            )
        case .mcpListTools: .mcpListTools(try mcpListTools(item))
        case .mcpCall: .mcpCall(try mcpCall(item))
        case .mcpApprovalRequest: .mcpApprovalRequest(try mcpApprovalRequest(item))
        case .mcpApprovalResponse: .mcpApprovalResponse(try mcpApprovalResponse(item))
        }
    }

    private func message(_ item: JSONReader) throws(JSONReadError) -> Message {
        let role = try item["role"].choice(of: Role.self)
        let parts = ContentPartDecoder(role: role, dialect: dialect, isStrict: isStrict)
        return Message(role: role, parts: try item["content"].elements().map(parts.part))
    }

    private func functionCall(_ item: JSONReader) throws(JSONReadError) -> FunctionCall {
        FunctionCall(
            callID: try item["call_id"].present?.identifier() ?? .unassigned,
            name: try item["name"].name(),
            arguments: try item["arguments"].string()
        )
    }

    private func mcpListTools(_ item: JSONReader) throws(JSONReadError) -> MCPListTools {
        MCPListTools(
            serverLabel: try item["server_label"].serverLabel(),
            tools: try item["tools"].elements().compactMap(\.value)
        )
    }

    private func mcpCall(_ item: JSONReader) throws(JSONReadError) -> MCPCall {
        var call = MCPCall(
            serverLabel: try item["server_label"].serverLabel(),
            name: try item["name"].name(),
            arguments: try item["arguments"].string()
        )
        call.approvalRequestID = try item["approval_request_id"].present?.reference()
        call.output = try item["output"].present?.string()
        call.error = try item.group("error").present.map(mcpCallError)
        return call
    }

    private enum ErrorKind: String, CaseIterable {
        case protocolViolation = "protocol_error"
        case toolExecution = "tool_execution_error"
        case http = "http_error"
    }

    private func mcpCallError(_ error: JSONReader) throws(JSONReadError) -> MCPCallError {
        let kind = try error["type"].choice(of: ErrorKind.self)
        let message = try error["message"].string()
        return switch kind {
        case .protocolViolation:
            .protocolViolation(code: try error["code"].integer(), message: message)
        case .toolExecution: .toolExecution(message: message)
        case .http: .http(code: try error["code"].integer(), message: message)
        }
    }

    private func mcpApprovalRequest(
        _ item: JSONReader
    ) throws(JSONReadError) -> MCPApprovalRequest {
        MCPApprovalRequest(
            serverLabel: try item["server_label"].serverLabel(),
            name: try item["name"].name(),
            arguments: try item["arguments"].string()
        )
    }

    private func mcpApprovalResponse(
        _ item: JSONReader
    ) throws(JSONReadError) -> MCPApprovalResponse {
        MCPApprovalResponse(
            approvalRequestID: try item["approval_request_id"].reference(),
            approves: try item["approve"].boolean(),
            reason: try item["reason"].present?.string()
        )
    }

    private static func members(of kind: Kind) -> [String] {
        switch kind {
        case .message: ["role", "content"]
        case .functionCall: ["call_id", "name", "arguments"]
        case .functionCallOutput: ["call_id", "output"]
        case .mcpListTools: ["server_label", "tools"]
        case .mcpCall:
            ["server_label", "name", "arguments", "approval_request_id", "output", "error"]
        case .mcpApprovalRequest: ["server_label", "name", "arguments"]
        case .mcpApprovalResponse: ["approval_request_id", "approve", "reason"]
        }
    }
}

/// Reads the parts of a message; what they may be depends on who speaks.
private struct ContentPartDecoder {
    let role: Role
    let dialect: Dialect
    let isStrict: Bool

    /// What every part of beta has, used or not.
    private static let betaMembers = ["id", "text", "audio", "transcript"]

    private static let types: [Role: [String]] = [
        .system: ["input_text"],
        .user: ["input_text", "input_audio", "input_image"],
        .assistant: ["output_text", "output_audio"],
    ]

    func part(_ part: JSONReader) throws(JSONReadError) -> ContentPart {
        _ = try part.object()
        let type = try type(part["type"])
        let (content, members) = try content(part, type)
        if isStrict {
            let unused = dialect.isBeta ? Self.betaMembers : []
            try part.refuseMembers(otherThan: ["type"] + members + unused)
        }
        return content
    }

    /// The part's type by its GA name.
    private func type(_ reader: JSONReader) throws(JSONReadError) -> String {
        let types = Self.types[role] ?? []
        var type = try reader.string()
        if role == .assistant, type == "text" || type == "audio" { type = "output_" + type }
        guard types.contains(type) else {
            throw reader.unexpected(expected: types.map { "'\($0)'" })
        }
        return type
    }

    private func content(
        _ part: JSONReader,
        _ type: String
    ) throws(JSONReadError) -> (ContentPart, members: [String]) {
        switch type {
        case "input_text": (.inputText(try part["text"].string()), ["text"])
        case "input_audio": (try inputAudio(part), ["audio", "transcript"])
        case "input_image": (try inputImage(part), ["image_url", "detail"])
        case "output_text": (.outputText(try part["text"].string()), ["text"])
        default: (try outputAudio(part), ["audio", "transcript"])
        }
    }

    /// A transcript alone will do, as when a client gives a conversation back.
    private func inputAudio(_ part: JSONReader) throws(JSONReadError) -> ContentPart {
        let transcript = try part["transcript"].present?.string()
        if transcript != nil, part["audio"].present == nil {
            return .inputAudio(audio: nil, transcript: transcript)
        }
        return .inputAudio(audio: try part["audio"].audio(), transcript: transcript)
    }

    private enum Detail: String, CaseIterable {
        case auto, low, high
    }

    private func inputImage(_ part: JSONReader) throws(JSONReadError) -> ContentPart {
        let reader = part["image_url"]
        let url = try reader.string()
        if ImageURL.isRemote(url) {
            _ = try reader.string(maximumLength: WireLimit.imageURLLength)
        }
        do throws(ImageURL.Fault) {
            _ = try ImageURL(url)
        } catch {
            let (found, expected) = error.words
            throw JSONReadError(reader.path, .value(found: found, expected: expected))
        }
        let detail = try part["detail"].present?.choice(of: Detail.self)
        return .inputImage(url: url, detail: detail?.rawValue)
    }

    /// What the assistant said can only be given back as words.
    private func outputAudio(_ part: JSONReader) throws(JSONReadError) -> ContentPart {
        guard part["audio"].present == nil else {
            throw JSONReadError(
                part["audio"].path,
                .value(found: "audio of the assistant", expected: "only its transcript")
            )
        }
        return .outputAudio(audio: nil, transcript: try part["transcript"].string())
    }
}

extension ImageURL.Fault {
    fileprivate var words: (found: String, expected: String) {
        switch self {
        case .scheme: ("another URL", "'https://…' or 'data:image/png;base64,…'")
        case .base64: ("a data URL of other text", "base64 with padding")
        case .type: ("a data URL of something else", "a PNG, JPEG, GIF or WebP image")
        }
    }
}
