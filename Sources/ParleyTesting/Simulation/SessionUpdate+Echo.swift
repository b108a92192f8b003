internal import ParleyJSON
package import ParleyRealtime

extension SessionUpdate {
    /// The update of a client that sends a session back as it was shown, read by the letter; nil
    /// if that can't be read.
    package init?(echoing session: SessionObject) {
        let event = ServerEvent(id: "event_1", .sessionUpdated(session))
        guard let shown = try? JSON.parse(EventEncoder().encode(event))["session"],
            let update = try? SessionDecoder(refusesUnknownMembers: true).decode(shown)
        else { return nil }
        self = update
    }
}
