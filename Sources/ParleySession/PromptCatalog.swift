public import ParleyJSON
public import ParleyRealtime

/// The prompts that the server's owner has stored, by id and version.
///
/// A client names one in a session or a response and gives values for its variables; what comes of
/// it are the instructions, unless the client gives those as well.
///
/// - Source: Realtime protocol, "Realtime session, GA", `prompt`.
public struct PromptCatalog: Sendable, Equatable {
    private let prompts: [String: [Int: StoredPrompt]]

    /// Takes prompts; of two with one id and version the last counts.
    public init(_ prompts: [StoredPrompt] = []) {
        var sorted: [String: [Int: StoredPrompt]] = [:]
        for prompt in prompts { sorted[prompt.id, default: [:]][prompt.version] = prompt }
        self.prompts = sorted
    }

    /// How many there are; each version counts.
    public var count: Int { prompts.values.reduce(0) { $0 + $1.count } }

    /// The instructions that a reference stands for.
    ///
    /// - Parameters:
    ///   - reference: `id`, `version` and `variables`, each of its own type already.
    ///   - param: Where the reference stands, for errors.
    /// - Returns: The text, or why there is none.
    public func instructions(
        for reference: JSONObject,
        param: String
    ) -> Result<String, ProtocolError> {
        let id = reference["id"]?.string ?? ""
        guard let versions = prompts[id], let newest = versions.keys.max() else {
            return .failure(noPrompt(id, param: "\(param).id"))
        }
        let wanted = reference["version"]?.string
        guard let prompt = versions[wanted.map { Int($0) ?? 0 } ?? newest] else {
            let known = versions.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
            return .failure(
                ProtocolError(
                    .invalidValue,
                    "The stored prompt \(id.quoted) has no version \((wanted ?? "").quoted); "
                        + "there is \(known).",
                    param: "\(param).version"
                )
            )
        }
        return fill(prompt, with: reference["variables"]?.object, param: "\(param).variables")
    }

    private func noPrompt(_ id: String, param: String) -> ProtocolError {
        let message =
            prompts.isEmpty
            ? "This server has no stored prompts."
            : "This server has no stored prompt \(id.quoted)."
        return ProtocolError(.invalidValue, message, param: param)
    }

    private func fill(
        _ prompt: StoredPrompt,
        with variables: JSONObject?,
        param: String
    ) -> Result<String, ProtocolError> {
        var values = prompt.defaults
        let known = prompt.template.variables
        for member in variables?.members ?? [] {
            guard known.contains(member.key) else {
                return .failure(
                    ProtocolError(
                        .unknownParameter,
                        "The stored prompt has no variable \(member.key.quoted).",
                        param: "\(param).\(member.key.excerpt)"
                    )
                )
            }
            values[member.key] = member.value.promptText
        }
        if let missing = known.first(where: { values[$0] == nil }) {
            return .failure(
                ProtocolError(
                    .missingRequiredParameter,
                    "The stored prompt needs the variable '\(missing)'.",
                    param: "\(param).\(missing)"
                )
            )
        }
        let text = prompt.template.text(with: values)
        let limit = WireLimit.instructionsLength
        guard text.unicodeScalars.count <= limit else {
            return .failure(
                ProtocolError(
                    .stringAboveMaximumLength,
                    "The stored prompt and its variables make more than \(limit) characters.",
                    param: param
                )
            )
        }
        return .success(text)
    }
}

/// One version of a prompt.
public struct StoredPrompt: Sendable, Equatable {
    /// What clients name it by.
    public var id: String
    /// Counts from 1; the highest is used where a client names none.
    public var version: Int
    /// What becomes the instructions.
    public var template: PromptTemplate
    /// Values of variables for which a client may give none.
    public var defaults: [String: String]

    /// Makes a prompt.
    public init(
        id: String,
        version: Int = 1,
        template: PromptTemplate,
        defaults: [String: String] = [:]
    ) {
        self.id = id
        self.version = version
        self.template = template
        self.defaults = defaults
    }
}

extension JSON {
    /// A variable's value: a text, or a content part that holds one.
    fileprivate var promptText: String? { string ?? self["text"]?.string }
}
