import ParleyAudio
import ParleyEngine
import Testing

@testable import ParleyRuntime

/// How pauses reach a recogniser, and what it does in them.
@Suite("Speech pauses", .timeLimit(.minutes(1))) struct SpeechPauseTests {
    /// Waits until it is cancelled.
    private static func hang() async throws(EngineError) -> Int {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        defer { continuation.finish() }
        for await _ in stream {}
        throw EngineError(.cancelled, "cancelled")
    }

    @Test("Work that ends in its pause hands back what came of it")
    func done() async {
        let value = await SpeechPause(position: 1).attempt { () async throws(EngineError) in 7 }
        #expect(value == .success(7))
        let failure = EngineError(.inference, "broken")
        let failed = await SpeechPause(position: 1)
            .attempt { () async throws(EngineError) -> Int in throw failure }
        #expect(failed == .failure(failure))
    }

    @Test("Work is cancelled when the pause ends, also when it ended before")
    func ended() async {
        let pause = SpeechPause(position: 1)
        pause.end()
        #expect(await pause.attempt(Self.hang) == nil)
    }

    @Test("Work is cancelled with its task")
    func cancelled() async {
        let task = Task { await SpeechPause(position: 1).attempt(Self.hang) }
        task.cancel()
        let value = await task.value
        #expect((try? value?.get()) == nil)
    }

    private static func feed(tellsPauses: Bool = true) -> RecogniserFeed {
        var engine = FixedRecogniser()
        engine.isSpeculative = tellsPauses
        return RecogniserFeed(for: engine)
    }

    /// What a feed brings.
    private func pieces(
        tellsPauses: Bool = true,
        _ speak: (inout RecogniserFeed) -> Void
    ) async -> [String] {
        var feed = Self.feed(tellsPauses: tellsPauses)
        speak(&feed)
        feed.complete()
        var pieces: [String] = []
        for await piece in feed.speech {
            switch piece {
            case .audio: pieces.append("audio")
            case .pause(let pause): pieces.append("pause \(pause.position)")
            }
        }
        return pieces
    }

    private let frame = AudioFrame(samples: [Int16](repeating: 1, count: 2_400))

    @Test("A pause stands where it was, and nothing follows it if the speech ends there")
    func order() async {
        let ended = await pieces { feed in
            feed.append(frame)
            feed.pause(at: 2_400)
        }
        #expect(ended == ["audio", "pause 2400"])
        let resumed = await pieces { feed in
            feed.append(frame)
            feed.pause(at: 2_400)
            feed.append(frame)
        }
        #expect(resumed == ["audio", "pause 2400", "audio", "audio"])
    }

    @Test("An engine that may not work in vain hears of no pause")
    func silent() async {
        let pieces = await pieces(tellsPauses: false) { feed in
            feed.append(frame)
            feed.pause(at: 2_400)
        }
        #expect(pieces == ["audio", "audio"])
    }

    @Test("More audio ends the pause")
    func resumed() async {
        var feed = Self.feed()
        feed.pause(at: 0)
        feed.append(frame)
        for await piece in feed.speech {
            guard case .pause(let pause) = piece else { continue }
            #expect(await pause.attempt(Self.hang) == nil)
            feed.complete()
        }
    }
}
