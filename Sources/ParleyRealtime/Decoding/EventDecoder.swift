internal import ParleyJSON

/// Reads client events from the bytes of one message.
///
/// Any bytes give an event or an error that can be sent as it is. Members that an event doesn't
/// know are ignored, because one `error` ends the session of several clients; strictness is a
/// setting.
///
/// - Source: Realtime protocol, "Client events", "Errors"; for what is let pass "Dialect",
///   "Realtime session, GA", "Item types", "Tools".
public struct EventDecoder: Sendable {
    /// Which names and shapes the client uses.
    public var dialect: Dialect
    /// What the session is for: translation sessions have events of their own.
    public var kind = SessionKind.realtime
    /// Fails with `unknown_parameter`, as the reference server does, instead of ignoring, and takes
    /// no aliases.
    public var refusesUnknownMembers = false

    /// Makes a lenient decoder for a WebSocket.
    public init(dialect: Dialect = .ga) {
        self.dialect = dialect
    }

    /// What to answer to a binary message where only text is allowed.
    public static let binaryMessage = ProtocolError(
        .invalidEvent,
        "The message is binary: expected text with one JSON object."
    )

    /// Reads one event.
    ///
    /// - Parameter message: One JSON object in UTF-8.
    /// - Returns: The event, each member checked for itself.
    /// - Throws: ``EventDecodingError``; nothing has happened by then.
    public func decode(_ message: [UInt8]) throws(EventDecodingError) -> ClientEvent {
        if let append = AppendEvent.decode(message, of: kind) { return append }
        return try decodeFully(message)
    }

    /// Reads one event without the short way for audio; equal to ``decode(_:)`` on every message.
    package func decodeFully(_ message: [UInt8]) throws(EventDecodingError) -> ClientEvent {
        let value = try parse(message)
        guard case .object = value else {
            let found = JSONKind(of: value)
            throw EventDecodingError(.invalidJSON, "The message is \(found): expected an object.")
        }
        return try decode(JSONReader(value))
    }

    private func parse(_ message: [UInt8]) throws(EventDecodingError) -> JSON {
        do throws(JSONError) {
            return try JSON.parse(message)
        } catch {
            throw EventDecodingError(.invalidJSON, "The message is not JSON: \(error).")
        }
    }

    private func decode(_ event: JSONReader) throws(EventDecodingError) -> ClientEvent {
        var id: EventID?
        do throws(JSONReadError) {
            let text = try event["event_id"].present?.string(maximumLength: WireLimit.eventIDLength)
            id = text.map(EventID.init)
            return ClientEvent(id: id, try body(event))
        } catch {
            throw EventDecodingError(ProtocolError(error), clientEventID: id)
        }
    }
}

/// Why a message is no event, and which event it would have been.
public struct EventDecodingError: Error, Sendable, Hashable {
    /// What to answer.
    public var error: ProtocolError
    /// The client's `event_id` as far as it could be read.
    public var clientEventID: EventID?

    /// Makes an error.
    public init(_ error: ProtocolError, clientEventID: EventID? = nil) {
        self.error = error
        self.clientEventID = clientEventID
    }

    init(_ code: ProtocolError.Code, _ message: String) {
        self.init(ProtocolError(code, message))
    }
}
