internal import ParleyAudio
internal import ParleySession

/// A voice that says nothing but can be told from silence.
enum TraceVoice {
    /// Samples at the session's rate that count as speech.
    static func speech(_ length: Duration) -> [Int16] {
        tone(8_000, length)
    }

    /// Samples at the session's rate that count as silence.
    static func silence(_ length: Duration) -> [Int16] {
        tone(0, length)
    }

    private static func tone(_ level: Int16, _ length: Duration) -> [Int16] {
        let milliseconds = length / .milliseconds(1)
        let count = Int(milliseconds * 24)
        return (0..<count).map { $0 / 24 % 2 == 0 ? level : -level }
    }
}

/// A detector that calls a frame speech when it is loud: a value, so that runs repeat.
struct VirtualDetector: Sendable {
    /// Samples of a frame: 32 ms.
    static let frameLength = 768

    private var loudCount = 0
    private var count = 0
    private var position = 0

    /// Forgets half a frame.
    mutating func reset() {
        (loudCount, count) = (0, 0)
    }

    /// Listens on.
    ///
    /// - Returns: A verdict for each frame that is whole now.
    mutating func detect(_ frame: AudioFrame, at start: Int) -> [Session.SpeechActivity] {
        position = start
        var verdicts: [Session.SpeechActivity] = []
        for sample in frame.samples {
            position += 1
            count += 1
            if abs(Int(sample)) > 1_000 { loudCount += 1 }
            guard count == Self.frameLength else { continue }
            let probability: Float = loudCount * 2 > count ? 0.95 : 0.02
            verdicts.append(
                Session.SpeechActivity(position: position, probability: probability)
            )
            reset()
        }
        return verdicts
    }
}
