internal import ParleyHTTP
package import ParleyNetwork
internal import ParleyRuntime
package import ParleySession

/// A WebSocket as the peer of a session: one event, one text message.
package final class WebSocketPeer: Peer {
    private let connection: WebSocketConnection

    /// Takes a connection; the driver must live on its loop.
    package init(_ connection: WebSocketConnection) {
        self.connection = connection
    }

    package func send(_ event: [UInt8]) {
        connection.enqueue(text: event)
    }

    package func drained() async {
        // A connection that has ended takes no more; its reader learns of the end by itself.
        try? await connection.drained()
    }

    package func close(_ reason: Session.CloseReason) {
        connection.enqueueClose(WebSocketCloseCode(reason.code), reason: reason.text)
    }
}
