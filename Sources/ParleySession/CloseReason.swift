internal import ParleyRealtime

extension Session {
    /// How the connection ends.
    public struct CloseReason: Sendable, Equatable {
        /// WebSocket close code.
        public var code: UInt16
        /// At most 123 bytes of UTF-8.
        public var text: String
        /// What we did wrong, for the log; nil when it was not our fault.
        public var fault: String?

        /// Makes a reason.
        public init(code: UInt16, text: String, fault: String? = nil) {
            self.code = code
            self.text = text
            self.fault = fault
        }
    }
}

// Why sessions end, whatever they are for, and what their clients hear before.

extension Session.CloseReason {
    /// The process is about to stop.
    static let restart = Self(code: 1012, text: "The server restarts.")

    /// The session is as old as it may get; an error says so.
    static func expired(_ limits: Limits, _ outbox: inout Outbox) -> Self {
        let error = ProtocolError(
            .sessionExpired,
            "The session reached its longest duration of "
                + "\(limits.sessionDuration.components.seconds) seconds."
        )
        outbox.fail(error, for: nil)
        return Self(code: 1001, text: error.closeText)
    }

    /// The client's key may have no more of this session; an error says why.
    static func evicted(_ error: ProtocolError, _ outbox: inout Outbox) -> Self {
        outbox.fail(error, for: nil)
        return Self(code: 1013, text: error.closeText)
    }

    /// A fault of ours; an error says no more than that.
    static func faulty(_ fault: StaticString, _ outbox: inout Outbox) -> Self {
        outbox.fail(
            ProtocolError(.server, "The server made a mistake.", kind: .server),
            for: nil
        )
        return Self(code: 1011, text: "server_error", fault: "\(fault)")
    }
}
