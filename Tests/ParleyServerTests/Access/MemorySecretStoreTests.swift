import ParleyNetwork
import ParleyRealtime
import Testing

@testable import ParleyServer

@Suite("Client secrets are kept in memory", .timeLimit(.minutes(1)))
struct MemorySecretStoreTests {
    private let alice = SecretDigest(of: "alice")
    private let bob = SecretDigest(of: "bob")

    private func record(
        of owner: SecretDigest?,
        until expiresAt: Int = 600,
        size: Int = 0
    ) -> SecretRecord {
        SecretRecord(
            owner: owner,
            kind: .realtime,
            dialect: .ga,
            session: [UInt8](repeating: 0x20, count: size),
            model: "parley",
            expiresAt: expiresAt
        )
    }

    @Test("A secret is found any number of times until it expires")
    func expires() async throws {
        let store = MemorySecretStore()
        let digest = SecretDigest(of: "ek_1")
        try await store.insert(record(of: alice, until: 60), under: digest, at: 0)
        #expect(try await store.record(under: digest, at: 0) == record(of: alice, until: 60))
        #expect(try await store.record(under: digest, at: 59) != nil)
        #expect(try await store.record(under: digest, at: 60) == nil)
        #expect(try await store.record(under: SecretDigest(of: "ek_2"), at: 0) == nil)
    }

    @Test("Sweeping forgets what has expired, and nothing else")
    func sweeps() async throws {
        let store = MemorySecretStore()
        for second in 1...10 {
            let digest = SecretDigest(of: "\(second)")
            try await store.insert(record(of: alice, until: second), under: digest, at: 0)
        }
        await store.sweep(at: 5)
        #expect(store.count == 5)
        #expect(try await store.record(under: SecretDigest(of: "6"), at: 0) != nil)
    }

    @Test("An owner's share is bounded, by count and by bytes, and leaves room for others")
    func bounds() async throws {
        let store = MemorySecretStore(
            total: .init(count: 10, byteCount: 10_000),
            perOwner: .init(count: 2, byteCount: 2_000)
        )
        try await store.insert(record(of: alice, until: 30), under: SecretDigest(of: "1"), at: 0)
        try await store.insert(record(of: alice, until: 20), under: SecretDigest(of: "2"), at: 0)
        await #expect(throws: SecretStoreError.full(retryAfter: 15)) {
            try await store.insert(record(of: alice), under: SecretDigest(of: "3"), at: 5)
        }
        await #expect(throws: SecretStoreError.self) {
            try await store.insert(
                record(of: bob, size: 2_000),
                under: SecretDigest(of: "4"),
                at: 5
            )
        }
        try await store.insert(record(of: bob), under: SecretDigest(of: "5"), at: 5)
        try await store.insert(record(of: alice), under: SecretDigest(of: "6"), at: 20)
        #expect(store.count == 3)
    }

    @Test("All owners together are bounded too")
    func totalBound() async throws {
        let store = MemorySecretStore(
            total: .init(count: 2, byteCount: 10_000),
            perOwner: .init(count: 2, byteCount: 10_000)
        )
        try await store.insert(record(of: alice, until: 9), under: SecretDigest(of: "1"), at: 0)
        try await store.insert(record(of: nil, until: 7), under: SecretDigest(of: "2"), at: 0)
        await #expect(throws: SecretStoreError.full(retryAfter: 7)) {
            try await store.insert(record(of: bob), under: SecretDigest(of: "3"), at: 0)
        }
    }

    @Test("Secrets leave in the order in which they expire, whoever owns them")
    func leavesInOrder() async throws {
        let store = MemorySecretStore()
        let lifetimes = (0..<200).map { 1 + $0 * 37 % 100 }
        for (number, lifetime) in lifetimes.enumerated() {
            let owner = number.isMultiple(of: 3) ? alice : bob
            let digest = SecretDigest(of: "\(number)")
            try await store.insert(record(of: owner, until: lifetime), under: digest, at: 0)
        }
        for second in 0...100 {
            await store.sweep(at: second)
            #expect(store.count == lifetimes.count { $0 > second })
        }
    }

    @Test("An owner with room waits for the first of all to leave, one without for its own")
    func waits() async throws {
        let store = MemorySecretStore(
            total: .init(count: 3, byteCount: 10_000),
            perOwner: .init(count: 2, byteCount: 10_000)
        )
        try await store.insert(record(of: alice, until: 90), under: SecretDigest(of: "1"), at: 0)
        try await store.insert(record(of: alice, until: 80), under: SecretDigest(of: "2"), at: 0)
        try await store.insert(record(of: bob, until: 50), under: SecretDigest(of: "3"), at: 0)
        await #expect(throws: SecretStoreError.full(retryAfter: 80)) {
            try await store.insert(record(of: alice), under: SecretDigest(of: "4"), at: 0)
        }
        await #expect(throws: SecretStoreError.full(retryAfter: 50)) {
            try await store.insert(record(of: bob), under: SecretDigest(of: "5"), at: 0)
        }
    }

    @Test("Secrets of owners that are gone are revoked")
    func revokes() async throws {
        let store = MemorySecretStore()
        try await store.insert(record(of: alice), under: SecretDigest(of: "1"), at: 0)
        try await store.insert(record(of: bob), under: SecretDigest(of: "2"), at: 0)
        try await store.insert(record(of: nil), under: SecretDigest(of: "3"), at: 0)
        await store.revoke(allBut: [alice])
        #expect(store.count == 1)
        #expect(try await store.record(under: SecretDigest(of: "1"), at: 0) != nil)
    }

    @Test("Secrets that belong to nobody are kept where no key is needed")
    func keepsNobodys() async throws {
        let store = MemorySecretStore()
        try await store.insert(record(of: alice), under: SecretDigest(of: "1"), at: 0)
        try await store.insert(record(of: nil), under: SecretDigest(of: "2"), at: 0)
        await store.revoke(allBut: [nil])
        #expect(store.count == 1)
        #expect(try await store.record(under: SecretDigest(of: "2"), at: 0) != nil)
    }

    @Test("Bounds hold when many ask at once")
    func concurrency() async {
        let store = MemorySecretStore(
            total: .init(count: 100, byteCount: 1 << 20),
            perOwner: .init(count: 30, byteCount: 1 << 20)
        )
        let kept = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<400 {
                let owner = number.isMultiple(of: 2) ? alice : bob
                group.addTask {
                    let digest = SecretDigest(of: "\(number)")
                    let outcome: Void? = try? await store.insert(
                        record(of: owner),
                        under: digest,
                        at: 0
                    )
                    return outcome != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(kept == 60)
        #expect(store.count == 60)
    }
}
