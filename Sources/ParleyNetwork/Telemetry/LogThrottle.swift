/// Lets a few lines of each message through a second and counts the others.
///
/// For what strangers can cause as often as they like, so that they can't fill a disk.
struct LogThrottle {
    private struct Window {
        var began: ContinuousClock.Instant
        var written = 0
        var withheld = 0
    }

    /// Lines of one message a second.
    ///
    /// Chosen: enough to see who knocks, and 100 MB a day at the most.
    static let linesPerSecond = 5

    /// By message, of which there are as many as in the source.
    private var windows: [String: Window] = [:]

    /// Judges the next line of a message.
    ///
    /// - Returns: How many were withheld since the last line; nil where this one is withheld, too.
    mutating func admit(_ message: String, at now: ContinuousClock.Instant) -> Int? {
        var window = windows[message] ?? Window(began: now)
        defer { windows[message] = window }
        if now - window.began >= .seconds(1) {
            window.began = now
            window.written = 0
        }
        guard window.written < Self.linesPerSecond else {
            window.withheld += 1
            return nil
        }
        window.written += 1
        defer { window.withheld = 0 }
        return window.withheld
    }
}
