/// The timers of one loop: a binary heap by deadline, with lazy removal by id.
///
/// Timers of one deadline fire in the order in which they were set.
struct TimerHeap {
    typealias Action = @Sendable () -> Void

    private struct Entry {
        let deadline: ContinuousClock.Instant
        let id: UInt64

        func isBefore(_ other: Entry) -> Bool {
            deadline == other.deadline ? id < other.id : deadline < other.deadline
        }
    }

    private var entries: [Entry] = []
    private var actions: [UInt64: Action] = [:]
    private var lastID: UInt64 = 0

    var isEmpty: Bool { actions.isEmpty }

    /// The first deadline that is still wanted.
    var earliest: ContinuousClock.Instant? {
        mutating get {
            while let first = entries.first, actions[first.id] == nil { removeFirst() }
            return entries.first?.deadline
        }
    }

    mutating func insert(
        _ deadline: ContinuousClock.Instant,
        _ action: @escaping Action
    ) -> UInt64 {
        lastID += 1
        actions[lastID] = action
        entries.append(Entry(deadline: deadline, id: lastID))
        siftUp(entries.count - 1)
        return lastID
    }

    mutating func remove(_ id: UInt64) {
        guard actions.removeValue(forKey: id) != nil else { return }
        // Timers set and removed all the time, far in the future, must not pile up.
        if entries.count > 64, entries.count > 2 * actions.count { sweep() }
    }

    /// Takes the next due action out; the caller runs it.
    ///
    /// It must not run inside an access to the heap: it may well set another timer.
    mutating func popDue(_ now: ContinuousClock.Instant) -> Action? {
        guard let deadline = earliest, deadline <= now else { return nil }
        let id = entries[0].id
        removeFirst()
        return actions.removeValue(forKey: id)
    }

    /// Forgets every timer and returns the actions, so that what they hold can be let go outside.
    mutating func removeAll() -> [Action] {
        let forgotten = Array(actions.values)
        entries = []
        actions = [:]
        return forgotten
    }

    private mutating func sweep() {
        entries = entries.filter { actions[$0.id] != nil }
        // A sorted array is a heap.
        entries.sort { $0.isBefore($1) }
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].isBefore(entries[parent]) else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func removeFirst() {
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            let left = 2 * parent + 1
            let right = left + 1
            var least = parent
            if left < entries.count, entries[left].isBefore(entries[least]) { least = left }
            if right < entries.count, entries[right].isBefore(entries[least]) { least = right }
            if least == parent { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
