internal import ParleyJSON
package import ParleyRealtime

extension SessionUpdate {
    /// The update of a client that sends a session back as it was shown, read by the letter; nil
    /// if that can't be read.
    package init?(echoing session: SessionObject, in dialect: Dialect) {
        let shown = try? JSON.parse(WrittenSession(session, in: dialect).serialized())
        let decoder = SessionDecoder(dialect: dialect, refusesUnknownMembers: true)
        guard let shown, let update = try? decoder.decode(shown) else { return nil }
        self = update
    }
}
