internal import ParleyHTTP
package import ParleyNetwork
package import ParleyRealtime
package import ParleyRuntime
internal import ParleySession

/// Carries a session over a WebSocket.
package enum WebSocketTransport {
    /// Lets a session live until its peer is gone; returns when its last engine call has ended.
    ///
    /// Reading pauses while the peer doesn't take what it is sent: one who only sends is held back
    /// by TCP, one who takes nothing while several pings fall due is dropped.
    package static func serve(
        _ connection: WebSocketConnection,
        by driver: isolated SessionDriver
    ) async {
        driver.start()
        do {
            while let message = try await connection.nextMessage() {
                switch message {
                case .text(let bytes): await driver.receive(bytes)
                case .binary: driver.receiveBinary()
                }
                try await connection.drained()
            }
        } catch {
            // The connection broke or the process ends; either way the session's peer is gone.
        }
        await driver.end()
    }

    /// What a client hears that may not have a session: one error event, then the close.
    ///
    /// - Parameters:
    ///   - error: What is wrong.
    ///   - code: The close code; its reason names the error.
    ///   - id: The event's id.
    /// - Returns: What the connection is closed with.
    /// - Source: Realtime protocol, "Handshake" and "Close codes".
    package static func refusal(
        _ error: ProtocolError,
        code: UInt16,
        eventID id: EventID
    ) -> WebSocketFarewell {
        let event = ServerEvent(id: id, .error(error, clientEventID: nil))
        return WebSocketFarewell(
            // Errors look alike in every dialect, so there is always one.
            text: EventEncoder().encode(event) ?? [],
            close: WebSocketClose(WebSocketCloseCode(code), error.closeText)
        )
    }
}
