internal import ParleyAudio
internal import ParleyEngine
internal import ParleySession

/// Cuts a session's audio into the frames of its voice activity detector.
struct SpeechListener {
    private let detector: any VoiceActivityDetector
    private var resampler: Resampler
    private var pending: [Float] = []
    /// Where the next audio must begin to go on from what was heard; nil before any.
    private var expectedPosition: Int?
    /// Where the run of audio that is being judged began, at the session's rate.
    private var origin = 0
    /// Frames judged since then.
    private var frameCount = 0

    private static let sessionRate = AudioFormat.sessionSampleRate

    init(_ detector: any VoiceActivityDetector) {
        self.detector = detector
        self.resampler = Resampler(
            from: Self.sessionRate,
            to: detector.sampleRate,
            quality: .detection
        )
    }

    /// Judges the next audio; one verdict for each frame that is whole now.
    mutating func listen(to frame: AudioFrame, position: Int) -> [Session.SpeechActivity] {
        if position != expectedPosition { begin(at: position) }
        expectedPosition = position + frame.samples.count
        pending += Level.normalized(resampler.process(frame.samples))
        return judgeWholeFrames()
    }

    /// Forgets what was heard.
    mutating func reset() {
        expectedPosition = nil
    }

    private mutating func begin(at position: Int) {
        detector.reset()
        resampler.reset()
        pending.removeAll(keepingCapacity: true)
        origin = position
        frameCount = 0
    }

    private mutating func judgeWholeFrames() -> [Session.SpeechActivity] {
        let length = detector.frameLength
        guard pending.count >= length else { return [] }
        var verdicts: [Session.SpeechActivity] = []
        var start = 0
        pending.withUnsafeBufferPointer { samples in
            while start + length <= samples.count {
                let frame = UnsafeBufferPointer(rebasing: samples[start..<start + length])
                let probability = detector.probability(of: frame)
                frameCount += 1
                verdicts.append(
                    Session.SpeechActivity(position: framesEnd, probability: probability)
                )
                start += length
            }
        }
        pending.removeFirst(start)
        return verdicts
    }

    /// Where the last judged frame ends, at the session's rate.
    private var framesEnd: Int {
        origin + frameCount * detector.frameLength * Self.sessionRate / detector.sampleRate
    }
}
