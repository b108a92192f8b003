/// One event of a `text/event-stream`.
package struct StreamEvent: Sendable, Hashable {
    /// The event's type; "message" where the stream names none.
    package var event: String
    /// The data lines, joined by LF.
    package var data: String
    /// The last id the stream has given, for reconnecting.
    package var id: String?
    /// How long to wait before reconnecting, if this event changed it.
    package var retry: Duration?

    package init(event: String = "message", data: String, id: String? = nil, retry: Duration? = nil)
    {
        self.event = event
        self.data = data
        self.id = id
        self.retry = retry
    }
}

extension StreamEvent {
    /// Appends the event as it goes over the wire.
    ///
    /// Line ends within the data begin a new data line; within other fields they become spaces, so
    /// that no field can bring in another.
    package func write(into out: inout [UInt8]) {
        if event != "message" { out.append("event: \(Self.oneLine(event))\n") }
        if let id { out.append("id: \(Self.oneLine(id))\n") }
        if let retry { out.append("retry: \(Self.milliseconds(retry))\n") }
        let lines = data.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
        for line in lines { out.append("data: \(Self.withoutReturns(line))\n") }
        out.append("\n")
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds.multipliedReportingOverflow(by: 1_000).partialValue
            &+ attoseconds / 1_000_000_000_000_000
    }

    private static func oneLine(_ text: String) -> String {
        let bytes = text.utf8.map { $0 < 0x20 ? .space : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func withoutReturns(_ line: Substring.UnicodeScalarView) -> String {
        String(String.UnicodeScalarView(line.filter { $0 != "\r" }))
    }
}
