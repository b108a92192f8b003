/// How samples are written as bytes on the wire.
///
/// - Source: `audio.input.format` and `audio.output.format` of the Realtime session.
public enum AudioFormat: Sendable, Hashable {
    /// 16-bit signed little-endian, one channel.
    case pcm(sampleRate: Int)
    /// G.711 µ-law, 8,000 Hz, one channel.
    case pcmu
    /// G.711 A-law, 8,000 Hz, one channel.
    case pcma

    /// The rate at which sessions keep audio, in Hz.
    public static let sessionSampleRate = 24_000

    /// PCM at the session's rate: what a session speaks when nobody says otherwise.
    public static let standard = AudioFormat.pcm(sampleRate: sessionSampleRate)

    /// Samples a second, in Hz.
    public var sampleRate: Int {
        switch self {
        case .pcm(let sampleRate): sampleRate
        case .pcmu, .pcma: 8_000
        }
    }

    /// Bytes of one sample.
    public var bytesPerSample: Int {
        switch self {
        case .pcm: 2
        case .pcmu, .pcma: 1
        }
    }

    /// How long so many bytes sound; half a sample doesn't.
    public func duration(ofBytes count: Int) -> Duration {
        .microseconds(Int64(count / bytesPerSample) * 1_000_000 / Int64(max(1, sampleRate)))
    }
}
