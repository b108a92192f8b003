/// Whose limits a session counts towards.
///
/// By name, not by key: a key that is replaced keeps what its day has left.
enum Owner: Sendable, Hashable {
    /// Everybody, where no key is needed.
    case anybody
    case key(name: String)
}
