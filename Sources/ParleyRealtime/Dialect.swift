/// Which names and shapes a connection speaks, fixed when it opens.
///
/// - Source: Realtime protocol, "Dialect", "GA and beta mapping".
public enum Dialect: String, Sendable, CaseIterable {
    /// The interface as released.
    case ga
    /// The interface before: flat sessions, short event names, items that are only created.
    case beta
}
