internal import ParleyJSON

/// Writes server events as the bytes of one message.
public struct EventEncoder: Sendable {
    /// The names and shapes to write.
    public var dialect: Dialect

    /// Makes an encoder.
    public init(dialect: Dialect = .ga) {
        self.dialect = dialect
    }

    /// Writes an event.
    ///
    /// - Parameter event: What to send.
    /// - Returns: Compact JSON in UTF-8; nil where the dialect has no such event.
    public func encode(_ event: ServerEvent) -> [UInt8]? {
        guard let type = event.body.type(in: dialect) else { return nil }
        var writer = JSONWriter(capacity: capacity(for: event.body))
        writer.object {
            $0.member("type", constant: type)
            $0.member("event_id", event.id.rawValue)
            EventMembers(body: event.body, dialect: dialect).write(to: &$0)
        }
        return writer.bytes
    }

    /// Enough for most events; exact enough for audio, so that its bytes are never moved.
    private func capacity(for body: ServerEvent.Body) -> Int {
        512 + Base64.encodedCount(of: body.audio?.count ?? 0)
    }
}

extension ServerEvent.Body {
    /// What the event brings to be heard; nil for other events.
    fileprivate var audio: [UInt8]? {
        if case .responseOutputAudioDelta(_, let audio) = self { return audio }
        if case .sessionOutputAudioDelta(let audio, _) = self { return audio }
        return nil
    }
}
