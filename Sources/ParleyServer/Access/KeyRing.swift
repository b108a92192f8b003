internal import ParleyRemoteEngine

/// The keys that open the server.
package struct KeyRing: Sendable {
    private let keys: [APIKey]

    /// Takes the keys; with none, everybody may come in.
    package init(_ keys: [APIKey]) {
        self.keys = keys
    }

    /// No key is needed.
    package var isOpen: Bool { keys.isEmpty }

    /// The key that a client showed, if it is one of ours.
    ///
    /// Every key is compared to its end, so that the time tells nothing about them.
    package func key(matching candidate: String) -> APIKey? {
        var found: APIKey?
        for key in keys where Self.isEqual(key.key, candidate) { found = key }
        return found
    }

    private static func isEqual(_ secret: Secret, _ candidate: String) -> Bool {
        let secret = Array(secret.revealed.utf8)
        let candidate = Array(candidate.utf8)
        var difference = UInt8(secret.count == candidate.count ? 0 : 1)
        for index in candidate.indices {
            difference |= candidate[index] ^ (secret.isEmpty ? 1 : secret[index % secret.count])
        }
        return difference == 0 && !secret.isEmpty
    }
}
