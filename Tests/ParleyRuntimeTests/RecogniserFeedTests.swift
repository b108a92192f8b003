import ParleyAudio
import ParleyEngine
import Testing

@testable import ParleyRuntime

@Suite("Audio on its way to a recogniser", .timeLimit(.minutes(1)))
struct RecogniserFeedTests {
    private func audio(seconds: Int, rate: Int) -> AudioFrame {
        let samples = (0..<seconds * rate).map { Int16($0 % 200 * 100) }
        return AudioFrame(samples: samples, sampleRate: rate)
    }

    /// What the recogniser reads once the feed is complete.
    private func pieces(_ feed: RecogniserFeed) async -> [AudioFrame] {
        var pieces: [AudioFrame] = []
        for await case .audio(let frame) in feed.speech { pieces.append(frame) }
        return pieces
    }

    @Test("Long audio is told in pieces, and sounds like the whole", arguments: [8_000, 24_000])
    func longAudio(rate: Int) async {
        var feed = RecogniserFeed(for: FixedRecogniser())
        let long = audio(seconds: 5, rate: rate)
        feed.append(long)
        feed.complete()
        var turns = 1
        while feed.isBehind {
            feed.catchUp()
            turns += 1
        }
        let heard = await pieces(feed)
        var resampler = Resampler(from: rate, to: 16_000)
        let whole = resampler.process(long.samples) + resampler.finish()
        #expect(turns == 6 && heard.allSatisfy { $0.samples.count <= 16_000 })
        #expect(heard.flatMap(\.samples) == whole)
    }

    @Test("Short audio is told at once")
    func shortAudio() async {
        var feed = RecogniserFeed(for: FixedRecogniser())
        feed.append(audio(seconds: 1, rate: 24_000))
        #expect(!feed.isBehind)
        feed.complete()
        #expect(!feed.isBehind)
        let heard = await pieces(feed)
        #expect(heard.reduce(0) { $0 + $1.samples.count } == 16_000)
    }

    @Test("What comes behind long audio waits for its turn")
    func order() async {
        var feed = RecogniserFeed(for: FixedRecogniser(isSpeculative: true))
        feed.append(audio(seconds: 2, rate: 24_000))
        feed.pause(at: 48_000)
        while feed.isBehind { feed.catchUp() }
        feed.finish()
        var isPauseLast = false
        for await piece in feed.speech {
            if case .pause = piece { isPauseLast = true } else { isPauseLast = false }
        }
        #expect(isPauseLast)
    }
}
