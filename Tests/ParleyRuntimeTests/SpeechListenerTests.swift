import ParleyAudio
import ParleyEngine
import ParleyNetwork
import ParleySession
import Synchronization
import Testing

@testable import ParleyRuntime

@Suite(.timeLimit(.minutes(1))) struct SpeechListenerTests {
    @Test("A verdict comes for each whole frame, at the position where the frame ends")
    func judgesWholeFrames() async throws {
        let verdicts = try await verdicts { listener in
            listener.listen(to: silence(count: 24_000), position: 0)
        }
        // 512 samples at 16 kHz are 768 at the session's rate; the resampler holds a little back.
        #expect(verdicts.map(\.position) == (1...31).map { $0 * 768 })
    }

    @Test("Audio in pieces is judged as audio in one piece", arguments: [1, 479, 960, 5_000])
    func joinsPieces(length: Int) async throws {
        let audio = (0..<12_000).map { Int16($0 < 4_000 ? 0 : 9_000) }
        let expected = try await verdicts { listener in
            listener.listen(to: AudioFrame(samples: audio), position: 0)
        }
        let found = try await verdicts { listener in
            for start in stride(from: 0, to: audio.count, by: length) {
                let piece = Array(audio[start..<min(start + length, audio.count)])
                listener.listen(to: AudioFrame(samples: piece), position: start)
            }
        }
        #expect(found == expected)
        #expect(found.contains { $0.probability == 1 })
    }

    @Test("After a reset positions count from where the next audio begins")
    func beginsAnew() async throws {
        let verdicts = try await verdicts { listener in
            listener.listen(to: silence(count: 700), position: 0)
            listener.reset()
            listener.listen(to: silence(count: 2_400), position: 5_000)
        }
        #expect(verdicts.map(\.position) == [5_768, 6_536, 7_304])
    }

    @Test("A frame that waits when its listener is reset gets no verdict")
    func forgetsWaitingFrames() async throws {
        let verdicts = try await verdicts { listener in
            listener.listen(to: silence(count: 1_000), position: 0)
            listener.reset()
        }
        #expect(verdicts.isEmpty)
    }

    @Test("A listener that is reset goes on to be heard in the same turn")
    func hearsAfterReset() async throws {
        let verdicts = try await verdicts { listener in
            listener.listen(to: silence(count: 1_000), position: 0)
            listener.reset()
            listener.listen(to: silence(count: 1_000), position: 1_000)
            listener.judgeWholeFrames()
            listener.listen(to: silence(count: 1_000), position: 2_000)
        }
        #expect(verdicts.map(\.position) == [1_768, 2_536])
    }

    @Test(
        "Audio that doesn't follow on what was heard is a new stream, after the old one's verdicts"
    )
    func jumps() async throws {
        let verdicts = try await verdicts { listener in
            listener.listen(to: silence(count: 1_000), position: 0)
            listener.listen(to: silence(count: 1_000), position: 9_000)
        }
        #expect(verdicts.map(\.position) == [768, 9_768])
    }

    private func verdicts(
        _ body: @escaping @Sendable (SpeechListener) -> Void
    ) async throws -> [Session.SpeechActivity] {
        let heard = Heard()
        try await inOneTurn { loop in
            let judge = SpeechJudge.of(LoudnessEngine(), on: loop)
            body(try judge.makeListener { heard.note($0) })
        }
        return heard.verdicts
    }
}

@Suite(.timeLimit(.minutes(1))) struct SpeechJudgeTests {
    @Test("Frames of one turn are judged together at its end, a session's second after the first")
    func judgesTogether() async throws {
        let engine = RecordingEngine()
        let heard = Heard()
        try await inOneTurn { loop in
            let judge = SpeechJudge.of(engine, on: loop)
            for count in [300, 900, 0, 300] {
                let listener = try judge.makeListener { heard.note($0) }
                listener.listen(to: silence(count: 700), position: 0)
                listener.listen(to: silence(count: count), position: 700)
            }
            #expect(engine.batches.isEmpty)
        }
        #expect(engine.batches == [3, 1])
        #expect(heard.verdicts.map(\.position) == [768, 768, 768, 1_536])
    }

    @Test("Who can't wait has everybody's frames judged at once, and each only once")
    func judgesEarly() async throws {
        let engine = RecordingEngine()
        try await inOneTurn { loop in
            let judge = SpeechJudge.of(engine, on: loop)
            let listeners = try (0..<3).map { _ in try judge.makeListener { _ in } }
            for listener in listeners {
                listener.listen(to: silence(count: 1_000), position: 0)
            }
            listeners[1].judgeWholeFrames()
            #expect(engine.batches == [3])
        }
        #expect(engine.batches == [3])
    }

    @Test("A loop has one judge for an engine, and another for another engine")
    func isShared() async throws {
        let engines = (LoudnessEngine(), LoudnessEngine())
        try await inOneTurn { loop in
            let judge = SpeechJudge.of(engines.0, on: loop)
            #expect(SpeechJudge.of(engines.0, on: loop) === judge)
            #expect(SpeechJudge.of(engines.1, on: loop) !== judge)
        }
    }
}

/// Finds no speech, and remembers how many frames it was given at once.
private final class RecordingEngine: VoiceActivityEngine, ReadyEngine {
    private let sizes = Mutex<[Int]>([])

    var batches: [Int] { sizes.withLock(\.self) }

    func makeDetector() throws(EngineError) -> any VoiceActivityDetector { LoudnessDetector() }

    func probabilities(of frames: [VoiceActivityFrame]) -> [Float] {
        sizes.withLock { $0.append(frames.count) }
        return frames.map { $0.detector.probability(of: $0.samples) }
    }
}

/// The verdicts that were reported.
private final class Heard: Sendable {
    private let all = Mutex<[Session.SpeechActivity]>([])

    var verdicts: [Session.SpeechActivity] { all.withLock(\.self) }

    func note(_ verdict: Session.SpeechActivity) { all.withLock { $0.append(verdict) } }
}

/// Runs something in one turn of a loop, and returns after the turn.
private func inOneTurn(
    _ body: @escaping @Sendable (EventLoop) throws -> Void
) async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.shutDown() }
    try await withCheckedThrowingContinuation { continuation in
        loop.execute {
            let result = Result { try body(loop) }
            // Ends of turns are called in the order in which they were asked for.
            loop.atTurnEnd(TurnEnd { continuation.resume(with: result) })
        }
    }
}

private final class TurnEnd: TurnEndHandler {
    private let action: @Sendable () -> Void

    init(_ action: @escaping @Sendable () -> Void) { self.action = action }

    func turnEnded() { action() }
}

private func silence(count: Int) -> AudioFrame {
    AudioFrame(samples: Array(repeating: 0, count: count))
}
