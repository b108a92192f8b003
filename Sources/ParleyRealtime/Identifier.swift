/// A name that one side gave to a thing and the other side gives back; opaque, compared as text.
///
/// - Source: Realtime protocol, "ID shapes": a prefix and 21 alphanumerics.
public protocol Identifier: RawRepresentable<String>, Hashable, Sendable,
    ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// What ids of this kind begin with when the server makes them, such as `item_`.
    static var prefix: String { get }
    /// Takes any text as an id.
    init(rawValue: String)
}

extension Identifier {
    /// Takes a literal as an id.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }

    /// The id itself.
    public var description: String { rawValue }
}

/// Names one event on the wire.
public struct EventID: Identifier {
    /// What the server's own ids begin with.
    public static let prefix = "event_"
    /// The id itself.
    public let rawValue: String

    /// Takes any text as an id.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// Names a session.
public struct SessionID: Identifier {
    /// What the server's own ids begin with.
    public static let prefix = "sess_"
    /// The id itself.
    public let rawValue: String

    /// Takes any text as an id.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// Names a conversation.
public struct ConversationID: Identifier {
    /// What the server's own ids begin with.
    public static let prefix = "conv_"
    /// The id itself.
    public let rawValue: String

    /// Takes any text as an id.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// Names a response.
public struct ResponseID: Identifier {
    /// What the server's own ids begin with.
    public static let prefix = "resp_"
    /// The id itself.
    public let rawValue: String

    /// Takes any text as an id.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// Names an item of a conversation.
public struct ItemID: Identifier {
    /// What the server's own ids begin with.
    public static let prefix = "item_"
    /// The id itself.
    public let rawValue: String

    /// Takes any text as an id.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// Ties a function call to its output.
public struct FunctionCallID: Identifier {
    /// In an item that a client wants: the server is to choose the id.
    public static let unassigned = FunctionCallID(rawValue: "")
    /// What the server's own ids begin with.
    public static let prefix = "call_"
    /// The id itself.
    public let rawValue: String

    /// Takes any text as an id.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// Names what a client traces: a session whose `tracing` is on.
public struct TraceID: Identifier {
    /// What the server's own ids begin with.
    public static let prefix = "trace_"
    /// The id itself.
    public let rawValue: String

    /// Takes any text as an id.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
