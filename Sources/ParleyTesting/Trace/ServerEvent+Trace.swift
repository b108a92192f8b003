internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime

extension ServerEvent.Body {
    /// What matters of an event, for a trace.
    var traceFields: [String] {
        switch self {
        case .sessionCreated(let session), .sessionUpdated(let session): session.trace
        case .error(let error, let id):
            error.trace + (id.map { ["event_id=\($0)"] } ?? [])
        case .responseCreated(let response): response.trace
        case .responseDone(let response): response.trace + response.endTrace
        case .responseOutputItemAdded(let id, let index, let item),
            .responseOutputItemDone(let id, let index, let item):
            ["\(id)[\(index)]"] + item.trace
        case .rateLimitsUpdated(let limits):
            limits.map { "\($0.name)=\($0.remaining)/\($0.limit) reset=\($0.reset.trace)" }
        default: inputFields + itemFields + partFields + toolFields + translationFields
        }
    }

    private var toolFields: [String] {
        switch self {
        case .mcpListToolsInProgress(let id), .mcpListToolsCompleted(let id),
            .mcpListToolsFailed(let id):
            ["\(id)"]
        case .responseMCPCallArgumentsDelta(let response, let id, let index, let delta):
            ["\(response)[\(index)]", "\(id)", quoted(delta)]
        case .responseMCPCallArgumentsDone(let response, let id, let index, let arguments):
            ["\(response)[\(index)]", "\(id)", quoted(arguments)]
        case .responseMCPCallInProgress(let id, let index),
            .responseMCPCallCompleted(let id, let index),
            .responseMCPCallFailed(let id, let index):
            ["\(id)[\(index)]"]
        default: []
        }
    }

    private var translationFields: [String] {
        switch self {
        case .sessionInputTranscriptDelta(let delta, let elapsed),
            .sessionOutputTranscriptDelta(let delta, let elapsed):
            ["elapsed=\(elapsed.trace)", quoted(delta)]
        case .sessionOutputAudioDelta(let audio, let elapsed):
            ["elapsed=\(elapsed.trace)", "bytes=\(audio.count)"]
        default: []
        }
    }

    private var inputFields: [String] {
        switch self {
        case .inputAudioBufferSpeechStarted(let start, let id):
            ["audio_start=\(start.trace)", "\(id)"]
        case .inputAudioBufferSpeechStopped(let end, let id): ["audio_end=\(end.trace)", "\(id)"]
        case .inputAudioBufferTimeoutTriggered(let start, let end, let id):
            ["audio_start=\(start.trace)", "audio_end=\(end.trace)", "\(id)"]
        case .inputAudioBufferCommitted(let id, let previous): ["\(id)", previous.trace]
        default: []
        }
    }

    private var itemFields: [String] {
        switch self {
        case .conversationItemAdded(let item, let previous),
            .conversationItemDone(let item, let previous):
            item.trace + [previous.trace]
        case .conversationItemRetrieved(let item): item.trace
        case .conversationItemDeleted(let id): ["\(id)"]
        case .conversationItemTruncated(let id, let index, let end):
            ["\(id)[\(index)]", "audio_end=\(end.trace)"]
        case .conversationItemInputAudioTranscriptionDelta(let id, let index, let delta, _):
            ["\(id)[\(index)]", quoted(delta)]
        case .conversationItemInputAudioTranscriptionCompleted(
            let id,
            let index,
            let text,
            .duration(let duration),
            let logprobs
        ):
            ["\(id)[\(index)]", quoted(text), "usage=\(duration.trace)"]
                + (logprobs.map { ["logprobs=\($0)"] } ?? [])
        case .conversationItemInputAudioTranscriptionSegment(let id, let segment):
            [
                "\(id)[\(segment.contentIndex)]", segment.id, segment.speaker,
                "\(segment.start.trace)-\(segment.end.trace)", quoted(segment.text),
            ]
        case .conversationItemInputAudioTranscriptionFailed(let id, let index, let error):
            ["\(id)[\(index)]"] + error.trace
        default: []
        }
    }

    private var partFields: [String] {
        switch self {
        case .responseContentPartAdded(let location, let part),
            .responseContentPartDone(let location, let part):
            [location.trace, part.trace]
        case .responseOutputTextDelta(let location, let text),
            .responseOutputTextDone(let location, let text),
            .responseOutputAudioTranscriptDelta(let location, let text),
            .responseOutputAudioTranscriptDone(let location, let text):
            [location.trace, quoted(text)]
        case .responseOutputAudioDelta(let location, let audio):
            [location.trace, "bytes=\(audio.count)"]
        case .responseOutputAudioDone(let location): [location.trace]
        case .responseFunctionCallArgumentsDelta(let location, let delta):
            [location.trace, quoted(delta)]
        case .responseFunctionCallArgumentsDone(let location, let name, let arguments):
            [location.trace, "\(name)(\(arguments))"]
        default: []
        }
    }
}

extension PartLocation {
    fileprivate var trace: String { "\(responseID)[\(outputIndex)] \(itemID)[\(contentIndex)]" }
}

extension CallLocation {
    fileprivate var trace: String { "\(responseID)[\(outputIndex)] \(itemID) \(callID)" }
}

extension OutputPart {
    fileprivate var trace: String {
        switch self {
        case .text(let text): "text=\(quoted(text))"
        case .audio(let transcript): "audio transcript=\(quoted(transcript))"
        }
    }
}

extension ProtocolError {
    fileprivate var trace: [String] {
        [
            kind == .invalidRequest ? nil : kind.rawValue, code?.rawValue ?? "null",
            param.map { $0.isEmpty ? nil : "param=\($0)" } ?? nil, quoted(message),
        ].compactMap { $0 }
    }
}

extension ItemID? {
    fileprivate var trace: String { "after=\(map(\.rawValue) ?? "null")" }
}

extension Duration {
    /// `1200ms`, or `1.234567s` where milliseconds are not enough.
    fileprivate var trace: String {
        let (seconds, attoseconds) = components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        let isWhole = attoseconds % 1_000_000_000_000_000 == 0
        return isWhole ? "\(milliseconds)ms" : "\(self / .milliseconds(1))ms"
    }
}

extension Item {
    fileprivate var trace: [String] {
        var fields = [id.rawValue]
        if status != .completed { fields.append(status.rawValue) }
        switch content {
        case .message(let message):
            fields.append(message.role.rawValue)
            fields += message.parts.map(\.trace)
        case .functionCall(let call):
            fields.append("\(call.callID):\(call.name)(\(call.arguments))")
        case .functionCallOutput(let id, let output): fields.append("\(id):\(quoted(output))")
        case .mcpListTools(let list):
            let names = list.tools.compactMap { $0["name"]?.string }
            fields.append("\(list.serverLabel):[\(names.joined(separator: ","))]")
        case .mcpCall(let call):
            fields.append("\(call.serverLabel):\(call.name)(\(call.arguments))")
            if let request = call.approvalRequestID { fields.append("asked=\(request)") }
            if let output = call.output { fields.append("output=\(quoted(output))") }
            if let error = call.error { fields += error.trace }
        case .mcpApprovalRequest(let request):
            fields.append("asks \(request.serverLabel):\(request.name)(\(request.arguments))")
        case .mcpApprovalResponse(let answer):
            fields.append("\(answer.approves ? "approves" : "denies") \(answer.approvalRequestID)")
            if let reason = answer.reason { fields.append(quoted(reason)) }
        }
        return fields
    }
}

extension MCPCallError {
    fileprivate var trace: [String] {
        switch self {
        case .protocolViolation(let code, let message): ["protocol=\(code)", quoted(message)]
        case .toolExecution(let message): ["tool_failed", quoted(message)]
        case .http(let code, let message): ["http=\(code)", quoted(message)]
        }
    }
}

extension ContentPart {
    fileprivate var trace: String {
        switch self {
        case .inputText(let text): quoted(text)
        case .outputText(let text): "text=\(quoted(text))"
        case .inputAudio(let audio, let transcript), .outputAudio(let audio, let transcript):
            "audio(" + (audio.map { "bytes=\($0.count) " } ?? "")
                + "transcript=\(transcript.map(quoted) ?? "null"))"
        case .inputImage: "image"
        }
    }
}

extension Response {
    fileprivate var trace: [String] {
        var fields = [id.rawValue]
        switch status {
        case .inProgress: break
        case .completed: fields.append("completed")
        case .cancelled(let reason): fields += ["cancelled", reason.rawValue]
        case .incomplete(let reason): fields += ["incomplete", reason.rawValue]
        case .failed(let failure): fields += ["failed", failure.code, quoted(failure.message)]
        }
        if conversationID == nil { fields.append("conversation=null") }
        if let metadata {
            fields += metadata.members.map { "\($0.key)=\(quoted("\($0.value)"))" }
        }
        return fields
    }

    fileprivate var endTrace: [String] {
        let items = output.map { item in
            item.id.rawValue + (item.status == .completed ? "" : "(\(item.status.rawValue))")
        }
        guard let usage else { return items + ["usage=null"] }
        let output = [items.isEmpty ? "output=[]" : "output=[\(items.joined(separator: ","))]"]
        guard usage.total > 0 else { return output + ["usage=0"] }
        return output + [
            "in=\(usage.inputText)+\(usage.inputAudio)"
                + (usage.inputImage > 0 ? "+\(usage.inputImage)" : "")
                + (usage.cached > 0 ? "(\(usage.cached) cached)" : ""),
            "out=\(usage.outputText)+\(usage.outputAudio)",
        ]
    }
}

extension SessionObject {
    /// The members that differ from the documented defaults.
    fileprivate var trace: [String] {
        let standard = SessionConfiguration(model: "parley", voice: .named("slt"))
        var fields: [String] = []
        func note<Value: Equatable>(_ name: String, _ path: KeyPath<SessionConfiguration, Value>) {
            let value = configuration[keyPath: path]
            if value != standard[keyPath: path] { fields.append("\(name)=\(plain(value))") }
        }
        note("type", \.kind)
        note("output_modalities", \.outputModality)
        note("instructions", \.instructions.text)
        note("tools", \.tools.count)
        note("tool_choice", \.toolChoice)
        note("max_output_tokens", \.maximumOutputTokens)
        note("temperature", \.temperature)
        note("include", \.include)
        note("tracing", \.tracing)
        note("prompt", \.prompt?["id"]?.string)
        note("input_format", \.input.format)
        note("transcription", \.input.transcription?.model)
        note("language", \.input.transcription?.language)
        note("noise_reduction", \.input.noiseReduction?.trace)
        if configuration.kind != .translation {
            note("turn_detection", \.input.turnDetection)
        }
        note("output_format", \.output.format)
        note("voice", \.output.voice.name)
        note("speed", \.output.speed)
        note("output_language", \.output.language)
        return fields
    }
}

extension NoiseReduction {
    fileprivate var trace: String {
        strength.map { "\(kind.rawValue)/\($0)" } ?? kind.rawValue
    }
}

/// A value without the names that Swift puts before it.
private func plain(_ value: some Equatable) -> String {
    switch value {
    case let detection as TurnDetection?: detection.map(\.trace) ?? "null"
    case let choice as ToolChoice: choice.trace
    case let text as String?: text ?? "null"
    case let tracing as Tracing?: tracing == nil ? "null" : "on"
    case let number as Double?: number.map { "\($0)" } ?? "null"
    case let fields as [ExtraField]?: fields?.map(\.rawValue).joined(separator: ",") ?? "null"
    case let names as [String]?: names?.joined(separator: ",") ?? "null"
    default: "\(value)".split(separator: ".").last.map(String.init) ?? ""
    }
}

extension ToolChoice {
    /// The choice, or the name of the tool that it is.
    var trace: String {
        switch self {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .function(let name): name
        case .mcp(let label, _): "mcp:\(label)"
        }
    }
}

extension TurnDetection {
    fileprivate var trace: String {
        switch self {
        case .serverVAD(let vad):
            "server_vad(\(vad.threshold) \(vad.prefixPadding.trace) \(vad.silenceDuration.trace)"
                + " idle=\(vad.idleTimeout?.trace ?? "null")"
                + " create=\(vad.createsResponse) interrupt=\(vad.interruptsResponse))"
        case .semanticVAD(let vad):
            "semantic_vad(\(vad.eagerness.rawValue)"
                + " create=\(vad.createsResponse) interrupt=\(vad.interruptsResponse))"
        }
    }
}
