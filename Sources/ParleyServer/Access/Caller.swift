/// Who is behind a request that was let in, and what that opens.
struct Caller: Sendable {
    /// The key that was shown, or under which the secret was made; nil where no key is needed.
    var key: APIKey?
    /// The client secret that was shown in place of a key.
    var secret: SecretRecord?

    /// Whose limits a session of this caller counts towards.
    var owner: Owner {
        key.map { .key(name: $0.name) } ?? .anybody
    }

    /// Whether it may do more than open sessions.
    ///
    /// - Source: Realtime protocol, "POST /realtime/client_secrets", rules.
    var showsKey: Bool { secret == nil }
}
