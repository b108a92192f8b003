/// Which names and shapes a connection speaks, fixed when it opens.
///
/// - Source: Realtime protocol, "Dialect", "GA and beta mapping".
public enum Dialect: String, Sendable, CaseIterable {
    /// The interface as released.
    case ga
    /// The interface before: flat sessions, short event names, items that are only created.
    case beta
    /// Beta as the Speaches server has it: sessions of every kind look alike and name the
    /// synthesiser.
    ///
    /// - Source: Realtime protocol, "Speaches".
    case speaches

    /// Whether names and shapes are beta's.
    public var isBeta: Bool {
        switch self {
        case .ga: false
        case .beta, .speaches: true
        }
    }
}
