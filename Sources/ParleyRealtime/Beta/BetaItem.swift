internal import ParleyJSON

/// An item in the beta dialect: every member that items have is there, unused ones as null.
///
/// Items of MCP tools came later: what they have beside that is called as in GA.
///
/// - Source: Realtime protocol, "Item types", "Items, parts, responses".
struct BetaItem: JSONWritable {
    let item: Item
    /// Only `conversation.item.retrieved` shows audio.
    var showsAudio = false

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", item.id.rawValue)
            $0.member("object", "realtime.item")
            switch item.content {
            case .message(let message): write(message, to: &$0)
            case .functionCall, .functionCallOutput: GAItem(item: item).writeContent(to: &$0)
            case .mcpListTools, .mcpCall, .mcpApprovalRequest, .mcpApprovalResponse:
                $0.member("status", item.status.rawValue)
                GAItem(item: item).writeContent(to: &$0)
            }
            for member in item.content.unusedMembers { $0.member(member, JSON.null) }
        }
    }

    private func write(_ message: Message, to json: inout JSONWriter) {
        json.member("type", "message")
        json.member("status", item.status.rawValue)
        json.member("role", message.role.rawValue)
        json.member(
            "content",
            message.parts.map { BetaContentPart(part: $0, showsAudio: showsAudio) }
        )
    }
}

extension ItemContent {
    /// What items of other types have.
    fileprivate var unusedMembers: [StaticString] {
        switch self {
        case .message: ["call_id", "name", "arguments", "output"]
        case .functionCall: ["role", "content", "output"]
        case .functionCallOutput: ["role", "content", "name", "arguments"]
        case .mcpCall: ["role", "content", "call_id"]
        case .mcpApprovalRequest: ["role", "content", "call_id", "output"]
        case .mcpListTools, .mcpApprovalResponse:
            ["role", "content", "call_id", "name", "arguments", "output"]
        }
    }
}

/// A part of a response's output in the beta dialect.
struct BetaPart: JSONWritable {
    let type: StaticString
    var transcript: String?
    var audio: [UInt8]?
    var text: String?

    func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(to: &$0) }
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("type", constant: type)
        json.member("transcript", transcript)
        if let audio {
            json.member("audio", base64: audio)
        } else {
            json.member("audio", JSON.null)
        }
        json.member("text", text)
    }
}

/// A part of an item's content in the beta dialect, whose names are the short ones.
private struct BetaContentPart: JSONWritable {
    let part: ContentPart
    let showsAudio: Bool

    func write(to writer: inout JSONWriter) {
        writer.object {
            switch part {
            case .inputText(let text):
                BetaPart(type: "input_text", text: text).writeMembers(to: &$0)
            case .inputAudio(let audio, let transcript):
                BetaPart(type: "input_audio", transcript: transcript, audio: shown(audio))
                    .writeMembers(to: &$0)
            case .inputImage(let url, let detail):
                BetaPart(type: "input_image").writeMembers(to: &$0)
                $0.member("image_url", url)
                if let detail { $0.member("detail", detail) }
            case .outputText(let text):
                BetaPart(type: "text", text: text).writeMembers(to: &$0)
            case .outputAudio(let audio, let transcript):
                BetaPart(type: "audio", transcript: transcript, audio: shown(audio))
                    .writeMembers(to: &$0)
            }
            // Names the item that a reference is to; no part of an item is one.
            $0.member("id", JSON.null)
        }
    }

    private func shown(_ audio: [UInt8]?) -> [UInt8]? { showsAudio ? audio : nil }
}
