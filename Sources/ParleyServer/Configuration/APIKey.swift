package import ParleyNetwork
package import ParleyRealtime

/// A key that clients show, the name under which logs know its owner, and what it opens.
///
/// Of the key itself only the digest is kept: a dump of the process or of the file opens nothing.
package struct APIKey: Sendable, Equatable {
    package var name: String
    package var digest: SecretDigest
    /// What its connections speak where they bear no mark; nil for what the server says.
    package var dialect: Dialect?
    /// The pipeline of sessions that name no model; nil for the server's default.
    package var pipeline: String?
    /// What its sessions may take together.
    package var limits = KeyLimits()

    /// Makes a key that opens everything.
    package init(name: String, digest: SecretDigest) {
        self.name = name
        self.digest = digest
    }

    /// Reads what an operator has written: the key itself, or `sha256:` and its digest.
    ///
    /// - Returns: Nil where ``fault(in:)`` finds something.
    init?(name: String, text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        self.init(name: name, digest: Self.digest(in: text) ?? SecretDigest(of: text))
    }

    /// What stands before the digest of a key.
    package static let digestPrefix = "sha256:"

    /// Why a text can't be a key; nil when it can.
    ///
    /// Keys travel in headers and WebSocket subprotocols, so they are made of visible ASCII without
    /// commas.
    static func fault(in text: String) -> String? {
        if text.isEmpty { return "found nothing, expected a key" }
        if text.hasPrefix(SecretValue.prefix) {
            return "expected a key that doesn't begin with \"\(SecretValue.prefix)\""
        }
        if text.hasPrefix(digestPrefix), digest(in: text) == nil {
            return "expected 64 hexadecimal digits behind \"\(digestPrefix)\""
        }
        let isVisible = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2C }
        return isVisible ? nil : "expected a key of visible ASCII characters without commas"
    }

    private static func digest(in text: String) -> SecretDigest? {
        guard text.hasPrefix(digestPrefix) else { return nil }
        return SecretDigest(hexadecimal: text.dropFirst(digestPrefix.count))
    }
}

/// What the sessions of one key may take together; nil is no limit.
package struct KeyLimits: Sendable, Equatable {
    /// Sessions at once.
    package var sessions: Int?
    /// Sessions begun within any sixty seconds.
    package var sessionsPerMinute: Int?
    /// Minutes that sessions last, summed over a day of UTC.
    package var minutesPerDay: Int?

    /// Makes limits that limit nothing.
    package init() {}

    /// These, and where they say nothing, others.
    package func over(_ defaults: KeyLimits) -> KeyLimits {
        var limits = self
        limits.sessions = sessions ?? defaults.sessions
        limits.sessionsPerMinute = sessionsPerMinute ?? defaults.sessionsPerMinute
        limits.minutesPerDay = minutesPerDay ?? defaults.minutesPerDay
        return limits
    }

    static let sessionRange = 1...100_000
    static let sessionsPerMinuteRange = 1...10_000
    static let minutesPerDayRange = 1...100_000_000
}
