/// Tasks that wait for something on one loop to change.
///
/// Each wakes to look again: being woken promises nothing.
struct Waiters {
    private var continuations: [UnsafeContinuation<Void, Never>] = []

    var isEmpty: Bool { continuations.isEmpty }

    /// Parks the calling task, unless it has been cancelled meanwhile.
    mutating func add(_ continuation: UnsafeContinuation<Void, Never>) {
        // A cancellation before this moment has woken nobody; one after it will.
        if Task.isCancelled { continuation.resume() } else { continuations.append(continuation) }
    }

    /// Wakes everyone; they run later in this turn.
    mutating func wakeAll() {
        if continuations.isEmpty { return }
        var waiting: [UnsafeContinuation<Void, Never>] = []
        swap(&waiting, &continuations)
        for continuation in waiting { continuation.resume() }
    }
}
