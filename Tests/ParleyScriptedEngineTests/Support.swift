import ParleyEngine
import ParleyJSON
import Synchronization
import Testing

@testable import ParleyScriptedEngine

/// A script, read or failed loudly.
func script(_ rules: String) throws -> Script {
    try Script.read(text: "greeting: Hello.\ndefault: Go on.\n" + rules)
}

extension ScriptedEngine {
    /// Everything the engine reports, and how it ended.
    func events(
        _ request: LanguageRequest
    ) async throws -> (events: [LanguageEvent], result: LanguageResult) {
        var events: [LanguageEvent] = []
        let result = try await generate(request) { events.append($0) }
        return (events, result)
    }

    /// The text of an answer; calls as `name(arguments)` behind it.
    func answer(_ request: LanguageRequest) async throws -> String {
        try await events(request).events.reduce(into: "") { text, event in
            switch event {
            case .text(let more), .toolCallArguments(let more): text += more
            case .toolCallStarted(_, let name): text += "\(name):"
            }
        }
    }

    func answer(_ text: String, tools: [LanguageTool] = []) async throws -> String {
        try await answer(LanguageRequest(messages: [.user(text)], tools: tools))
    }
}

/// A clock whose sleeps end at once and are remembered.
final class NotedClock: Clock, Sendable {
    typealias Instant = ContinuousClock.Instant

    let start = ContinuousClock.now
    private let sleptFor = Mutex<[Duration]>([])

    /// How long each sleep would have been.
    var sleeps: [Duration] { sleptFor.withLock(\.self) }
    var now: Instant { start }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        sleptFor.withLock { $0.append(start.duration(to: deadline)) }
    }
}
