import ParleyAudio
import ParleySession
import Testing

@testable import ParleyRuntime

@Suite struct SpeechListenerTests {
    @Test("A verdict comes for each whole frame, at the position where the frame ends")
    func judgesWholeFrames() throws {
        var listener = SpeechListener(LoudnessDetector())
        let verdicts = listener.listen(to: silence(count: 24_000), position: 0)
        // 512 samples at 16 kHz are 768 at the session's rate; the resampler holds a little back.
        #expect(verdicts.map(\.position) == (1...31).map { $0 * 768 })
    }

    @Test("Audio in pieces is judged as audio in one piece")
    func joinsPieces() {
        var whole = SpeechListener(LoudnessDetector())
        var pieces = SpeechListener(LoudnessDetector())
        let audio = Array(repeating: Int16(9_000), count: 12_000)
        let expected = whole.listen(to: AudioFrame(samples: audio), position: 0)
        var verdicts: [Session.SpeechActivity] = []
        for start in stride(from: 0, to: audio.count, by: 479) {
            let piece = Array(audio[start..<min(start + 479, audio.count)])
            verdicts += pieces.listen(to: AudioFrame(samples: piece), position: start)
        }
        #expect(verdicts == expected)
    }

    @Test("After a reset positions count from where the next audio begins")
    func beginsAnew() {
        var listener = SpeechListener(LoudnessDetector())
        _ = listener.listen(to: silence(count: 1_000), position: 0)
        listener.reset()
        let verdicts = listener.listen(to: silence(count: 2_400), position: 5_000)
        #expect(verdicts.first?.position == 5_768)
    }

    private func silence(count: Int) -> AudioFrame {
        AudioFrame(samples: Array(repeating: 0, count: count))
    }
}
