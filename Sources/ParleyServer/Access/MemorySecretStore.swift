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

    private struct Account {
        var count = 0
        var byteCount = 0

        func hasRoom(for record: SecretRecord, within bounds: Bounds) -> Bool {
            count < bounds.count && byteCount + record.byteCount <= bounds.byteCount
        }

        mutating func add(_ record: SecretRecord) {
            count += 1
            byteCount += record.byteCount
        }

        mutating func remove(_ record: SecretRecord) {
            count -= 1
            byteCount -= record.byteCount
        }
    }

    private struct State {
        var records: [SecretDigest: SecretRecord] = [:]
        var total = Account()
        var owners: [SecretDigest?: Account] = [:]

        mutating func insert(_ record: SecretRecord, under digest: SecretDigest) {
            records[digest] = record
            total.add(record)
            owners[record.owner, default: Account()].add(record)
        }

        mutating func removeAll(where isGone: (SecretRecord) -> Bool) {
            for (digest, record) in records where isGone(record) {
                records[digest] = nil
                total.remove(record)
                owners[record.owner]?.remove(record)
                if owners[record.owner]?.count == 0 { owners[record.owner] = nil }
            }
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
            if !hasRoom(for: record, in: state) {
                state.removeAll { $0.expiresAt <= unixSeconds }
            }
            guard hasRoom(for: record, in: state) else {
                return wait(for: record.owner, in: state, at: unixSeconds)
            }
            state.insert(record, under: digest)
            return nil
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
        state.withLock { state in
            state.removeAll { $0.expiresAt <= unixSeconds }
        }
    }

    func revoke(allBut owners: Set<SecretDigest?>) async {
        state.withLock { state in
            state.removeAll { !owners.contains($0.owner) }
        }
    }

    private func hasRoom(for record: SecretRecord, in state: borrowing State) -> Bool {
        state.total.hasRoom(for: record, within: total)
            && (state.owners[record.owner] ?? Account()).hasRoom(for: record, within: perOwner)
    }

    /// Until the first one leaves that would make room.
    private func wait(
        for owner: SecretDigest?,
        in state: borrowing State,
        at unixSeconds: Int
    ) -> Int {
        let ownersOnly = state.owners[owner] != nil
        let expiries = state.records.values
            .filter { !ownersOnly || $0.owner == owner }
            .map(\.expiresAt)
        return max(1, (expiries.min() ?? unixSeconds + 1) - unixSeconds)
    }
}
