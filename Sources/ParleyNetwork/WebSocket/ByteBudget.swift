internal import Synchronization

/// Memory that many connections share, so that together they can't make us hold too much.
package final class ByteBudget: Sendable {
    private let limit: Int
    private let used = Atomic<Int>(0)

    /// - Parameter limit: Bytes in all.
    package init(limit: Int) { self.limit = limit }

    /// How much is taken.
    package var usedCount: Int { used.load(ordering: .relaxed) }

    /// Takes more, or gives some back.
    ///
    /// - Returns: Whether all that is taken stays within the limit; giving back always does.
    func change(by count: Int) -> Bool {
        let total = used.wrappingAdd(count, ordering: .relaxed).newValue
        return count <= 0 || total <= limit
    }
}
