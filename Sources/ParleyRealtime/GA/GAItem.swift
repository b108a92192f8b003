internal import ParleyJSON

/// An item in the GA dialect: members that its type doesn't use are absent.
///
/// - Source: Realtime protocol, "Item types".
struct GAItem: JSONWritable {
    let item: Item
    /// Only `conversation.item.retrieved` shows audio.
    var showsAudio = false

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", item.id.rawValue)
            $0.member("object", "realtime.item")
            writeContent(to: &$0)
        }
    }

    /// The members behind those that all items have.
    func writeContent(to json: inout JSONWriter) {
        switch item.content {
        case .message(let message): write(message, to: &json)
        case .functionCall(let call): write(call, to: &json)
        case .functionCallOutput(let callID, let output): write(output, of: callID, to: &json)
        case .mcpListTools(let list): write(list, to: &json)
        case .mcpCall(let call): write(call, to: &json)
        case .mcpApprovalRequest(let request): write(request, to: &json)
        case .mcpApprovalResponse(let response): write(response, to: &json)
        }
    }

    private func write(_ message: Message, to json: inout JSONWriter) {
        json.member("type", "message")
        json.member("status", item.status.rawValue)
        json.member("role", message.role.rawValue)
        json.member(
            "content",
            message.parts.map { GAContentPart(part: $0, showsAudio: showsAudio) }
        )
    }

    private func write(_ call: FunctionCall, to json: inout JSONWriter) {
        json.member("type", "function_call")
        json.member("status", item.status.rawValue)
        json.member("call_id", call.callID.rawValue)
        json.member("name", call.name)
        json.member("arguments", call.arguments)
    }

    private func write(_ output: String, of callID: FunctionCallID, to json: inout JSONWriter) {
        json.member("type", "function_call_output")
        json.member("status", item.status.rawValue)
        json.member("call_id", callID.rawValue)
        json.member("output", output)
    }

    private func write(_ list: MCPListTools, to json: inout JSONWriter) {
        json.member("type", "mcp_list_tools")
        json.member("server_label", list.serverLabel)
        json.member("tools", list.tools)
    }

    /// Clients demand that `output` is there, null or not.
    private func write(_ call: MCPCall, to json: inout JSONWriter) {
        json.member("type", "mcp_call")
        json.member("server_label", call.serverLabel)
        json.member("name", call.name)
        json.member("arguments", call.arguments)
        json.member("approval_request_id", call.approvalRequestID?.rawValue)
        json.member("output", call.output)
        json.member("error", call.error)
    }

    private func write(_ request: MCPApprovalRequest, to json: inout JSONWriter) {
        json.member("type", "mcp_approval_request")
        json.member("server_label", request.serverLabel)
        json.member("name", request.name)
        json.member("arguments", request.arguments)
    }

    private func write(_ response: MCPApprovalResponse, to json: inout JSONWriter) {
        json.member("type", "mcp_approval_response")
        json.member("approval_request_id", response.approvalRequestID.rawValue)
        json.member("approve", response.approves)
        json.member("reason", response.reason)
    }
}

/// A content part in the GA dialect.
private struct GAContentPart: JSONWritable {
    let part: ContentPart
    let showsAudio: Bool

    func write(to writer: inout JSONWriter) {
        writer.object {
            switch part {
            case .inputText(let text):
                $0.member("type", "input_text")
                $0.member("text", text)
            case .inputAudio(let audio, let transcript):
                $0.member("type", "input_audio")
                write(audio, to: &$0)
                // Clients demand that it is there, null or not.
                $0.member("transcript", transcript)
            case .inputImage(let url, let detail):
                $0.member("type", "input_image")
                $0.member("image_url", url)
                if let detail { $0.member("detail", detail) }
            case .outputText(let text):
                $0.member("type", "output_text")
                $0.member("text", text)
            case .outputAudio(let audio, let transcript):
                $0.member("type", "output_audio")
                write(audio, to: &$0)
                if let transcript { $0.member("transcript", transcript) }
            }
        }
    }

    private func write(_ audio: [UInt8]?, to json: inout JSONWriter) {
        guard showsAudio, let audio else { return }
        json.member("audio", base64: audio)
    }
}
