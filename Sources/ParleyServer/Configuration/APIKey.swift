package import ParleyRemoteEngine

/// A key that clients show, and the name under which logs know its owner.
package struct APIKey: Sendable, Equatable {
    package var name: String
    package var key: Secret

    /// Makes a key.
    package init(name: String, key: Secret) {
        self.name = name
        self.key = key
    }

    /// Why a text can't be a key; nil when it can.
    ///
    /// Keys travel in headers and WebSocket subprotocols, so they are made of visible ASCII without
    /// commas.
    static func fault(in text: String) -> String? {
        if text.isEmpty { return "found nothing, expected a key" }
        let isVisible = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2C }
        return isVisible ? nil : "expected a key of visible ASCII characters without commas"
    }
}
