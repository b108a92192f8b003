internal import ParleyAudio
internal import ParleyEngine
internal import ParleySession

/// Cuts a session's audio into the frames of its voice activity detector.
///
/// `@unchecked Sendable`: its fields are touched on its session's loop only.
final class SpeechListener: @unchecked Sendable {
    typealias Report = @Sendable (Session.SpeechActivity) -> Void

    private let detector: any VoiceActivityDetector
    private let judge: SpeechJudge
    private let report: Report
    private var resampler: Resampler
    /// Room for a frame that isn't whole and for what one piece of audio becomes.
    private let samples: UnsafeMutableBufferPointer<Float>
    /// What of ``samples`` was not judged yet.
    private var unjudged = 0..<0
    /// Where the next audio must begin to go on from what was heard; nil before any.
    private var expectedPosition: Int?
    /// Where the run of audio that is being judged began, at the session's rate.
    private var origin = 0
    /// Frames judged since then.
    private var frameCount = 0
    /// The judge has it on its list.
    var isEnlisted = false

    private static let sessionRate = AudioFormat.sessionSampleRate
    /// Samples at the session's rate that are taken at once: 60 ms.
    ///
    /// Chosen: clients send 20 to 60 ms. Longer audio is judged piece by piece, for the memory of a
    /// long one would stay.
    private static let pieceLength = sessionRate * 60 / 1_000

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - detector: The ear.
    ///   - resampler: From the session's rate to the detector's, at the start of a stream.
    ///   - judge: Where whole frames are judged.
    ///   - report: Gets every verdict, in order.
    init(
        _ detector: any VoiceActivityDetector,
        _ resampler: Resampler,
        _ judge: SpeechJudge,
        report: @escaping Report
    ) {
        self.detector = detector
        self.resampler = resampler
        self.judge = judge
        self.report = report
        samples = .allocate(
            capacity: detector.frameLength + resampler.outputCount(ofInput: Self.pieceLength)
        )
    }

    deinit {
        samples.deallocate()
    }

    // MARK: The session's side

    /// Hears the next audio; each frame that is whole now gets its verdict soon.
    func listen(to frame: AudioFrame, position: Int) {
        if position != expectedPosition { begin(at: position) }
        expectedPosition = position + frame.samples.count
        frame.samples.withUnsafeBufferPointer { audio in
            var rest = audio[...]
            while !rest.isEmpty {
                judgeWholeFrames()
                let piece = UnsafeBufferPointer(rebasing: rest.prefix(Self.pieceLength))
                rest = rest.dropFirst(piece.count)
                append(piece)
            }
        }
    }

    /// Has whole frames judged now.
    ///
    /// Whoever handles anything else than audio calls it before.
    func judgeWholeFrames() {
        if isEnlisted { judge.judge() }
    }

    /// Forgets what was heard; frames without a verdict get none.
    func reset() {
        expectedPosition = nil
        unjudged = 0..<0
    }

    private func begin(at position: Int) {
        judgeWholeFrames()
        detector.reset()
        resampler.reset()
        unjudged = 0..<0
        origin = position
        frameCount = 0
    }

    private func append(_ audio: UnsafeBufferPointer<Int16>) {
        if unjudged.upperBound + resampler.outputCount(ofInput: audio.count) > samples.count {
            moveToFront()
        }
        let room = UnsafeMutableBufferPointer(rebasing: samples[unjudged.upperBound...])
        let count = resampler.process(audio, into: room)
        unjudged = unjudged.lowerBound..<unjudged.upperBound + count
        if hasWholeFrame { judge.enlist(self) }
    }

    private func moveToFront() {
        guard let start = samples.baseAddress else { return }
        start.update(from: start + unjudged.lowerBound, count: unjudged.count)
        unjudged = 0..<unjudged.count
    }

    // MARK: The judge's side

    /// Whether a frame waits for its verdict.
    var hasWholeFrame: Bool { unjudged.count >= detector.frameLength }

    /// The frame that waits.
    var frame: VoiceActivityFrame {
        let range = unjudged.lowerBound..<unjudged.lowerBound + detector.frameLength
        return VoiceActivityFrame(
            detector: detector,
            samples: UnsafeBufferPointer(rebasing: samples[range])
        )
    }

    /// Takes the verdict on the frame that waited, and reports it.
    func take(_ probability: Float) {
        unjudged = unjudged.dropFirst(detector.frameLength)
        frameCount += 1
        report(Session.SpeechActivity(position: framesEnd, probability: probability))
    }

    /// Where the last judged frame ends, at the session's rate.
    private var framesEnd: Int {
        origin + frameCount * detector.frameLength * Self.sessionRate / detector.sampleRate
    }
}
