package import ParleyJSON
package import ParleyRealtime

/// One message of a trace as it goes over the wire.
package struct WireMessage: Sendable, Equatable {
    /// Who sends it.
    package enum Sender: String, Sendable {
        case client, server
    }

    /// Who sends it.
    package let sender: Sender
    /// Its words.
    package let dialect: Dialect
    /// What the session is for.
    package let kind: SessionKind
    /// The message itself.
    package let json: JSON

    /// The message with what is known about it, for tools that check it.
    package var described: JSON {
        [
            "sender": .string(sender.rawValue), "dialect": .string(dialect.rawValue),
            "kind": .string(kind.rawValue), "message": json,
        ]
    }
}
