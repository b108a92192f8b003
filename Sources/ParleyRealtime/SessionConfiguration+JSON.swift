public import ParleyJSON

// Parts of a configuration that every dialect writes alike.

extension InputTranscription: JSONWritable {
    /// Writes the three members that clients know, and others only if they were set.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("model", model)
            $0.member("language", language)
            $0.member("prompt", prompt)
            for member in extras.members { $0.member(named: member.key, member.value) }
        }
    }
}

extension NoiseReduction: JSONWritable {
    /// Writes the object that names the kind, and the strength only if it was set.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("type", kind.rawValue)
            if let strength { $0.member("strength", strength) }
        }
    }
}

extension TurnDetection: JSONWritable {
    /// Writes the object of the kind in force, all its members.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            writeDetector(to: &$0)
            if case .serverVAD(let vad) = self {
                $0.member("idle_timeout_ms", vad.idleTimeout?.wholeMilliseconds)
            }
            writeAnswer(to: &$0)
        }
    }

    /// The members that say how a turn's end is found.
    func writeDetector(to json: inout JSONWriter) {
        switch self {
        case .serverVAD(let vad):
            json.member("type", "server_vad")
            json.member("threshold", vad.threshold)
            json.member("prefix_padding_ms", vad.prefixPadding.wholeMilliseconds)
            json.member("silence_duration_ms", vad.silenceDuration.wholeMilliseconds)
        case .semanticVAD(let vad):
            json.member("type", "semantic_vad")
            json.member("eagerness", vad.eagerness.rawValue)
        }
    }

    /// The members that say what becomes of it.
    func writeAnswer(to json: inout JSONWriter) {
        json.member("create_response", createsResponse)
        json.member("interrupt_response", interruptsResponse)
    }
}

extension OutputTokenLimit: JSONWritable {
    /// Writes the number or `"inf"`.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .tokens(let count): writer.value(count)
        case .infinite: writer.value("inf")
        }
    }
}

extension Truncation: JSONWritable {
    /// Writes the name or the object of the ratio.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .auto: writer.value("auto")
        case .disabled: writer.value("disabled")
        case .retentionRatio(let ratio, let limit):
            writer.object {
                $0.member("type", "retention_ratio")
                $0.member("retention_ratio", ratio)
                if let limit {
                    $0.object("token_limits") { $0.member("post_instructions", limit) }
                }
            }
        }
    }
}

extension Tracing: JSONWritable {
    /// Writes `"auto"` or the object as it was set.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .auto: writer.value("auto")
        case .configured(let object): object.write(to: &writer)
        }
    }
}

extension Voice: JSONWritable {
    /// Writes the name or the id: the published schema has objects only on the way in.
    public func write(to writer: inout JSONWriter) {
        writer.value(name)
    }
}

extension Tool: JSONWritable {
    /// Writes the tool as it was set, without secrets.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .function(let function):
            writer.object {
                $0.member("type", "function")
                $0.member("name", function.name)
                if let description = function.description { $0.member("description", description) }
                if let parameters = function.parameters { $0.member("parameters", parameters) }
            }
        case .mcp(let tool): tool.shown.write(to: &writer)
        }
    }
}

extension ToolChoice: JSONWritable {
    /// Writes the name or the object that names the tool.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .auto: writer.value("auto")
        case .none: writer.value("none")
        case .required: writer.value("required")
        case .function(let name):
            writer.object {
                $0.member("type", "function")
                $0.member("name", name)
            }
        case .mcp(let serverLabel, let name):
            writer.object {
                $0.member("type", "mcp")
                $0.member("server_label", serverLabel)
                if let name { $0.member("name", name) }
            }
        }
    }
}

extension JSONWriter {
    /// What the model may call and how much it may think; every dialect writes it alike.
    mutating func choices(of configuration: SessionConfiguration) {
        member("tools", configuration.tools)
        member("tool_choice", configuration.toolChoice)
        // These two exist only for some models: they are shown once they were set.
        if let allows = configuration.allowsParallelToolCalls {
            member("parallel_tool_calls", allows)
        }
        if let effort = configuration.reasoningEffort {
            object("reasoning") { $0.member("effort", effort.rawValue) }
        }
    }
}
