/// How long a reader has been served without a pause, told by a look at the clock now and then.
struct Serving {
    /// Messages that were there at once.
    private var count = 0
    private var began = ContinuousClock.now

    /// Notes that the reader asks for a message.
    ///
    /// - Parameters:
    ///   - finding: The message is there already: the reader does not have to wait.
    ///   - time: What one reader may have in a row.
    /// - Returns: Whether others should have their turn first.
    @inline(__always)
    mutating func isOver(finding: Bool, time: Duration) -> Bool {
        guard finding else {
            count = 0
            return false
        }
        count += 1
        return count % Limits.messagesInARow == 0 && looksOver(time)
    }

    private mutating func looksOver(_ time: Duration) -> Bool {
        let now = ContinuousClock.now
        if count == Limits.messagesInARow { began = now }
        guard count > Limits.messagesInARow, now - began >= time else { return false }
        count = 0
        return true
    }
}
