/// Which limit of its key a session would exceed.
struct QuotaRefusal: Error, Sendable, Equatable {
    /// The limits of a key; also the label of what is counted.
    enum Reason: String, Sendable, CaseIterable {
        case sessions
        case sessionsPerMinute = "sessions_per_minute"
        case minutesPerDay = "minutes_per_day"
    }

    var reason: Reason
    var limit: Int
    /// Nil where it depends on others when there is room again.
    var retryAfter: Duration?

    /// For the client.
    var message: String {
        switch reason {
        case .sessions:
            "This key may have \(Self.count(limit, "session")) at once, and has; end one first."
        case .sessionsPerMinute:
            "This key may begin \(Self.count(limit, "session")) in a minute; "
                + "try again in \(Self.count(waitSeconds, "second"))."
        case .minutesPerDay:
            "This key has used its \(Self.count(limit, "minute")) of today; "
                + "try again in \(Self.count(waitSeconds, "second"))."
        }
    }

    private var waitSeconds: Int { retryAfter?.wholeSecondsUp ?? 0 }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension Duration {
    /// In seconds, a started one counted whole.
    var wholeSecondsUp: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) + (attoseconds > 0 ? 1 : 0)
    }
}
