internal import ParleyRealtime

/// What an effect's task works for; cancelling is by this name.
enum EffectKey: Hashable, Sendable {
    case transcription(ItemID)
    /// Long audio on its way to a recogniser.
    case feed(ItemID)
    case generation(ResponseID)
    case synthesis(ResponseID)
    case summary
    case toolList(ItemID)
    case toolCall(ItemID)
    /// The goodbye to a server of tools.
    case farewell(ItemID)

    /// Whose work it is.
    var role: EngineRole {
        switch self {
        case .transcription, .feed: .transcription
        case .generation: .language
        case .synthesis: .speech
        case .summary: .summary
        case .toolList, .toolCall, .farewell: .tools
        }
    }
}

/// The tasks of one session's effects: their owner cancels them by name and awaits them all at its
/// end.
struct EffectTasks {
    private var running: [EffectKey: (generation: Int, task: Task<Void, Never>)] = [:]
    /// Cancelled, but not yet at its end.
    private var ending: [Int: (task: Task<Void, Never>, since: ContinuousClock.Instant)] = [:]
    private var lastGeneration = 0

    var isEmpty: Bool { running.isEmpty && ending.isEmpty }

    /// Keeps a task under its key until it is finished; `make` gets the number to finish with.
    mutating func start(
        _ key: EffectKey,
        at now: ContinuousClock.Instant = .now,
        _ make: (Int) -> Task<Void, Never>
    ) {
        cancel(key, at: now)
        lastGeneration += 1
        running[key] = (lastGeneration, make(lastGeneration))
    }

    /// Forgets a task that has come to its end.
    ///
    /// - Returns: How long it lasted after it was cancelled; nil where it was not.
    mutating func finish(
        _ key: EffectKey,
        _ generation: Int,
        at now: ContinuousClock.Instant = .now
    ) -> Duration? {
        if running[key]?.generation == generation { running[key] = nil }
        return ending.removeValue(forKey: generation).map { now - $0.since }
    }

    /// Cancels what runs under a key; nothing there is no error.
    mutating func cancel(_ key: EffectKey, at now: ContinuousClock.Instant = .now) {
        guard let (generation, task) = running.removeValue(forKey: key) else { return }
        task.cancel()
        ending[generation] = (task, now)
    }

    /// Hands over tasks that are not to be cancelled.
    mutating func take(where isMeant: (EffectKey) -> Bool) -> [Task<Void, Never>] {
        let keys = running.keys.filter(isMeant)
        return keys.compactMap { running.removeValue(forKey: $0)?.task }
    }

    /// Cancels everything and hands the tasks over to be awaited.
    mutating func cancelAll() -> [Task<Void, Never>] {
        for key in running.keys { cancel(key) }
        return ending.values.map(\.task)
    }
}
