internal import ParleyAudio

// Positions and lengths in audio are samples at the session's rate; durations appear at the edges
// only.

extension Duration {
    /// How long this many samples sound at the session's rate.
    init(samples: Int) {
        self = .nanoseconds(Int64(samples) * 1_000_000_000 / Int64(AudioFormat.sessionSampleRate))
    }

    /// Whole samples that sound this long at the session's rate; never negative, at most about
    /// eleven days.
    ///
    /// Clients choose durations, so that any value must be safe to calculate with.
    var sampleCount: Int {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let rate = Int64(AudioFormat.sessionSampleRate)
        let whole = min(seconds, 1_000_000) * rate
        let part = attoseconds / 1_000_000_000 * rate / 1_000_000_000
        return Int(whole + part)
    }
}
