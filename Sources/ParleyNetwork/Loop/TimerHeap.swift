/// The timers of one loop: a heap by deadline, with lazy removal by id.
///
/// Timers of one deadline fire in the order in which they were set.
struct TimerHeap {
    typealias Action = @Sendable () -> Void

    private struct Entry: Comparable {
        let deadline: ContinuousClock.Instant
        let id: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            left.deadline == right.deadline
                ? left.id < right.id : left.deadline < right.deadline
        }
    }

    private var entries = MinHeap<Entry>()
    private var actions: [UInt64: Action] = [:]
    private var lastID: UInt64 = 0

    var isEmpty: Bool { actions.isEmpty }

    /// The first deadline that is still wanted.
    var earliest: ContinuousClock.Instant? {
        mutating get {
            while let first = entries.first, actions[first.id] == nil { _ = entries.popFirst() }
            return entries.first?.deadline
        }
    }

    mutating func insert(
        _ deadline: ContinuousClock.Instant,
        _ action: @escaping Action
    ) -> UInt64 {
        lastID += 1
        actions[lastID] = action
        entries.insert(Entry(deadline: deadline, id: lastID))
        return lastID
    }

    mutating func remove(_ id: UInt64) {
        guard actions.removeValue(forKey: id) != nil else { return }
        // Timers set and removed all the time, far in the future, must not pile up.
        guard entries.count > 64, entries.count > 2 * actions.count else { return }
        let wanted = actions
        entries.keep { wanted[$0.id] != nil }
    }

    /// Takes the next due action out; the caller runs it.
    ///
    /// It must not run inside an access to the heap: it may well set another timer.
    mutating func popDue(_ now: ContinuousClock.Instant) -> Action? {
        guard let deadline = earliest, deadline <= now else { return nil }
        return entries.popFirst().flatMap { actions.removeValue(forKey: $0.id) }
    }

    /// Forgets every timer and returns the actions, so that what they hold can be let go outside.
    mutating func removeAll() -> [Action] {
        let forgotten = Array(actions.values)
        entries = MinHeap()
        actions = [:]
        return forgotten
    }
}
