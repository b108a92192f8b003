internal import ParleyAudio
internal import ParleyJSON

/// The members of events of translation sessions.
extension JSONWriter {
    mutating func translation(delta: String, elapsed: Duration) {
        member("delta", delta)
        member("elapsed_ms", elapsed.wholeMilliseconds)
    }

    /// The format has no other values, and stands there all the same: clients read it.
    mutating func translation(audio: [UInt8], elapsed: Duration) {
        member("delta", base64: audio)
        member("sample_rate", AudioFormat.sessionSampleRate)
        member("channels", 1)
        member("format", "pcm16")
        member("elapsed_ms", elapsed.wholeMilliseconds)
    }
}
