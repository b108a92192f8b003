package import ParleyEngine
internal import ParleyJSON
internal import Synchronization

/// A language engine that follows a script: no model, no state, the same answer to the same
/// request.
///
/// It stands in where no language model is configured, and it makes a server deterministic for
/// tests.
package final class ScriptedEngine: LanguageEngine {
    package let name: String
    private let script: Script
    private let clock: any Clock<Duration>
    private let running = Atomic<Int>(0)

    /// Calls at once; chosen: far beyond the sessions of one process, each costs a few kilobytes.
    private static let callLimit = 10_000
    /// Characters of arguments that are reported together.
    private static let argumentsPieceLength = 12

    /// Makes an engine.
    ///
    /// - Parameters:
    ///   - script: What it says.
    ///   - name: Under which it is known.
    ///   - clock: Keeps the delays that the script asks for.
    package init(
        script: Script = .builtIn,
        name: String = "scripted",
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.script = script
        self.name = name
        self.clock = clock
    }

    /// Always ready: a script was read before the engine was made.
    package var state: EngineState { .ready }

    /// Calls don't wait; beyond the limit they are refused.
    package var load: EngineLoad {
        EngineLoad(running: running.load(ordering: .relaxed), of: Self.callLimit)
    }

    /// Has nothing to do.
    package func prepare() async throws(EngineError) {}

    /// Says what the script says, word by word.
    ///
    /// A word that it says is a token; a call is as many as its JSON has quarters of characters. A
    /// call that doesn't fit into the tokens left is not begun. What it was given isn't counted: it
    /// reads the last turn only, and others estimate the rest as well.
    package func generate(
        _ request: LanguageRequest,
        report: (LanguageEvent) async -> Void
    ) async throws(EngineError) -> LanguageResult {
        let running = self.running.add(1, ordering: .relaxed).newValue
        defer { self.running.subtract(1, ordering: .relaxed) }
        guard running <= Self.callLimit else {
            throw EngineError(.overloaded, "more than \(Self.callLimit) calls at once")
        }
        let answer = try ScriptedAnswer(request, by: script)
        try await pause(answer.pace.delay)
        return try await say(answer, to: request, report: report)
    }

    private func say(
        _ answer: ScriptedAnswer,
        to request: LanguageRequest,
        report: (LanguageEvent) async -> Void
    ) async throws(EngineError) -> LanguageResult {
        let limit = request.maximumOutputTokens ?? .max
        let words = TokenCount.words(of: answer.text)
        let spoken = words.prefix(limit)
        for (index, word) in spoken.enumerated() {
            if index > 0 { try await pause(answer.pace.wordDelay) }
            try checkCancellation()
            await report(.text(String(word)))
        }
        var result = LanguageResult(outputTokens: spoken.count)
        let callTokens = answer.call.map(TokenCount.output) ?? 0
        guard spoken.count == words.count, callTokens <= limit - spoken.count else {
            result.finish = .maximumOutputTokens
            return result
        }
        if let call = answer.call {
            try await make(call, id: Self.callID(of: request), report: report)
            result.outputTokens = spoken.count + callTokens
        }
        return result
    }

    private func make(
        _ call: ScriptedAnswer.Call,
        id: String,
        report: (LanguageEvent) async -> Void
    ) async throws(EngineError) {
        try checkCancellation()
        await report(.toolCallStarted(id: id, name: call.name))
        var rest = call.arguments[...]
        while !rest.isEmpty {
            try checkCancellation()
            await report(.toolCallArguments(String(rest.prefix(Self.argumentsPieceLength))))
            rest = rest.dropFirst(Self.argumentsPieceLength)
        }
    }

    /// An id that no call before it in the conversation has.
    private static func callID(of request: LanguageRequest) -> String {
        var ids: Set<String> = []
        for case .toolCall(let id, _, _) in request.messages { ids.insert(id) }
        var number = ids.count + 1
        while ids.contains("call_\(number)") { number += 1 }
        return "call_\(number)"
    }

    private func pause(_ duration: Duration?) async throws(EngineError) {
        guard let duration, duration > .zero else { return }
        do {
            try await clock.sleep(for: duration)
        } catch {
            throw EngineError(.cancelled, "cancelled while waiting")
        }
    }

    private func checkCancellation() throws(EngineError) {
        guard !Task.isCancelled else { throw EngineError(.cancelled, "cancelled while speaking") }
    }
}

/// How a script counts tokens: near to what models count, and easy to check by eye.
enum TokenCount {
    /// The words of a text, each with the whitespace before it: put together they are the text.
    static func words(of text: String) -> [Substring] {
        var words: [Substring] = []
        var rest = text[...]
        while !rest.isEmpty {
            let word = rest.drop(while: \.isWhitespace).drop { !$0.isWhitespace }
            words.append(rest[..<word.startIndex])
            rest = word
        }
        return words
    }

    static func output(of call: ScriptedAnswer.Call) -> Int {
        (call.name.count + call.arguments.count + 3) / 4
    }
}
