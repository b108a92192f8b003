package import ParleySession

/// The other end of a session as its driver sees it: whoever carries events to the client.
///
/// Confined to the driver's loop.
package protocol Peer: AnyObject, Sendable {
    /// Queues one event, as JSON text; never waits.
    func send(_ event: [UInt8])
    /// Returns once the client has taken enough that more may be made for it.
    func drained() async
    /// Ends the connection after what was queued.
    func close(_ reason: Session.CloseReason)
}
