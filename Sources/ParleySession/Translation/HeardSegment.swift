internal import ParleyAudio
internal import ParleyRealtime

/// A stretch of speech on its way to its translation.
struct HeardSegment: Sendable {
    /// What its recogniser is known by; clients never see it.
    let itemID: ItemID
    let start: Int
    /// Up to where it was heard so far.
    var end: Int
    /// Clients are shown its text.
    let isShown: Bool
    /// Nil while speech goes on, or its text is due.
    var text: String?
    /// The part of the text that the client has.
    private var shown = ""

    init(itemID: ItemID, start: Int, isShown: Bool) {
        self.itemID = itemID
        self.start = start
        self.end = start
        self.isShown = isShown
    }

    /// The end of the last frame that it reaches into.
    ///
    /// - Source: the reference server's time stamps, which advance in frames of 200 ms.
    var elapsed: Duration { .milliseconds((end + Self.frame - 1) / Self.frame * 200) }

    /// Samples of a frame of 200 ms.
    private static let frame = AudioFormat.sessionSampleRate / 5

    /// What the client is to get of a text that has grown; nil if nothing.
    ///
    /// Recognisers may take back what they called stable; what the client has can't be taken back.
    mutating func takeDelta(of text: String, in running: inout RunningText) -> String? {
        guard isShown, let delta = text.remainder(after: shown), !delta.isEmpty else { return nil }
        let gap = shown.isEmpty ? running.gap(before: delta) : ""
        shown = text
        running.append(delta)
        return gap + delta
    }
}
