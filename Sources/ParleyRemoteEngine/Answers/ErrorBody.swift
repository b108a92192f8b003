internal import ParleyEngine
internal import ParleyJSON

/// The part of a service's error that may be repeated: its type, code and parameter.
struct ErrorBody: Sendable, Equatable {
    var type: String?
    var code: String?
    var unsupportedParameter: String?
    /// What is wrong, where the service says more of it than with a status.
    var fault: EngineError.Fault?

    /// Reads `{"error": {…}}`, or `{"error": "text"}` as some servers have it; nil for anything
    /// else.
    init?(_ value: JSON) {
        guard let error = value["error"], !error.isNull else { return nil }
        type = Self.name(error["type"])
        code = Self.name(error["code"])
        unsupportedParameter = Self.unsupportedParameter(error)
        fault = [code, type].lazy.compactMap(\.self).compactMap { Self.fault(named: $0) }.first
        // vLLM has no name for it.
        if Self.message(of: error).contains("maximum context length") { fault = .contextLength }
    }

    /// What the log is told.
    var summary: String? {
        let names = [type, code].compactMap(\.self)
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    /// A short text without spaces is a name; anything else might be a sentence with secrets in it.
    private static func name(_ value: JSON?) -> String? {
        if let number = value?.integer { return String(number) }
        guard let text = value?.string, (1...64).contains(text.utf8.count) else { return nil }
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2E: true
            default: false
            }
        }
        return isName ? text : nil
    }

    /// The one of our optional parameters that the service complains about.
    ///
    /// Services say it in `param`, or only in the message, each in its own words. A message may
    /// also repeat the prompt, so that a name alone says nothing.
    private static func unsupportedParameter(_ error: JSON) -> String? {
        let message = message(of: error)
        let isComplaint = complaints.contains { message.contains($0) }
        return ChatParameters.optionalNames.first { name in
            error["param"]?.string == name || isComplaint && message.contains(name)
        }
    }

    private static func message(of error: JSON) -> String {
        (error["message"]?.string ?? error.string ?? "").lowercased()
    }

    /// The names of OpenAI's service, and llama-server's for too long a conversation.
    private static func fault(named name: String) -> EngineError.Fault? {
        switch name {
        case "context_length_exceeded", "exceed_context_size_error": .contextLength
        case "insufficient_quota": .quotaExceeded
        case "rate_limit_exceeded", "rate_limit_error": .rateLimited
        default: nil
        }
    }

    private static let complaints = [
        "unsupported", "not supported", "unknown", "unrecognized", "unexpected", "extra",
        "not permitted", "not allowed",
    ]
}
