import Synchronization

/// Lets tasks wait until a test says go.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    /// Waits for the gate or for the task to be cancelled, and says whether it was that.
    func waitForCancellation() async -> Bool {
        await withTaskCancellationHandler {
            await wait()
            return Task.isCancelled
        } onCancel: {
            open()
        }
    }
}
