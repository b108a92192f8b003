/// What `parley serve` says when its door is open.
enum Banner {
    static func text(for server: Server, configuration: ServerConfiguration) -> String {
        let model = server.pipelineNames.first ?? "parley"
        let socket = server.url.replacingScheme
        // As it was started, so that the line can be copied.
        let program = CommandLine.arguments.first ?? "parley"
        let ending = "--url \(server.url) --save answer.wav"
        var lines = [
            "Parley listens on \(server.url)",
            "",
            "  Realtime API   \(socket)/v1/realtime?model=\(model)",
            "  health         \(server.url)/health",
            "  metrics        \(server.url)/metrics",
            "  models         \(server.pipelineNames.joined(separator: ", "))",
            "",
            "Try it from another terminal:",
            "",
            "  \(program) talk --text \"Hello, who are you?\" \(ending)",
            "  \(program) talk --file <a recording>.wav \(ending)",
            "",
            "or point an OpenAI Realtime client at base URL \(server.url)/v1.",
        ]
        if configuration.apiKeys.isEmpty {
            lines.append("No API key is set: any key is accepted.")
        }
        lines.append("Stop with Ctrl-C.")
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// `ws` for `http`, `wss` for `https`.
    fileprivate var replacingScheme: String {
        hasPrefix("http") ? "ws" + dropFirst(4) : self
    }
}
