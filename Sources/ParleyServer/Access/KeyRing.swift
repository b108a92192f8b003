package import ParleyNetwork

/// The keys that open the server.
package struct KeyRing: Sendable {
    private let keys: [SecretDigest: APIKey]

    /// Takes the keys; with none, everybody may come in.
    package init(_ keys: [APIKey]) {
        self.keys = Dictionary(keys.map { ($0.digest, $0) }) { first, _ in first }
    }

    /// No key is needed.
    package var isOpen: Bool { keys.isEmpty }

    /// The key that a client showed, if it is one of ours.
    ///
    /// What is looked up is its digest, which nobody can steer towards one of ours: the time tells
    /// nothing about them.
    package func key(matching candidate: String) -> APIKey? {
        self[SecretDigest(of: candidate)]
    }

    /// The key of a digest.
    package subscript(digest: SecretDigest) -> APIKey? { keys[digest] }

    /// The key of a name.
    func named(_ name: String) -> APIKey? { keys.values.first { $0.name == name } }

    /// Whose client secrets are good: those of each key, and where none is needed nobody's.
    var owners: Set<SecretDigest?> { isOpen ? [nil] : Set(keys.keys) }
}
