import ParleyAudio
import ParleyEngine
import ParleyTesting
import Testing

@testable import ParleyPocketSphinxEngine

/// A recording as a client would send it: frames of 20 ms.
private func stream(_ frame: AudioFrame) -> AsyncStream<SpeechPiece> {
    let (stream, continuation) = AsyncStream.makeStream(of: SpeechPiece.self)
    for start in stride(from: 0, to: frame.samples.count, by: 320) {
        let samples = frame.samples[start..<min(start + 320, frame.samples.count)]
        let piece = AudioFrame(samples: Array(samples), sampleRate: frame.sampleRate)
        continuation.yield(.audio(piece))
    }
    continuation.finish()
    return stream
}

/// Words put in, left out or changed.
private func wordErrors(_ said: String, _ understood: String) -> Int {
    let understood = understood.split(separator: " ")
    var row = Array(0...understood.count)
    for (index, word) in said.split(separator: " ").enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for (column, other) in understood.enumerated() {
            let substitution = diagonal + (word == other ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(substitution, diagonal + 1, row[column] + 1)
        }
    }
    return row[understood.count]
}

@Suite("PocketSphinx", .serialized, .timeLimit(.minutes(5)))
struct PocketSphinxTests {
    /// Loading takes 0.3 s and 91 MB, so the tests share one, one after the other.
    private static let shared = engine(decoderCount: 2)

    private static func engine(decoderCount: Int) -> PocketSphinxEngine {
        PocketSphinxEngine(
            modelDirectory: Dependencies.pocketSphinxPath,
            decoders: decoderCount
        )
    }

    @Test("A short command is understood to the word")
    func command() async throws {
        let text = try await understand("go-forward.wav")
        #expect(text == "go forward ten meters")
    }

    @Test("Short utterances have few errors, for their mean is known")
    func cards() async throws {
        let names = (1...5).map { "cards-00\($0).wav" }
        // One of 21 when this was written; ten with the mean guessed.
        #expect(try await errors(in: names) <= 2)
    }

    @Test("Read books are understood for the most part")
    func books() async throws {
        let names = [870, 880, 890, 920, 930].map { "librivox-0\($0).wav" }
        // 20 of 71 when this was written; 25 with the mean guessed.
        #expect(try await errors(in: names) <= 22)
    }

    @Test("The same audio gives the same text, whoever spoke before")
    func repeatable() async throws {
        let first = try await understand("librivox-0870.wav")
        _ = try await understand("cards-005.wav")
        #expect(try await understand("librivox-0870.wav") == first)
    }

    @Test("Partial texts come while audio comes, and grow to the final one")
    func partials() async throws {
        var partials: [PartialTranscript] = []
        let text = try await Self.shared.transcribe(
            stream(Dependencies.speech("librivox-0870.wav")),
            options: .init(),
            report: { report in
                if case .partial(let partial) = report { partials.append(partial) }
            }
        ).text
        #expect(partials.count > 10)
        #expect(zip(partials, partials.dropFirst()).allSatisfy { $0 != $1 })
        // What is called stable is the beginning of the final text.
        #expect(
            partials.allSatisfy { partial in
                text.utf8.starts(with: partial.text.utf8.prefix(partial.stableByteCount))
            }
        )
        #expect(text.hasPrefix("but mr john"))
    }

    @Test("Each word has its probability, where that is wanted")
    func logprobs() async throws {
        let speech = try Dependencies.speech("librivox-0870.wav")
        let transcript = try await Self.shared.transcribe(
            stream(speech),
            options: .init(wantsPartials: false, wantsLogprobs: true),
            report: { _ in }
        )
        let tokens = try #require(transcript.logprobs)
        #expect(tokens.map(\.token).joined() == transcript.text)
        #expect(tokens.allSatisfy { $0.logprob <= 0 && $0.logprob > -50 })
        // Not all words are as sure as others.
        #expect(Set(tokens.map(\.logprob)).count > tokens.count / 2)
        let other = try await Self.shared.transcribe(stream(speech), options: .init()) { _ in }
        #expect(other.logprobs == nil)
    }

    @Test("No partial texts come where none are wanted")
    func noPartials() async throws {
        var count = 0
        let transcript = try await Self.shared.transcribe(
            stream(Dependencies.speech("librivox-0870.wav")),
            options: .init(wantsPartials: false),
            report: { _ in count += 1 }
        )
        #expect(count == 0)
        #expect(transcript.text.hasPrefix("but mr john"))
        #expect(transcript.language == "en")
    }

    @Test("Eleven people at once are understood by two decoders as well as one alone")
    func manyAtOnce() async throws {
        let names = try Dependencies.transcripts().keys.sorted()
        var alone: [String: String] = [:]
        for name in names { alone[name] = try await understand(name) }
        let together = try await withThrowingTaskGroup(of: (String, String).self) { group in
            for name in names { group.addTask { (name, try await understand(name)) } }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(together == alone)
        #expect(Self.shared.load == EngineLoad(running: 0, of: 2, waiting: 0, of: 64))
    }

    @Test("Who falls silent in the middle keeps nobody waiting")
    func stalled() async throws {
        let engine = Self.engine(decoderCount: 1)
        let (silent, continuation) = AsyncStream.makeStream(of: SpeechPiece.self)
        let heard = Signal()
        let stalled = Task<String, any Error> {
            try await engine.transcribe(silent, options: .init(), report: { _ in heard.send() })
                .text
        }
        for await frame in stream(try Dependencies.speech("librivox-0870.wav")) {
            continuation.yield(frame)
        }
        await heard.received()
        let other = try await engine.transcribe(
            stream(Dependencies.speech("go-forward.wav")),
            options: .init(),
            report: { _ in }
        )
        #expect(other.text == "go forward ten meters")
        continuation.finish()
        #expect(try await stalled.value.hasPrefix("but mr john"))
    }

    @Test("Cancelling ends the work and frees the decoder")
    func cancel() async throws {
        let engine = Self.engine(decoderCount: 1)
        let (endless, continuation) = AsyncStream.makeStream(of: SpeechPiece.self)
        let heard = Signal()
        let task = Task<Transcript, any Error> {
            try await engine.transcribe(endless, options: .init(), report: { _ in heard.send() })
        }
        continuation.yield(.audio(try Dependencies.speech("librivox-0870.wav")))
        await heard.received()
        task.cancel()
        #expect(await error(of: task)?.fault == .cancelled)
        #expect(engine.load.running == 0)
        let next = try await engine.transcribe(
            stream(Dependencies.speech("go-forward.wav")),
            options: .init(),
            report: { _ in }
        )
        #expect(next.text == "go forward ten meters")
    }

    @Test("Long speech is decoded in segments, and each keeps its words")
    func longSpeech() async throws {
        let once = try Dependencies.speech("librivox-0870.wav")
        let pause = [Int16](repeating: 0, count: 8_000)
        let samples = (0..<5).flatMap { _ in once.samples + pause }
        let transcript = try await Self.shared.transcribe(
            stream(AudioFrame(samples: samples, sampleRate: 16_000)),
            options: .init(),
            report: { _ in }
        )
        #expect(samples.count > Recognition.maximumLength)
        #expect(transcript.text.split(separator: " ").filter { $0 == "john" }.count == 5)
    }

    @Test("Silence and noise do no harm", arguments: [0, 1, 799, 800, 1_601, 60_000])
    func noise(length: Int) async throws {
        var random = SplitMix(seed: UInt64(length))
        let sounds = [
            [Int16](repeating: 0, count: length), [Int16](repeating: .min, count: length),
            (0..<length).map { _ in Int16.random(in: .min ... .max, using: &random) },
        ]
        for samples in sounds {
            _ = try await Self.shared.transcribe(
                stream(AudioFrame(samples: samples, sampleRate: 16_000)),
                options: .init(),
                report: { _ in }
            )
        }
        #expect(try await understand("go-forward.wav") == "go forward ten meters")
    }

    @Test("Nothing said is an empty text")
    func nothing() async throws {
        let transcript = try await Self.shared.transcribe(
            stream(AudioFrame(samples: [], sampleRate: 16_000)),
            options: .init(),
            report: { _ in }
        )
        #expect(transcript.text.isEmpty)
    }

    @Test("Another language is refused")
    func language() async {
        let refusal = EngineError(
            .request,
            "found language de, expected en: the model is English"
        )
        await #expect(throws: refusal) {
            try await Self.shared.transcribe(
                stream(AudioFrame(samples: [], sampleRate: 16_000)),
                options: .init(language: "de"),
                report: { _ in }
            )
        }
    }

    @Test("Audio of another rate is refused")
    func sampleRate() async {
        await #expect(throws: EngineError(.request, "found audio at 24000 Hz, expected 16000")) {
            try await Self.shared.transcribe(
                stream(AudioFrame(samples: [1], sampleRate: 24_000)),
                options: .init(),
                report: { _ in }
            )
        }
    }

    @Test("A model that is missing is named")
    func missingModel() async {
        let engine = PocketSphinxEngine(modelDirectory: "/nowhere", decoders: 1)
        let missing = EngineError(
            .load,
            "/nowhere/en-us/feat.params is missing: No such file or directory"
        )
        await #expect(throws: missing) { try await engine.prepare() }
        #expect(engine.state == .failed(missing))
    }

    private func understand(_ name: String) async throws -> String {
        try await Self.shared.transcribe(
            stream(Dependencies.speech(name)),
            options: .init(),
            report: { _ in }
        ).text
    }

    private func errors(in names: [String]) async throws -> Int {
        let said = try Dependencies.transcripts()
        var errors = 0
        for name in names {
            errors += wordErrors(try #require(said[name]), try await understand(name))
        }
        return errors
    }
}
