internal import CLinux

/// What a loop tells about a descriptor; called on the loop's thread only.
package protocol EventHandler: AnyObject, Sendable {
    /// The descriptor is ready, or has failed.
    ///
    /// It may be called without cause, so a handler tries and expects "not yet".
    func ready(_ events: IOEvents)

    /// The loop is about to end: last chance to close, and to wake who waits.
    func loopEnds()
}

extension EventHandler {
    package func loopEnds() {}
}

/// Something that wants one call after the jobs of the current turn: to flush what they wrote.
package protocol TurnEndHandler: AnyObject, Sendable {
    /// The jobs of the turn that asked for this call have run.
    func turnEnded()
}

/// Readiness of a descriptor, as epoll says it.
package struct IOEvents: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// There is something to read, or the end of it.
    package static let readable = IOEvents(rawValue: CLINUX_EPOLLIN)
    /// There is room to write.
    package static let writable = IOEvents(rawValue: CLINUX_EPOLLOUT)
    /// The connection is gone in both directions; always reported, never asked for.
    package static let hangUp = IOEvents(rawValue: CLINUX_EPOLLHUP)
    /// The descriptor has failed; always reported, never asked for.
    package static let error = IOEvents(rawValue: CLINUX_EPOLLERR)
}
