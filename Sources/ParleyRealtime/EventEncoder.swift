internal import ParleyJSON

/// Which names and shapes a connection speaks, fixed when it opens.
///
/// - Source: Realtime protocol, "Dialect".
public enum Dialect: Sendable, CaseIterable {
    /// The interface as released.
    case ga
}

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
    /// - Returns: Compact JSON in UTF-8.
    public func encode(_ event: ServerEvent) -> [UInt8] {
        var writer = JSONWriter(capacity: capacity(for: event.body))
        switch dialect {
        case .ga: GAEvent(event: event).write(to: &writer)
        }
        return writer.bytes
    }

    /// Enough for most events; exact enough for audio, so that its bytes are never moved.
    private func capacity(for body: ServerEvent.Body) -> Int {
        switch body {
        case .responseOutputAudioDelta(_, let audio): 512 + Base64.encodedCount(of: audio.count)
        default: 512
        }
    }
}
