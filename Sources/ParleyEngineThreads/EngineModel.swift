package import ParleyEngine
internal import Synchronization

/// A model that is loaded once and then shared.
///
/// Whoever asks first loads it; who asks meanwhile waits for the same attempt. After a failure the
/// next one tries anew.
package final class EngineModel<Model: Sendable>: Sendable {
    private enum Phase {
        /// Nothing is loaded.
        ///
        /// Next: ``loading(_:)``.
        case cold
        /// Somebody loads it; the others wait.
        ///
        /// Next: ``ready(_:)``, ``failed(_:)``, or ``cold`` when cancelled.
        case loading([CheckedContinuation<Void, Never>])
        /// It is there, for good.
        case ready(Model)
        /// It could not be loaded.
        ///
        /// Next: ``loading(_:)``.
        case failed(EngineError)
    }

    private enum Step {
        case wait, load
        case done
    }

    // The state is read from any thread, by a property that can't wait; each hold is a few
    // instructions long.
    private let phase = Mutex(Phase.cold)

    /// Makes an empty place.
    package init() {}

    /// Where the model is in its life.
    package var state: EngineState {
        phase.withLock { phase in
            switch phase {
            case .cold: .cold
            case .loading: .loading
            case .ready: .ready
            case .failed(let error): .failed(error)
            }
        }
    }

    /// The model.
    ///
    /// - Throws: ``EngineError`` when it isn't there: what went wrong, or that it was not asked for
    ///   yet.
    package func loaded() throws(EngineError) -> Model {
        let result: Result<Model, EngineError> = phase.withLock { phase in
            switch phase {
            case .ready(let model): .success(model)
            case .failed(let error): .failure(error)
            case .cold, .loading: .failure(EngineError(.load, "the model is not loaded yet"))
            }
        }
        return try result.get()
    }

    /// Loads the model unless it is there.
    ///
    /// - Parameter load: Reads it; called at most once at a time.
    /// - Returns: The model.
    /// - Throws: What `load` threw; ``state`` is then ``EngineState/failed(_:)``, or again
    ///   ``EngineState/cold`` when it was cancelled.
    @discardableResult
    package func prepare(
        _ load: () async throws(EngineError) -> Model
    ) async throws(EngineError) -> Model {
        while true {
            switch begin() {
            case .done:
                return try loaded()
            case .load:
                return try await attempt(load)
            case .wait:
                await waitForAttempt()
                // Another's failure is ours too; another's cancellation isn't.
                if case .failed(let error) = state { throw error }
            }
        }
    }

    private func begin() -> Step {
        phase.withLock { phase in
            switch phase {
            case .ready:
                return .done
            case .loading:
                return .wait
            case .cold, .failed:
                phase = .loading([])
                return .load
            }
        }
    }

    private func attempt(
        _ load: () async throws(EngineError) -> Model
    ) async throws(EngineError) -> Model {
        do throws(EngineError) {
            let model = try await load()
            finish(.ready(model))
            return model
        } catch {
            finish(error.fault == .cancelled ? .cold : .failed(error))
            throw error
        }
    }

    private func finish(_ next: Phase) {
        let waiters: [CheckedContinuation<Void, Never>] = phase.withLock { phase in
            defer { phase = next }
            if case .loading(let waiters) = phase { return waiters }
            return []
        }
        for waiter in waiters { waiter.resume() }
    }

    private func waitForAttempt() async {
        await withCheckedContinuation { continuation in
            let isOver = phase.withLock { phase in
                guard case .loading(let waiters) = phase else { return true }
                phase = .loading(waiters + [continuation])
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}
