internal import ParleyNetwork
internal import ParleyRealtime

/// Where client secrets are kept until they expire, each under its digest.
///
/// In memory for one node; several nodes share a store by another implementation of this. A store
/// never sees a secret itself, so one that leaks opens nothing. What it gives is not yet an
/// admission: whether the owner's key still exists is judged at each use, by whoever asks.
protocol SecretStore: Sendable {
    /// Keeps a record until it expires.
    ///
    /// - Throws: ``SecretStoreError``; nothing was kept.
    func insert(
        _ record: SecretRecord,
        under digest: SecretDigest,
        at unixSeconds: Int
    ) async throws(SecretStoreError)

    /// The record of a secret; nil for one that was never kept, has expired or was revoked.
    ///
    /// - Throws: ``SecretStoreError``
    func record(
        under digest: SecretDigest,
        at unixSeconds: Int
    ) async throws(SecretStoreError) -> SecretRecord?

    /// Forgets what has expired; who does so by itself needs do nothing.
    func sweep(at unixSeconds: Int) async

    /// Forgets all secrets but those of these owners; nil is nobody in particular.
    func revoke(allBut owners: Set<SecretDigest?>) async
}

/// What a client secret stands for.
///
/// Texts and numbers only, so that a store can write it down.
struct SecretRecord: Sendable, Equatable {
    /// The digest of the key that asked for it; nil where no key was needed.
    var owner: SecretDigest?
    /// What its sessions are for.
    var kind: SessionKind
    /// How the session is written, and what its connections speak that bear no mark.
    var dialect: Dialect
    /// The session as it was asked for, checked: JSON in UTF-8.
    ///
    /// It may hold what must not be shown again, such as the headers of a tool's server.
    var session: [UInt8]
    /// The pipeline that answers.
    var model: String
    /// Unix seconds; from then on it opens nothing.
    var expiresAt: Int

    /// What it takes to keep it, about.
    var byteCount: Int { session.count + model.utf8.count + 128 }
}

/// Why a secret is not kept or not found.
enum SecretStoreError: Error, Sendable, Equatable {
    /// There are too many; the first leaves after so many seconds.
    case full(retryAfter: Int)
    /// The store can't be asked; the detail is for the log.
    case unavailable(detail: String)
}
