internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleyRuntime
internal import Synchronization

/// The sessions that live in this process, and whether one more may come in.
final class SessionRegistry: Sendable {
    private struct State {
        var drivers: [SessionID: SessionDriver] = [:]
        /// Places taken by sessions that are still being made.
        var reserved = 0
        var isDraining = false
    }

    /// Why a session is not let in.
    enum Refusal: Error, Equatable {
        case full(capacity: Int)
        case draining
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// Lets at most `capacity` sessions live at once.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Takes a place for a session that is about to be made.
    func reserve() throws(Refusal) {
        let refusal: Refusal? = state.withLock { state in
            if state.isDraining { return .draining }
            if state.drivers.count + state.reserved >= capacity { return .full(capacity: capacity) }
            state.reserved += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Gives a place back that was not used.
    func release() {
        state.withLock { $0.reserved -= 1 }
    }

    /// Turns a place into a session.
    func enter(_ id: SessionID, _ driver: SessionDriver) {
        state.withLock { state in
            state.reserved -= 1
            state.drivers[id] = driver
        }
    }

    /// Forgets a session that has ended.
    func leave(_ id: SessionID) {
        state.withLock { $0.drivers[id] = nil }
    }

    /// Lets nobody in any more; who is there stays.
    func beginDraining() {
        state.withLock { $0.isDraining = true }
    }

    /// Asks all who are there to say goodbye.
    func endAll() async {
        let drivers = state.withLock { Array($0.drivers.values) }
        for driver in drivers { await driver.shutDown() }
    }

    /// Sessions that live now.
    var count: Int { state.withLock { $0.drivers.count } }
}
