internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleyRuntime
internal import Synchronization

/// The sessions that live in this process, and whether one more may come in.
final class SessionRegistry: Sendable {
    private struct Entry {
        let driver: SessionDriver
        let ticket: QuotaLedger.Ticket
    }

    private struct State {
        var entries: [SessionID: Entry] = [:]
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
            if state.entries.count + state.reserved >= capacity { return .full(capacity: capacity) }
            state.reserved += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Gives a place back that was not used.
    func release() {
        state.withLock { $0.reserved -= 1 }
    }

    /// Turns a place into a session, which the ledger of the limits knows by its ticket.
    func enter(_ id: SessionID, _ driver: SessionDriver, _ ticket: QuotaLedger.Ticket) {
        state.withLock { state in
            state.reserved -= 1
            state.entries[id] = Entry(driver: driver, ticket: ticket)
        }
    }

    /// Forgets a session that has ended.
    func leave(_ id: SessionID) {
        state.withLock { $0.entries[id] = nil }
    }

    /// Lets nobody in any more; who is there stays.
    func beginDraining() {
        state.withLock { $0.isDraining = true }
    }

    /// Asks all who are there to say goodbye.
    func endAll() async {
        let drivers = state.withLock { $0.entries.values.map(\.driver) }
        for driver in drivers { await driver.shutDown() }
    }

    /// Ends sessions whose key may have no more of them.
    func evict(_ tickets: [QuotaLedger.Ticket], _ error: ProtocolError) async {
        let tickets = Set(tickets)
        let drivers = state.withLock { state in
            state.entries.values.filter { tickets.contains($0.ticket) }.map(\.driver)
        }
        for driver in drivers { await driver.evict(error) }
    }

    /// Sessions that live now.
    var count: Int { state.withLock { $0.entries.count } }
}
