internal import Glibc

/// Now, as expiry and limits see it.
struct AccessTime: Sendable, Equatable {
    /// Unix seconds, for what clients are told and for days.
    var unixSeconds: Int
    /// Since any fixed point; never goes back, for how long something has lasted.
    var uptime: Duration

    static let secondsPerDay = 86_400

    /// The day of UTC, counted from 1970.
    var day: Int { unixSeconds / Self.secondsPerDay }

    /// From now to the end of the day.
    var untilMidnight: Duration {
        .seconds(Self.secondsPerDay - unixSeconds % Self.secondsPerDay)
    }

    /// When the day began, in uptime; before the server did, where that is so.
    var midnight: Duration { uptime - .seconds(unixSeconds % Self.secondsPerDay) }
}

/// Tells the time; tests have one of their own.
struct AccessClock: Sendable {
    let now: @Sendable () -> AccessTime

    /// The machine's clocks.
    static let system: AccessClock = {
        let began = ContinuousClock.now
        return AccessClock {
            AccessTime(unixSeconds: time(nil), uptime: ContinuousClock.now - began)
        }
    }()
}
