internal import ParleyJSON

/// An item in the beta dialect: every member that items have is there, unused ones as null.
///
/// Items of MCP tools came later and look as in GA.
///
/// - Source: Realtime protocol, "Item types", "Items, parts, responses".
struct BetaItem: JSONWritable {
    let item: Item
    /// Only `conversation.item.retrieved` shows audio.
    var showsAudio = false

    func write(to writer: inout JSONWriter) {
        switch item.content {
        case .message(let message): write(message, to: &writer)
        case .functionCall(let call): write(call, to: &writer)
        case .functionCallOutput(let callID, let output):
            write(output, of: callID, to: &writer)
        case .mcpListTools, .mcpCall, .mcpApprovalRequest, .mcpApprovalResponse:
            GAItem(item: item).write(to: &writer)
        }
    }

    private func write(_ message: Message, to writer: inout JSONWriter) {
        writer.object {
            writeHead("message", to: &$0)
            $0.member("role", message.role.rawValue)
            $0.member(
                "content",
                message.parts.map { BetaContentPart(part: $0, showsAudio: showsAudio) }
            )
            for unused: StaticString in ["call_id", "name", "arguments", "output"] {
                $0.member(unused, JSON.null)
            }
        }
    }

    private func write(_ call: FunctionCall, to writer: inout JSONWriter) {
        writer.object {
            writeHead("function_call", to: &$0)
            for unused: StaticString in ["role", "content"] { $0.member(unused, JSON.null) }
            $0.member("call_id", call.callID.rawValue)
            $0.member("name", call.name)
            $0.member("arguments", call.arguments)
            $0.member("output", JSON.null)
        }
    }

    private func write(
        _ output: String,
        of callID: FunctionCallID,
        to writer: inout JSONWriter
    ) {
        writer.object {
            writeHead("function_call_output", to: &$0)
            for unused: StaticString in ["role", "content"] { $0.member(unused, JSON.null) }
            $0.member("call_id", callID.rawValue)
            for unused: StaticString in ["name", "arguments"] { $0.member(unused, JSON.null) }
            $0.member("output", output)
        }
    }

    private func writeHead(_ type: StaticString, to json: inout JSONWriter) {
        json.member("id", item.id.rawValue)
        json.member("object", "realtime.item")
        json.member("type", constant: type)
        json.member("status", item.status.rawValue)
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
