internal import ParleyEngine
internal import ParleyEngineThreads
internal import Synchronization

/// Shares a few decoders among many utterances.
///
/// An utterance that is still being spoken takes a decoder only where one is free, and leaves it
/// parked between its steps. One that has ended waits in line, and takes even a parked one: the
/// utterance that loses it is decoded from its own audio at its end. So nobody waits for somebody
/// else to finish speaking, also when a client falls silent in the middle.
final class DecoderPool: Sendable {
    /// An utterance that is being spoken.
    struct Utterance: Hashable, Sendable {
        fileprivate let number: Int
    }

    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Result<PocketSphinxDecoder?, EngineError>, Never>
    }

    /// A decoder is in one place: here idle or parked, or in somebody's hands.
    private struct State {
        var idle: [PocketSphinxDecoder] = []
        /// Longest parked first.
        var parked: [(utterance: Utterance, decoder: PocketSphinxDecoder)] = []
        /// Made, or being made.
        var count = 0
        var waiters: [Waiter] = []
        var lastNumber = 0
    }

    private enum Grant {
        case decoder(PocketSphinxDecoder)
        case permission
        case nothing
    }

    private let model: PocketSphinxModel
    private let threads: EngineThreads
    private let maximumCount: Int
    private let waitingCapacity: Int
    // Held for a few instructions, never while a decoder works: taking and leaving one must be
    // possible without waiting, so that no way out of an utterance forgets it.
    private let state = Mutex(State())

    init(
        _ model: PocketSphinxModel,
        threads: EngineThreads,
        maximumCount: Int,
        waitingCapacity: Int
    ) {
        self.model = model
        self.threads = threads
        self.maximumCount = maximumCount
        self.waitingCapacity = waitingCapacity
    }

    /// Decoders at work, and utterances that wait for one.
    var load: EngineLoad {
        state.withLock { state in
            EngineLoad(
                running: state.count - state.idle.count - state.parked.count,
                of: maximumCount,
                waiting: state.waiters.count,
                of: waitingCapacity
            )
        }
    }

    func makeUtterance() -> Utterance {
        state.withLock { state in
            state.lastNumber += 1
            return Utterance(number: state.lastNumber)
        }
    }

    /// A decoder that nobody needs; nil when there is none.
    func takeFree() async throws(EngineError) -> PocketSphinxDecoder? {
        switch state.withLock({ Self.grant(&$0, maximumCount) }) {
        case .decoder(let decoder): decoder
        case .permission: try await make()
        case .nothing: nil
        }
    }

    /// A decoder, for an utterance that has ended.
    ///
    /// - Throws: ``EngineError/Fault/overloaded`` when too many wait,
    ///   ``EngineError/Fault/cancelled``, or why a decoder could not be made.
    func take() async throws(EngineError) -> PocketSphinxDecoder {
        while true {
            if let decoder = try await takeFree() ?? takeParked() { return decoder }
            // Nil says: look again, a decoder that was to be made isn't there.
            if let decoder = try await wait() { return decoder }
        }
    }

    /// Leaves a decoder in the middle of an utterance, for its next step or for whoever needs it
    /// more.
    func park(_ decoder: PocketSphinxDecoder, for utterance: Utterance) {
        let waiter: Waiter? = state.withLock { state in
            guard state.waiters.isEmpty else { return state.waiters.removeFirst() }
            state.parked.append((utterance, decoder))
            return nil
        }
        waiter?.continuation.resume(returning: .success(decoder))
    }

    /// Takes up the utterance's decoder again; nil when it was taken by others, or never there.
    func unpark(_ utterance: Utterance) -> PocketSphinxDecoder? {
        state.withLock { state in
            guard let index = state.parked.firstIndex(where: { $0.utterance == utterance }) else {
                return nil
            }
            return state.parked.remove(at: index).decoder
        }
    }

    /// Gives a decoder back.
    func leave(_ decoder: PocketSphinxDecoder) {
        let waiter: Waiter? = state.withLock { state in
            guard state.waiters.isEmpty else { return state.waiters.removeFirst() }
            state.idle.append(decoder)
            return nil
        }
        waiter?.continuation.resume(returning: .success(decoder))
    }
}

// MARK: - Getting one

extension DecoderPool {
    private static func grant(_ state: inout State, _ maximumCount: Int) -> Grant {
        if let decoder = state.idle.popLast() { return .decoder(decoder) }
        guard state.count < maximumCount else { return .nothing }
        state.count += 1
        return .permission
    }

    /// The one whose utterance has had its last step longest ago: it may have stalled.
    private func takeParked() -> PocketSphinxDecoder? {
        state.withLock { state in
            state.parked.isEmpty ? nil : state.parked.removeFirst().decoder
        }
    }

    private func make() async throws(EngineError) -> PocketSphinxDecoder {
        let model = model
        do throws(EngineError) {
            return try await threads.run { _ throws(EngineError) in
                try PocketSphinxDecoder(model)
            }
        } catch {
            let waiter: Waiter? = state.withLock { state in
                state.count -= 1
                return state.waiters.isEmpty ? nil : state.waiters.removeFirst()
            }
            waiter?.continuation.resume(returning: .success(nil))
            throw error
        }
    }

    private func wait() async throws(EngineError) -> PocketSphinxDecoder? {
        let number = makeUtterance().number
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enqueue(Waiter(number: number, continuation: continuation))
            }
        } onCancel: {
            cancelWaiter(number)
        }
        return try result.get()
    }

    private func enqueue(_ waiter: Waiter) {
        let answer: Result<PocketSphinxDecoder?, EngineError>? = state.withLock { state in
            // Between looking and lining up one may have come free, or the task may have been
            // cancelled.
            guard !Task.isCancelled else {
                return .failure(EngineError(.cancelled, "the caller cancelled"))
            }
            guard state.idle.isEmpty, state.parked.isEmpty else { return .success(nil) }
            guard state.waiters.count < waitingCapacity else {
                return .failure(
                    EngineError(
                        .overloaded,
                        "\(state.waiters.count) utterances wait for \(maximumCount) decoders"
                    )
                )
            }
            state.waiters.append(waiter)
            return nil
        }
        if let answer { waiter.continuation.resume(returning: answer) }
    }

    private func cancelWaiter(_ number: Int) {
        let waiter: Waiter? = state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else {
                return nil
            }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(
            returning: .failure(EngineError(.cancelled, "the caller cancelled"))
        )
    }
}
