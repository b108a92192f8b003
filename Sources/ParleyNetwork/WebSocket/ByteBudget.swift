internal import Synchronization

/// Memory that many connections share, so that together they can't make us hold too much.
///
/// Where it doesn't suffice, whoever holds most has to give it up: many who hold much can't keep
/// others from a little.
package final class ByteBudget: Sendable {
    /// Who holds some of it.
    struct Holder: Hashable {
        fileprivate let number: Int
    }

    fileprivate struct Share {
        var byteCount: Int
        var makeRoom: @Sendable () -> Void
    }

    fileprivate struct Books {
        var total = 0
        var lastNumber = 0
        var shares: [Holder: Share] = [:]
    }

    private let limit: Int
    private let books = Mutex(Books())

    /// - Parameter limit: Bytes in all.
    package init(limit: Int) { self.limit = limit }

    /// How much is taken.
    package var usedCount: Int { books.withLock { $0.total } }

    func makeHolder() -> Holder {
        books.withLock { books in
            books.lastNumber += 1
            return Holder(number: books.lastNumber)
        }
    }

    /// Says how much one holds now.
    ///
    /// - Parameters:
    ///   - byteCount: All that it holds; nothing once it has let go.
    ///   - holder: Who holds it.
    ///   - makeRoom: Called, on any thread, when it holds most and others need the room.
    /// - Returns: Whether it may: false if it is the one that holds most, and it is too much.
    func hold(
        _ byteCount: Int,
        by holder: Holder,
        makeRoom: @escaping @Sendable () -> Void
    ) -> Bool {
        let (may, evicted) = books.withLock { books in
            books.set(byteCount, holder, makeRoom)
            return books.makeRoom(for: holder, within: limit)
        }
        for makeRoom in evicted { makeRoom() }
        return may
    }
}

extension ByteBudget.Books {
    fileprivate mutating func set(
        _ byteCount: Int,
        _ holder: ByteBudget.Holder,
        _ makeRoom: @escaping @Sendable () -> Void
    ) {
        total += byteCount - (shares[holder]?.byteCount ?? 0)
        shares[holder] =
            byteCount > 0 ? ByteBudget.Share(byteCount: byteCount, makeRoom: makeRoom) : nil
    }

    /// Takes from those who hold most until the rest fits.
    ///
    /// - Returns: Whether the holder keeps its share, and how the others learn of it.
    fileprivate mutating func makeRoom(
        for holder: ByteBudget.Holder,
        within limit: Int
    ) -> (may: Bool, evicted: [@Sendable () -> Void]) {
        var evicted: [@Sendable () -> Void] = []
        while total > limit,
            let (largest, share) = shares.max(by: { $0.value.byteCount < $1.value.byteCount })
        {
            shares[largest] = nil
            total -= share.byteCount
            guard largest != holder else { return (false, evicted) }
            evicted.append(share.makeRoom)
        }
        return (true, evicted)
    }
}
