internal import ParleyRealtime

/// What an effect's task works for; cancelling is by this name.
enum EffectKey: Hashable, Sendable {
    case transcription(ItemID)
    case generation(ResponseID)
    case synthesis(ResponseID)
}

/// The tasks of one session's effects: their owner cancels them by name and awaits them all at its
/// end.
struct EffectTasks {
    private var running: [EffectKey: (generation: Int, task: Task<Void, Never>)] = [:]
    /// Cancelled, but not yet at its end.
    private var ending: [Int: Task<Void, Never>] = [:]
    private var lastGeneration = 0

    var isEmpty: Bool { running.isEmpty && ending.isEmpty }

    /// Keeps a task under its key until it is finished; `make` gets the number to finish with.
    mutating func start(_ key: EffectKey, _ make: (Int) -> Task<Void, Never>) {
        cancel(key)
        lastGeneration += 1
        running[key] = (lastGeneration, make(lastGeneration))
    }

    /// Forgets a task that has come to its end.
    mutating func finish(_ key: EffectKey, _ generation: Int) {
        if running[key]?.generation == generation { running[key] = nil }
        ending[generation] = nil
    }

    /// Cancels what runs under a key; nothing there is no error.
    mutating func cancel(_ key: EffectKey) {
        guard let (generation, task) = running.removeValue(forKey: key) else { return }
        task.cancel()
        ending[generation] = task
    }

    /// Cancels everything and hands the tasks over to be awaited.
    mutating func cancelAll() -> [Task<Void, Never>] {
        for key in running.keys { cancel(key) }
        return Array(ending.values)
    }
}
