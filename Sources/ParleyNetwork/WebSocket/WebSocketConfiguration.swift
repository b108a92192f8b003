package import ParleyHTTP

/// Limits and intervals of a WebSocket.
package struct WebSocketConfiguration: Sendable {
    /// What a peer may make us hold for one message.
    package var limits = WebSocketDecoder.Limits()
    /// How long a message may not go on, beside what its newest bytes earn.
    ///
    /// Looked at when a ping is due.
    package var messageTimeout: Duration = .seconds(60)
    /// Bytes a second that a long message must come at; so many earn it a second more.
    ///
    /// Chosen: whoever is slower can't send speech either.
    package var messageRate = 8 << 10
    /// What all connections may hold of messages that are not whole.
    package var unfinished = ByteBudget(limit: 256 << 20)
    /// Between two pings.
    package var pingInterval: Duration = .seconds(20)
    /// Pings that may go unanswered; with the next one due, the peer counts as gone.
    package var missedPongs = 2
    /// How long the peer may take to answer a close frame.
    package var closeTimeout: Duration = .seconds(5)
    /// How long one reader is served before others have their turn; one message is never broken.
    ///
    /// Chosen: a hundred frames of audio, so that to give way costs none of them much.
    package var servingTime: Duration = .microseconds(200)
    /// Messages that wait for a slow reader, in bytes, before the peer does.
    package var inputHighWater = 256 << 10
    /// Output that waits for a slow peer before `send` does.
    package var outputHighWater = 256 << 10
    /// Output at which a peer counts as too slow and is dropped.
    ///
    /// Chosen: ten minutes of 24 kHz speech in base64, sent as fast as it is made.
    package var outputLimit = 40 << 20

    package init() {}
}

/// A message, whole.
package enum WebSocketMessage: Sendable, Equatable {
    /// UTF-8, checked.
    case text([UInt8])
    case binary([UInt8])

    /// The payload of either kind.
    package var bytes: [UInt8] {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes
        }
    }
}

/// The only thing that a peer hears which may not stay: one message, then the close.
package struct WebSocketFarewell: Sendable, Hashable {
    /// UTF-8.
    package let text: [UInt8]
    package let close: WebSocketClose

    package init(text: [UInt8], close: WebSocketClose) {
        self.text = text
        self.close = close
    }
}

/// How a WebSocket ended.
package enum WebSocketEnding: Sendable, Hashable {
    /// The peer has closed.
    case byPeer(WebSocketClose)
    /// We have closed.
    case byUs(WebSocketClose)
    /// The peer broke the protocol or a limit; this is what it was told.
    case violation(WebSocketClose)
    /// The connection broke without a word.
    case lost
    /// The peer left its pings unanswered.
    case unresponsive
    /// The peer did not take what we sent.
    case tooSlow
}

/// A WebSocket that has ended, where one that is open was needed.
package struct WebSocketClosed: Error, Sendable, Hashable {
    /// How it ended; nil while the close handshake is under way.
    package let ending: WebSocketEnding?
}
