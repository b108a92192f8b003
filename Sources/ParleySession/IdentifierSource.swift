public import ParleyRealtime

/// Makes the ids of one session; the same source makes the same ids.
public struct IdentifierSource: Sendable {
    private var state: UInt64
    private let isSequential: Bool
    private var counters: [String: Int] = [:]

    /// Ids of random letters from a seed.
    public init(seed: UInt64) {
        self.state = seed
        self.isSequential = false
    }

    /// `item_1`, `item_2`, …: for traces and tests.
    public static func sequential() -> Self {
        Self()
    }

    private init() {
        self.state = 0
        self.isSequential = true
    }

    /// The next id of a kind.
    public mutating func next<ID: Identifier>(_ kind: ID.Type = ID.self) -> ID {
        let number = (counters[ID.prefix] ?? 0) + 1
        counters[ID.prefix] = number
        return ID(rawValue: "\(ID.prefix)\(number)")
    }
}
