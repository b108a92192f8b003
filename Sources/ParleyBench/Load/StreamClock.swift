internal import ParleyClient

/// When the audio of one session's stream was to go out.
///
/// Delays are counted from the moment when a frame *should* have been sent. A generator that is
/// late thus makes results worse, never better ("coordinated omission", Gil Tene).
struct StreamClock: Sendable, Equatable {
    /// When the first frame was due.
    let start: Duration
    let frameDuration: Duration

    /// What a detector hears at once: 512 samples of Silero at 16 kHz.
    static let detectorFrame = Duration.milliseconds(32)
    /// What a server may hold back to change the rate of audio.
    ///
    /// Chosen: the polyphase filter of this server looks ahead less than 2 ms.
    static let lookAhead = Duration.milliseconds(2)

    /// When the frame that brings the sample at this position was due.
    func due(_ position: Duration) -> Duration {
        let frame = frameDuration.inNanoseconds
        // What ends at a border came with the frame before it.
        let index = max(0, (position.inNanoseconds + frame - 1) / frame - 1)
        return start + frameDuration * Int(index)
    }

    /// When the frame that goes on from this position was due.
    func dueAfter(_ position: Duration) -> Duration { due(position + .nanoseconds(1)) }

    /// When everything was sent that tells the server that speech has begun.
    ///
    /// A detector is sure after one of its frames or after two; one is taken, so that the second
    /// counts as delay.
    ///
    /// - Parameters:
    ///   - audioStart: `audio_start_ms`, which includes the padding.
    ///   - padding: `prefix_padding_ms`.
    /// - Returns: Nil where the padding was cut off at the start of the stream.
    func decisionOfStart(audioStart: Duration, padding: Duration) -> Duration? {
        guard audioStart > .zero else { return nil }
        return due(audioStart + padding + Self.detectorFrame + Self.lookAhead)
    }

    /// When everything was sent that tells the server that speech has ended.
    ///
    /// - Parameter audioEnd: `audio_end_ms`, which includes the silence; the detector's frame that
    ///   completes it may end later.
    /// - Returns: The moment.
    func decisionOfEnd(audioEnd: Duration) -> Duration {
        let frame = Self.detectorFrame.inNanoseconds
        let whole = (audioEnd.inNanoseconds + frame - 1) / frame
        return due(Self.detectorFrame * Int(whole) + Self.lookAhead)
    }
}
