public import ParleyJSON

// Parts of a response that every dialect writes alike.

extension ResponseStatus {
    /// `status` on the wire.
    public var name: String {
        switch self {
        case .inProgress: "in_progress"
        case .completed: "completed"
        case .cancelled: "cancelled"
        case .incomplete: "incomplete"
        case .failed: "failed"
        }
    }
}

extension JSONWriter {
    /// What a response object begins with; its items are written by their dialect.
    mutating func beginMembers(of response: Response, output: [some JSONWritable]) {
        member("object", "realtime.response")
        member("id", response.id.rawValue)
        member("status", response.status.name)
        member("status_details", StatusDetails(status: response.status))
        member("output", output)
        member("conversation_id", response.conversationID?.rawValue)
    }
}

/// `status_details`: null while all is well.
struct StatusDetails: JSONWritable {
    let status: ResponseStatus

    func write(to writer: inout JSONWriter) {
        switch status {
        case .inProgress, .completed: writer.null()
        case .cancelled(let reason): write(reason.rawValue, to: &writer)
        case .incomplete(let reason): write(reason.rawValue, to: &writer)
        case .failed(let failure):
            writer.object {
                $0.member("type", status.name)
                $0.object("error") {
                    $0.member("type", failure.type)
                    $0.member("code", failure.code)
                    $0.member("message", failure.message)
                }
            }
        }
    }

    private func write(_ reason: String, to writer: inout JSONWriter) {
        writer.object {
            $0.member("type", status.name)
            $0.member("reason", reason)
        }
    }
}

extension Usage: JSONWritable {
    /// Writes the object with both detail objects, which clients demand.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("total_tokens", total)
            $0.member("input_tokens", input)
            $0.member("output_tokens", output)
            $0.object("input_token_details") {
                $0.member("text_tokens", inputText)
                $0.member("audio_tokens", inputAudio)
                $0.member("image_tokens", inputImage)
                $0.member("cached_tokens", cached)
                $0.object("cached_tokens_details") {
                    $0.member("text_tokens", cachedText)
                    $0.member("audio_tokens", cachedAudio)
                    $0.member("image_tokens", cachedImage)
                }
            }
            $0.object("output_token_details") {
                $0.member("text_tokens", outputText)
                $0.member("audio_tokens", outputAudio)
            }
        }
    }
}
