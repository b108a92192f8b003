import ParleyNetwork
import Synchronization

@testable import ParleyServer

/// A clock that stands until it is told to go on.
final class TestClock: Sendable {
    private let seconds = Mutex(0)

    /// Lets time pass.
    func pass(_ seconds: Int) {
        self.seconds.withLock { $0 += seconds }
    }

    /// The clock as access control reads it; its day begins with it.
    var access: AccessClock {
        AccessClock { [self] in
            let now = seconds.withLock(\.self)
            return AccessTime(unixSeconds: now, uptime: .seconds(now))
        }
    }
}

/// A store that is down.
struct BrokenStore: SecretStore {
    private static let failure = SecretStoreError.unavailable(detail: "down")

    func insert(
        _ record: SecretRecord,
        under digest: SecretDigest,
        at unixSeconds: Int
    ) async throws(SecretStoreError) {
        throw Self.failure
    }

    func record(
        under digest: SecretDigest,
        at unixSeconds: Int
    ) async throws(SecretStoreError) -> SecretRecord? {
        throw Self.failure
    }

    func sweep(at unixSeconds: Int) async {}

    func revoke(allBut owners: Set<SecretDigest?>) async {}
}
