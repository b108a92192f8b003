public import ParleyRealtime

/// Makes the ids of one session; the same source makes the same ids.
public struct IdentifierSource: Sendable {
    private enum Style: Sendable {
        /// Letters and digits drawn from this state.
        case drawn(UInt64)
        /// Counted for each kind.
        case counted([String: Int])
    }

    private var style: Style

    /// Ids of 21 letters and digits (16 for function calls) that follow from a seed.
    ///
    /// They tell things apart and are no secrets: who knows one can reckon out the next.
    ///
    /// - Parameter seed: Another for each session.
    public init(seed: UInt64) {
        style = .drawn(seed)
    }

    private init(style: Style) {
        self.style = style
    }

    /// `item_1`, `item_2`, …: for traces and tests.
    public static func sequential() -> Self {
        Self(style: .counted([:]))
    }

    /// The next id of a kind.
    public mutating func next<ID: Identifier>(_ kind: ID.Type = ID.self) -> ID {
        ID(rawValue: next(prefix: ID.prefix, length: kind == FunctionCallID.self ? 16 : 21))
    }

    /// The next id of an item whose kind shows in its prefix.
    mutating func nextItem(prefix: String) -> ItemID {
        ItemID(rawValue: next(prefix: prefix, length: 21))
    }

    private mutating func next(prefix: String, length: Int) -> String {
        switch style {
        case .drawn(var state):
            let name = Self.draw(length, from: &state)
            style = .drawn(state)
            return prefix + name
        case .counted(var counters):
            let number = (counters[prefix] ?? 0) + 1
            counters[prefix] = number
            style = .counted(counters)
            return "\(prefix)\(number)"
        }
    }

    private static let alphabet = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8
    )

    private static func draw(_ length: Int, from state: inout UInt64) -> String {
        String(unsafeUninitializedCapacity: length) { buffer in
            var word: UInt64 = 0
            for index in 0..<length {
                // Ten digits of base 62 fit in one word.
                if index % 10 == 0 { word = Self.scramble(&state) }
                buffer[index] = Self.alphabet[Int(word % 62)]
                word /= 62
            }
            return length
        }
    }

    /// SplitMix64.
    ///
    /// - Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
    private static func scramble(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// What ids of items of MCP begin with.
///
/// - Source: Realtime protocol, "ID shapes".
enum ItemPrefix {
    static let toolList = "mcpl_"
    static let toolCall = "mcp_"
    static let approvalRequest = "mcpr_"
}
