internal import ParleyEngine
internal import ParleyEngineThreads
internal import Synchronization

/// Shares a few decoders among many utterances.
///
/// An utterance that is still being spoken takes a decoder only where one is free, and leaves it
/// parked between its steps. One that has ended waits in line, and takes even a parked one: the
/// utterance that loses it is decoded from its own audio at its end. So nobody waits for somebody
/// else to finish speaking, also when a client falls silent in the middle. ``DecoderLine`` says who
/// is next, so that nobody waits long for somebody who has said much, either.
final class DecoderPool: Sendable {
    /// An utterance that is being spoken.
    struct Utterance: Hashable, Sendable {
        fileprivate let number: Int
        fileprivate let owner: Owner
    }

    /// Who takes turns with whom.
    fileprivate enum Owner: Hashable, Sendable {
        case named(String)
        /// Nobody is known to stand behind the utterance of this number.
        case unnamed(Int)
    }

    fileprivate struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Result<PocketSphinxDecoder?, EngineError>, Never>
    }

    /// Waiters to wake, each with what it gets.
    fileprivate typealias Grants = [(waiter: Waiter, decoder: PocketSphinxDecoder)]

    /// A decoder is in one place: here idle or parked, or in somebody's hands.
    fileprivate struct State {
        var idle: [PocketSphinxDecoder] = []
        /// Longest parked first.
        var parked: [(utterance: Utterance, decoder: PocketSphinxDecoder)] = []
        /// Made, or being made.
        var count = 0
        let maximumCount: Int
        var line = DecoderLine<Owner, Waiter>()
        var lastNumber = 0

        /// Decoders that nobody holds or has parked.
        var freeCount: Int { idle.count + maximumCount - count }
    }

    fileprivate enum Grant {
        case decoder(PocketSphinxDecoder)
        case permission
        case nothing
    }

    private let model: PocketSphinxModel
    private let threads: EngineThreads
    private let waitingCapacity: Int
    // Held for a few instructions, never while a decoder works: taking and leaving one must be
    // possible without waiting, so that no way out of an utterance forgets it.
    private let state: Mutex<State>

    init(
        _ model: PocketSphinxModel,
        threads: EngineThreads,
        maximumCount: Int,
        waitingCapacity: Int
    ) {
        self.model = model
        self.threads = threads
        self.waitingCapacity = waitingCapacity
        state = Mutex(State(maximumCount: maximumCount))
    }

    /// Decoders at work, and utterances that wait for one.
    var load: EngineLoad {
        state.withLock { state in
            EngineLoad(
                running: state.count - state.idle.count - state.parked.count,
                of: state.maximumCount,
                waiting: state.line.count,
                of: waitingCapacity
            )
        }
    }

    /// An utterance that begins; without an owner it takes turns for itself.
    func makeUtterance(of owner: String? = nil) -> Utterance {
        state.withLock { state in
            state.lastNumber += 1
            let number = state.lastNumber
            return Utterance(number: number, owner: owner.map(Owner.named) ?? .unnamed(number))
        }
    }

    /// A decoder that nobody needs; nil when there is none.
    func takeFree(for utterance: Utterance) async throws(EngineError) -> PocketSphinxDecoder? {
        switch state.withLock({ $0.grant(utterance.owner) }) {
        case .decoder(let decoder): decoder
        case .permission: try await make(for: utterance)
        case .nothing: nil
        }
    }

    /// A decoder, for an utterance that has ended and of which so many samples are to be decoded.
    ///
    /// - Throws: ``EngineError/Fault/overloaded`` when too many wait,
    ///   ``EngineError/Fault/cancelled``, or why a decoder could not be made.
    func take(
        for utterance: Utterance,
        length: Int
    ) async throws(EngineError) -> PocketSphinxDecoder {
        while true {
            if let decoder = try await takeFree(for: utterance) { return decoder }
            if let decoder = state.withLock({ $0.takeParked(utterance.owner) }) { return decoder }
            // Nil says: look again, a decoder that was to be made isn't there.
            if let decoder = try await wait(utterance, length) { return decoder }
        }
    }

    /// Leaves a decoder in the middle of an utterance, for its next step or for whoever needs it
    /// more.
    func park(_ decoder: PocketSphinxDecoder, for utterance: Utterance) {
        let grants = state.withLock { state in
            let grants = state.takeBack(decoder, utterance.owner)
            // Nobody needs it more.
            if grants.isEmpty, let index = state.idle.firstIndex(where: { $0 === decoder }) {
                state.parked.append((utterance, state.idle.remove(at: index)))
            }
            return grants
        }
        wake(grants)
    }

    /// Takes up the utterance's decoder again; nil when it was taken by others, or never there.
    func unpark(_ utterance: Utterance) -> PocketSphinxDecoder? {
        state.withLock { state in
            guard let index = state.parked.firstIndex(where: { $0.utterance == utterance }) else {
                return nil
            }
            state.line.hold(utterance.owner)
            return state.parked.remove(at: index).decoder
        }
    }

    /// Gives an utterance's decoder back.
    func leave(_ decoder: PocketSphinxDecoder, of utterance: Utterance) {
        wake(state.withLock { $0.takeBack(decoder, utterance.owner) })
    }

    private func wake(_ grants: Grants) {
        for (waiter, decoder) in grants {
            waiter.continuation.resume(returning: .success(decoder))
        }
    }
}

// MARK: - Getting one

extension DecoderPool.State {
    fileprivate mutating func grant(_ owner: DecoderPool.Owner) -> DecoderPool.Grant {
        guard line.mayTake(owner, free: freeCount) else { return .nothing }
        line.hold(owner)
        if let decoder = idle.popLast() { return .decoder(decoder) }
        count += 1
        return .permission
    }

    /// The one whose utterance has had its last step longest ago: it may have stalled.
    fileprivate mutating func takeParked(_ owner: DecoderPool.Owner) -> PocketSphinxDecoder? {
        guard line.isWithout(owner), !parked.isEmpty else { return nil }
        line.hold(owner)
        return parked.removeFirst().decoder
    }

    /// Takes a decoder from its holder, and gives away what is idle.
    fileprivate mutating func takeBack(
        _ decoder: PocketSphinxDecoder,
        _ owner: DecoderPool.Owner
    ) -> DecoderPool.Grants {
        line.release(owner)
        idle.append(decoder)
        var grants: DecoderPool.Grants = []
        while let decoder = idle.last, let (owner, waiter) = line.next(free: freeCount) {
            idle.removeLast()
            line.hold(owner)
            grants.append((waiter, decoder))
        }
        return grants
    }

    /// Whether a decoder can be had without waiting.
    fileprivate func hasOne(for owner: DecoderPool.Owner) -> Bool {
        line.mayTake(owner, free: freeCount) || line.isWithout(owner) && !parked.isEmpty
    }
}

extension DecoderPool {
    private func make(
        for utterance: Utterance
    ) async throws(EngineError) -> PocketSphinxDecoder {
        let model = model
        do throws(EngineError) {
            return try await threads.run { _ throws(EngineError) in
                try PocketSphinxDecoder(model)
            }
        } catch {
            let next = state.withLock { state in
                state.count -= 1
                state.line.release(utterance.owner)
                return state.line.next(free: state.freeCount)
            }
            next?.entry.continuation.resume(returning: .success(nil))
            throw error
        }
    }

    private func wait(
        _ utterance: Utterance,
        _ length: Int
    ) async throws(EngineError) -> PocketSphinxDecoder? {
        let number = makeUtterance().number
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = Waiter(number: number, continuation: continuation)
                lineUp(waiter, length: length, of: utterance.owner)
            }
        } onCancel: {
            cancelWaiter(number)
        }
        return try result.get()
    }

    private func lineUp(_ waiter: Waiter, length: Int, of owner: Owner) {
        let answer: Result<PocketSphinxDecoder?, EngineError>? = state.withLock { state in
            // Between looking and lining up one may have come free, or the task may have been
            // cancelled.
            guard !Task.isCancelled else {
                return .failure(EngineError(.cancelled, "the caller cancelled"))
            }
            guard !state.hasOne(for: owner) else { return .success(nil) }
            let count = state.line.count
            guard count < waitingCapacity else {
                return .failure(
                    EngineError(
                        .overloaded,
                        "\(count) utterances wait for \(state.maximumCount) decoders"
                    )
                )
            }
            state.line.append(waiter, length: length, of: owner)
            return nil
        }
        if let answer { waiter.continuation.resume(returning: answer) }
    }

    private func cancelWaiter(_ number: Int) {
        let waiter = state.withLock { state in state.line.remove { $0.number == number } }
        waiter?.continuation.resume(
            returning: .failure(EngineError(.cancelled, "the caller cancelled"))
        )
    }
}
