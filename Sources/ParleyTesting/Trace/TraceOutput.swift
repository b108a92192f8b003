internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime
internal import ParleySession

/// Writes outputs as lines of a trace: an event's type and what matters of it.
///
/// The event ids of events are left out, and so are ``Session/Effect/detect(_:position:)`` and
/// ``Session/Effect/feedTranscription(_:_:)``: there is one for each frame.
enum TraceOutput {
    ///
    /// - Parameters:
    ///   - output: What the session wants.
    ///   - dialect: Whose names events have; those it has no word for are left out.
    /// - Returns: The line; nil for what traces leave out.
    static func line(for output: Session.Output, in dialect: Dialect = .ga) -> String? {
        switch output {
        case .send(let event):
            guard let type = event.body.type(in: dialect) else { return nil }
            let fields = event.body.traceFields.joined(separator: " ")
            return "-> \(type)" + (fields.isEmpty ? "" : " " + fields)
        case .perform(let effect): return effect.trace.map { "!! " + $0 }
        }
    }
}

extension Session.Effect {
    fileprivate var trace: String? {
        switch self {
        case .detect, .feedTranscription: nil
        case .resetDetection: "reset_detection"
        case .startTranscription(let id, let request):
            "start_transcription \(id)" + request.trace
        case .pauseTranscription(let id, let position): "pause_transcription \(id) \(position)"
        case .finishTranscription(let id): "finish_transcription \(id)"
        case .cancelTranscription(let id): "cancel_transcription \(id)"
        case .startGeneration(let id, let request): "start_generation \(id) \(request.trace)"
        case .startSynthesis(let id, let request):
            "start_synthesis \(id) \(request.clause) \(quoted(request.text))"
                + (request.speed == 1 ? "" : " speed=\(request.speed)")
                + (request.voice == "slt" ? "" : " voice=\(request.voice)")
        case .cancel(let id): "cancel \(id)"
        case .startTrace(let id, let tracing): "start_trace \(id)" + tracing.trace
        case .warn(let text): "warn \(quoted(text))"
        case .reportRateLimits: "report_rate_limits"
        case .startSummary(let request):
            (["start_summary"] + request.parts).joined(separator: " ")
        case .cancelSummary: "cancel_summary"
        case .listTools(let id, let address): "list_tools \(id) \(address)"
        case .callTool(let id, let request):
            "call_tool \(id) \(request.server) \(request.name)(\(request.arguments))"
        case .cancelTool(let id): "cancel_tool \(id)"
        case .disconnectTools(let id): "disconnect_tools \(id)"
        case .closeConnection(let reason): "close_connection \(reason.code) \(quoted(reason.text))"
        }
    }
}

extension Tracing {
    fileprivate var trace: String {
        switch self {
        case .auto: ""
        case .configured(let object):
            object.members.map { " \($0.key)=\($0.value)" }.joined()
        }
    }
}

extension Session.TranscriptionRequest {
    fileprivate var trace: String {
        let members = [
            model.map { "model=\($0)" }, language.map { "language=\($0)" },
            wantsPartials ? "partials" : nil, wantsLogprobs ? "logprobs" : nil,
        ]
        return members.compactMap { $0 }.map { " " + $0 }.joined()
    }
}

extension Session.GenerationRequest {
    fileprivate var trace: String {
        var parts = context.map(\.trace)
        switch task {
        case .answer where instructions.isEmpty: break
        case .answer: parts.append("instructions=\(quoted(instructions))")
        // What an interpreter is told is always the same.
        case .translate(_, let language): parts.append("into=\(language)")
        }
        if !tools.isEmpty {
            parts.append("tools=\(tools.map(\.name).joined(separator: ","))")
        }
        if toolChoice != .auto { parts.append("tool_choice=\(toolChoice.trace)") }
        if case .tokens(let count) = maximumOutputTokens { parts.append("max_tokens=\(count)") }
        if let temperature { parts.append("temperature=\(temperature)") }
        return parts.joined(separator: " ")
    }
}

extension Session.SummaryRequest {
    fileprivate var parts: [String] {
        let previous = previous.map { "previous=\(quoted($0))" }
        return (previous.map { [$0] } ?? []) + turns.map(\.trace)
            + ["max_tokens=\(maximumTokenCount)"]
    }
}

extension Session.ContextEntry {
    fileprivate var trace: String {
        switch self {
        case .system(let text): "system:\(quoted(text))"
        case .user(let text): "user:\(quoted(text))"
        case .userParts(let parts):
            "user:[" + parts.map(\.trace).joined(separator: " ") + "]"
        case .assistant(let text): "assistant:\(quoted(text))"
        case .functionCall(let call): "\(call.callID):\(call.name)(\(call.arguments))"
        case .functionCallOutput(let id, let output): "\(id):\(quoted(output))"
        }
    }
}

extension Session.UserPart {
    fileprivate var trace: String {
        switch self {
        case .text(let text): quoted(text)
        case .image(let image): "image(\(image.detail ?? "auto") tokens=\(image.tokenCount))"
        }
    }
}

/// Text in quotes, on one line.
func quoted(_ text: String) -> String {
    var escaped = ""
    for character in text {
        switch character {
        case "\"": escaped += "\\\""
        case "\\": escaped += "\\\\"
        case "\n": escaped += "\\n"
        default: escaped.append(character)
        }
    }
    return "\"\(escaped)\""
}
