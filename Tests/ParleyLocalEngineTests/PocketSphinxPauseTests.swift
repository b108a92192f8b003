import ParleyAudio
import ParleyEngine
import Testing

@testable import ParleyPocketSphinxEngine

/// What the recogniser makes of pauses.
@Suite("PocketSphinx in pauses", .serialized, .timeLimit(.minutes(5)))
struct PocketSphinxPauseTests {
    private static let shared = PocketSphinxEngine(
        modelDirectory: Dependencies.pocketSphinxPath,
        decoders: 2
    )

    /// An utterance that a test speaks piece by piece.
    private struct Speaker: Sendable {
        let speech: AsyncStream<SpeechPiece>
        private let continuation: AsyncStream<SpeechPiece>.Continuation

        init() {
            (speech, continuation) = AsyncStream.makeStream(of: SpeechPiece.self)
        }

        func say(_ samples: some Collection<Int16>) {
            let frame = AudioFrame(samples: Array(samples), sampleRate: 16_000)
            continuation.yield(.audio(frame))
        }

        func pause(at position: Int = 0) -> SpeechPause {
            let pause = SpeechPause(position: position)
            continuation.yield(.pause(pause))
            return pause
        }

        func finish() { continuation.finish() }
    }

    /// Recognises what a speaker says; `answered` is called with each provisional text.
    private func understand(
        _ speaker: Speaker,
        by engine: PocketSphinxEngine = shared,
        answered: @Sendable (String, Int) -> Void = { _, _ in }
    ) async throws -> String {
        try await engine.transcribe(speaker.speech, options: .init()) { report in
            guard case .provisional(let transcript, let pause) = report else { return }
            answered(transcript.text, pause.position)
        }.text
    }

    @Test("In a pause the text is known, and it is the final one if nothing follows")
    func adopted() async throws {
        let command = try Dependencies.speech("go-forward.wav").samples
        let speaker = Speaker()
        speaker.say(command)
        _ = speaker.pause(at: command.count)
        let provisional = Signal()
        async let text = understand(speaker) { text, position in
            #expect(text == "go forward ten meters")
            #expect(position == command.count)
            provisional.send()
        }
        await provisional.received()
        speaker.finish()
        #expect(try await text == "go forward ten meters")
        #expect(Self.shared.load.running == 0)
    }

    @Test("A speaker who goes on at once, or after the answer, is understood as a whole")
    func resumed() async throws {
        let command = try Dependencies.speech("go-forward.wav").samples
        let speaker = Speaker()
        speaker.say(command.prefix(16_000))
        // The work for this pause is cancelled before it has begun.
        speaker.pause().end()
        speaker.say(command[16_000..<24_000])
        let pause = speaker.pause()
        let provisional = Signal()
        async let text = understand(speaker) { _, _ in provisional.send() }
        await provisional.received()
        pause.end()
        speaker.say(command.dropFirst(24_000))
        speaker.finish()
        #expect(try await text == "go forward ten meters")
        #expect(Self.shared.load.running == 0)
    }

    @Test("Of a long utterance, what was said before a pause stands")
    func settled() async throws {
        let book = try Dependencies.speech("librivox-0870.wav").samples
        let command = try Dependencies.speech("go-forward.wav").samples
        let alone = Speaker()
        alone.say(book)
        alone.finish()
        let first = try await understand(alone)
        let speaker = Speaker()
        speaker.say(book)
        let pause = speaker.pause()
        let provisional = Signal()
        let answers = AsyncStream.makeStream(of: String.self)
        async let text = understand(speaker) { text, _ in
            answers.continuation.yield(text)
            provisional.send()
        }
        await provisional.received()
        pause.end()
        speaker.say(command)
        _ = speaker.pause()
        speaker.finish()
        let final = try await text
        answers.continuation.finish()
        let texts = await answers.stream.reduce(into: []) { $0.append($1) }
        #expect(texts.first == first)
        #expect(texts.last == final)
        #expect(final.hasPrefix(first + " "))
        #expect(final.hasSuffix("forward ten meters"))
    }

    @Test("Where no decoder is free nobody gets his early, and everybody in the end")
    func noDecoder() async throws {
        let engine = PocketSphinxEngine(
            modelDirectory: Dependencies.pocketSphinxPath,
            decoders: 1
        )
        let silent = Speaker()
        silent.say(try Dependencies.speech("librivox-0880.wav").samples)
        let heard = Signal()
        let stalled = Task<String, any Error> {
            try await engine.transcribe(silent.speech, options: .init()) { _ in heard.send() }.text
        }
        await heard.received()
        let speaker = Speaker()
        speaker.say(try Dependencies.speech("go-forward.wav").samples)
        _ = speaker.pause()
        speaker.finish()
        var answers = 0
        let text = try await engine.transcribe(speaker.speech, options: .init()) { report in
            if case .provisional = report { answers += 1 }
        }.text
        #expect(text == "go forward ten meters")
        #expect(answers == 0)
        silent.finish()
        #expect(try await stalled.value.hasPrefix("he was not"))
    }

    @Test("A pause of somebody who said nothing is no work")
    func nothing() async throws {
        let speaker = Speaker()
        _ = speaker.pause()
        speaker.finish()
        #expect(try await understand(speaker).isEmpty)
    }
}
