internal import ParleyNetwork
internal import Synchronization

/// Keeps client secrets in this process; they end with it.
final class MemorySecretStore: SecretStore {
    /// How much may be kept.
    struct Bounds: Sendable, Equatable {
        var count: Int
        var byteCount: Int
    }

    /// Of all owners together.
    ///
    /// Chosen: what a busy site mints in ten minutes, in 64 MiB.
    static let totalBounds = Bounds(count: 50_000, byteCount: 64 << 20)
    /// Of one owner.
    ///
    /// Chosen: 16 a second at the standard lifetime; no owner can take the others' room.
    static let ownerBounds = Bounds(count: 10_000, byteCount: 16 << 20)

    /// What somebody's secrets take together, and when they go.
    private struct Account {
        var count = 0
        var byteCount = 0
        private var expiries = MinHeap<Int>()

        func hasRoom(for record: SecretRecord, within bounds: Bounds) -> Bool {
            count < bounds.count && byteCount + record.byteCount <= bounds.byteCount
        }

        mutating func add(_ record: SecretRecord) {
            count += 1
            byteCount += record.byteCount
            expiries.insert(record.expiresAt)
        }

        /// The record must be the first one to expire.
        mutating func removeFirst(_ record: SecretRecord) {
            count -= 1
            byteCount -= record.byteCount
            _ = expiries.popFirst()
        }

        /// Seconds until the first one leaves.
        func wait(at unixSeconds: Int) -> Int {
            max(1, (expiries.first ?? unixSeconds + 1) - unixSeconds)
        }
    }

    /// A secret in the order in which they expire.
    private struct Expiry: Comparable {
        let unixSeconds: Int
        let digest: SecretDigest

        static func < (left: Expiry, right: Expiry) -> Bool {
            left.unixSeconds < right.unixSeconds
        }
    }

    private struct State {
        private(set) var records: [SecretDigest: SecretRecord] = [:]
        private(set) var total = Account()
        private(set) var owners: [SecretDigest?: Account] = [:]
        private var expiries = MinHeap<Expiry>()

        mutating func insert(_ record: SecretRecord, under digest: SecretDigest) {
            records[digest] = record
            total.add(record)
            owners[record.owner, default: Account()].add(record)
            expiries.insert(Expiry(unixSeconds: record.expiresAt, digest: digest))
        }

        /// Seconds until there is room for a record; nil where there is.
        func wait(
            for record: SecretRecord,
            at unixSeconds: Int,
            within total: Bounds,
            perOwner: Bounds
        ) -> Int? {
            if let owner = owners[record.owner], !owner.hasRoom(for: record, within: perOwner) {
                return owner.wait(at: unixSeconds)
            }
            guard Account().hasRoom(for: record, within: perOwner),
                self.total.hasRoom(for: record, within: total)
            else { return self.total.wait(at: unixSeconds) }
            return nil
        }

        mutating func sweep(at unixSeconds: Int) {
            while let first = expiries.first, first.unixSeconds <= unixSeconds {
                _ = expiries.popFirst()
                guard let record = records.removeValue(forKey: first.digest) else { continue }
                total.removeFirst(record)
                owners[record.owner]?.removeFirst(record)
                if owners[record.owner]?.count == 0 { owners[record.owner] = nil }
            }
        }

        mutating func keep(where isWanted: (SecretRecord) -> Bool) {
            var kept = State()
            for (digest, record) in records where isWanted(record) {
                kept.insert(record, under: digest)
            }
            self = kept
        }
    }

    private let state = Mutex(State())
    private let total: Bounds
    private let perOwner: Bounds

    /// Makes an empty store.
    init(total: Bounds = totalBounds, perOwner: Bounds = ownerBounds) {
        self.total = total
        self.perOwner = perOwner
    }

    /// How many are kept, expired ones that were not yet swept among them.
    var count: Int { state.withLock { $0.total.count } }

    func insert(
        _ record: SecretRecord,
        under digest: SecretDigest,
        at unixSeconds: Int
    ) async throws(SecretStoreError) {
        let retryAfter: Int? = state.withLock { state in
            state.sweep(at: unixSeconds)
            let wait = state.wait(for: record, at: unixSeconds, within: total, perOwner: perOwner)
            if wait == nil { state.insert(record, under: digest) }
            return wait
        }
        if let retryAfter { throw .full(retryAfter: retryAfter) }
    }

    func record(
        under digest: SecretDigest,
        at unixSeconds: Int
    ) async throws(SecretStoreError) -> SecretRecord? {
        let record = state.withLock { $0.records[digest] }
        guard let record, unixSeconds < record.expiresAt else { return nil }
        return record
    }

    func sweep(at unixSeconds: Int) async {
        state.withLock { $0.sweep(at: unixSeconds) }
    }

    func revoke(allBut owners: Set<SecretDigest?>) async {
        state.withLock { state in
            state.keep { owners.contains($0.owner) }
        }
    }
}
