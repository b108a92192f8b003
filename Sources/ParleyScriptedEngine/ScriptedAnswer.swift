internal import ParleyEngine
internal import ParleyJSON
internal import ParleyNames

/// What a script says to a request: a pure function of both.
struct ScriptedAnswer: Sendable, Equatable {
    /// A tool and the JSON it is called with.
    struct Call: Sendable, Equatable {
        var name: String
        var arguments: String
    }

    var text: String
    var call: Call?
    /// The rule's pace where it has one, else the script's.
    var pace: Script.Pace

    /// Answers a request.
    ///
    /// Of several replies the one is taken whose number is the count of assistant turns so far,
    /// around again after the last: a conversation varies, and replayed it is the same.
    ///
    /// - Throws: `EngineError` with fault `request` when a call is demanded of a tool that isn't
    ///   offered.
    init(_ request: LanguageRequest, by script: Script) throws(EngineError) {
        let reading = ScriptReading(request: request, script: script)
        if case .translate = request.task {
            self = reading.translation()
        } else if let tools = try reading.demandedTools() {
            self = reading.demandedAnswer(tools)
        } else {
            self = reading.resultAnswer() ?? reading.ruleAnswer() ?? reading.fallbackAnswer()
        }
        pace.delay = pace.delay ?? script.pace.delay
        pace.wordDelay = pace.wordDelay ?? script.pace.wordDelay
    }

    init(_ text: String, call: Call? = nil, pace: Script.Pace = Script.Pace()) {
        self.text = text
        self.call = call
        self.pace = pace
    }
}

/// One script held against one request.
struct ScriptReading {
    private let request: LanguageRequest
    private let script: Script
    private let utterance: Utterance
    private let assistantTurns: Int
    /// The beginning of the last thing the user said; empty before the first.
    private let userText: String

    /// Bytes of a turn, or of a tool's result, that are read; chosen: an hour of talk, looked at in
    /// a millisecond.
    static let byteLimit = 64 << 10

    init(request: LanguageRequest, script: Script) {
        self.request = request
        self.script = script
        userText = (request.messages.lastUserText ?? "").prefix(byteCount: Self.byteLimit)
        utterance = Utterance(userText)
        assistantTurns = request.messages.count {
            if case .assistant = $0 { return true }
            return false
        }
    }

    /// The tools of which one must be called; nil when none must.
    func demandedTools() throws(EngineError) -> [LanguageTool]? {
        switch request.toolChoice {
        case .auto, .none:
            return nil
        case .required:
            guard request.tools.isEmpty else { return request.tools }
            throw EngineError(.request, "a tool call is required and no tool is offered")
        case .function(let name):
            let named = request.tools.filter { $0.name == name }
            guard named.isEmpty else { return named }
            throw EngineError(.request, "the function that must be called is not offered")
        }
    }

    /// The first rule that calls one of the tools, else a call with invented arguments.
    func demandedAnswer(_ tools: [LanguageTool]) -> ScriptedAnswer {
        for match in matches() {
            if let call = call(of: match, among: tools) {
                return ScriptedAnswer("", call: call, pace: match.rule.pace)
            }
        }
        guard let tool = tools.first else { return fallbackAnswer() }
        return ScriptedAnswer("", call: call(tool, given: JSONObject()))
    }

    /// What is said of a tool's result, when that came last.
    func resultAnswer() -> ScriptedAnswer? {
        guard case .toolResult(let id, let output)? = request.messages.last else { return nil }
        let text = output.prefix(byteCount: Self.byteLimit)
        let result = (try? JSON.parse(text)) ?? .string(text)
        let name = request.messages.toolName(ofCall: id) ?? ""
        for match in matches() where match.rule.call?.calls(name) == true {
            let values = values(match.captures, result: result)
            if let text = choose(match.rule.results, with: values) {
                return ScriptedAnswer(text, pace: match.rule.pace)
            }
        }
        return choose(script.result, with: values(result: result)).map { ScriptedAnswer($0) }
    }

    /// What the first rule says that matches and has something to say.
    func ruleAnswer() -> ScriptedAnswer? {
        let mayCall = request.toolChoice != .none && !request.messages.endsWithResult
        for match in matches() {
            let reply = choose(match.rule.replies, with: values(match.captures))
            if match.rule.call != nil {
                guard mayCall, let call = call(of: match, among: request.tools) else { continue }
                return ScriptedAnswer(reply ?? "", call: call, pace: match.rule.pace)
            }
            if let reply { return ScriptedAnswer(reply, pace: match.rule.pace) }
        }
        return nil
    }

    /// What the first rule says that translates what was said; where none does, that itself.
    ///
    /// A script knows no language: to repeat is all that is honest.
    func translation() -> ScriptedAnswer {
        ruleAnswer() ?? ScriptedAnswer(userText)
    }

    /// What is said when nothing else is: a greeting before the user's first words.
    func fallbackAnswer() -> ScriptedAnswer {
        let templates = userText.isEmpty ? script.greeting : script.fallback
        return ScriptedAnswer(choose(templates, with: values()) ?? "")
    }

    private func values(
        _ captures: [[Utterance.Word]] = [],
        result: JSON? = nil
    ) -> TemplateValues {
        TemplateValues(
            captures: captures,
            user: userText,
            result: result,
            reflections: script.reflections
        )
    }

    /// The reply whose turn it is; one that has a gap with nothing to say gives way to the next.
    private func choose(_ templates: [Template], with values: TemplateValues) -> String? {
        for offset in templates.indices {
            let template = templates[(assistantTurns + offset) % templates.count]
            if let text = values.fill(template, reflected: request.task == .answer) {
                return text
            }
        }
        return nil
    }
}

extension ScriptReading {
    private struct Match {
        var rule: Script.Rule
        var captures: [[Utterance.Word]]
    }

    /// The rules that match, in the script's order; of a rule the first sentence and pattern that
    /// do.
    private func matches() -> some Sequence<Match> {
        script.rules.lazy.compactMap { rule in
            guard rule.serves(request.task) else { return nil }
            for sentence in utterance.sentences {
                for pattern in rule.patterns {
                    guard let ranges = pattern.captures(in: sentence) else { continue }
                    return Match(rule: rule, captures: ranges.map { Array(sentence[$0]) })
                }
            }
            return nil
        }
    }

    private func call(of match: Match, among tools: [LanguageTool]) -> ScriptedAnswer.Call? {
        guard let call = match.rule.call else { return nil }
        guard let tool = tools.first(where: { call.calls($0.name) }) else { return nil }
        let given = call.arguments.fill(values(match.captures))?.object ?? JSONObject()
        return self.call(tool, given: given)
    }

    private func call(_ tool: LanguageTool, given: JSONObject) -> ScriptedAnswer.Call {
        let example = SchemaExample(tool.parameters ?? .null, text: userText)
        let arguments = example.arguments(given: given)
        return ScriptedAnswer.Call(name: tool.name, arguments: arguments.description)
    }
}

extension Script.Rule {
    /// Whether its replies are for this task; those into `es` serve `es-MX`, too.
    fileprivate func serves(_ task: LanguageTask) -> Bool {
        switch task {
        case .answer: return language == nil
        case .translate(let tag):
            guard let language = language?.lowercased() else { return false }
            return tag.lowercased() == language || tag.lowercased().hasPrefix(language + "-")
        }
    }
}

extension Script.Call {
    fileprivate func calls(_ name: String) -> Bool {
        names.contains { $0.matches(name.lowercased()) }
    }
}

extension [LanguageMessage] {
    fileprivate var lastUserText: String? {
        for message in reversed() {
            switch message {
            case .user(let text): return text
            case .userParts(let parts): return parts.text
            case .system, .assistant, .toolCall, .toolResult: continue
            }
        }
        return nil
    }

    fileprivate var endsWithResult: Bool {
        if case .toolResult? = last { return true }
        return false
    }

    fileprivate func toolName(ofCall id: String) -> String? {
        for case .toolCall(id, let name, _) in reversed() { return name }
        return nil
    }
}

extension [LanguagePart] {
    /// What was written; a script sees no images.
    var text: String {
        compactMap { part in
            if case .text(let text) = part { text } else { nil }
        }.joined(separator: " ")
    }
}

extension String {
    /// Its beginning; a character that is cut becomes a replacement mark.
    fileprivate func prefix(byteCount: Int) -> String {
        guard utf8.count > byteCount else { return self }
        return String(decoding: utf8.prefix(byteCount), as: UTF8.self)
    }
}
