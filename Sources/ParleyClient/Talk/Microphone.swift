internal import ParleyAudio

/// An open microphone that speaks recordings, and silence where there are none.
///
/// Time is counted from any origin. Frames are due on a grid that is computed from the start, so
/// that no delay of one frame moves the next.
///
/// - Units: 24,000 Hz, one channel.
struct Microphone: Sendable {
    /// How long a frame is.
    let frameDuration: Duration
    /// Samples of one frame.
    let frameLength: Int
    private let start: Duration
    private var queue: ArraySlice<Int16> = []
    private var frameCount = 0

    /// Opens the microphone: the first frame is due at once.
    ///
    /// - Parameters:
    ///   - start: When the first frame is due.
    ///   - frameDuration: Whole milliseconds.
    init(openedAt start: Duration, frameDuration: Duration) {
        self.start = start
        self.frameDuration = frameDuration
        frameLength = Self.samples(in: frameDuration)
    }

    /// When the next frame is to be sent.
    var nextDue: Duration { start + frameDuration * frameCount }

    /// Whether a recording is being spoken.
    var isSpeaking: Bool { !queue.isEmpty }

    /// Puts a recording behind what is still to be spoken.
    mutating func speak(_ samples: [Int16]) {
        queue += samples
    }

    /// Takes the frame that is due next.
    mutating func nextFrame() -> [Int16] {
        let spoken = queue.prefix(frameLength)
        queue = queue.dropFirst(spoken.count)
        frameCount += 1
        return Array(spoken) + repeatElement(0, count: frameLength - spoken.count)
    }

    /// When a position of the stream was spoken.
    ///
    /// A microphone sends a frame once it is full: what begins a frame was spoken a frame's
    /// duration before it is sent.
    ///
    /// - Parameter position: From the start of the stream, as the server counts (`audio_end_ms`).
    /// - Returns: The moment, on the clock that opened the microphone.
    func spokenAt(_ position: Duration) -> Duration { start - frameDuration + position }

    private static func samples(in duration: Duration) -> Int {
        Int(duration.inMilliseconds) * AudioFormat.sessionSampleRate / 1_000
    }
}
