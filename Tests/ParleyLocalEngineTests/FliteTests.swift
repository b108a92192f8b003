import ParleyAudio
import ParleyEngine
import ParleyTesting
import Testing

@testable import ParleyFliteEngine

@Suite("flite", .timeLimit(.minutes(5)))
struct FliteTests {
    private let engine = FliteEngine(workers: 2)

    @Test("Speech comes in chunks of about 25 ms at 16 kHz", arguments: ["slt", "kal16"])
    func chunks(voice: String) async throws {
        let frames = try await frames("Hello, how are you today?", voice: voice)
        #expect(frames.allSatisfy { $0.sampleRate == 16_000 })
        #expect(frames.count > 20)
        #expect((20_000...60_000).contains(frames.map(\.samples.count).reduce(0, +)))
        #expect(Level.rms(of: frames.flatMap(\.samples)) > 0.01)
    }

    @Test("kal16 gives the same samples each time, also while others speak")
    func bitExact() async throws {
        let text = "The train to London leaves at seven thirty."
        let alone = try await samples(text)
        #expect(alone.count > 16_000)
        let together = try await withThrowingTaskGroup(of: [Int16].self) { group in
            for _ in 0..<8 { group.addTask { try await samples(text) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(together.count == 8)
        #expect(together.allSatisfy { $0 == alone })
    }

    @Test("kal16 speaks as long as it did when this was written")
    func length() async throws {
        let count = try await samples("Hello.").count
        #expect(count == 9_396)
    }

    @Test("A higher speed takes less time", arguments: ["slt", "kal16"])
    func speed(voice: String) async throws {
        let slow = try await samples("Hello there.", voice: voice, speed: 0.5).count
        let natural = try await samples("Hello there.", voice: voice).count
        let fast = try await samples("Hello there.", voice: voice, speed: 2).count
        #expect(fast < natural * 2 / 3)
        #expect(natural < slow * 2 / 3)
    }

    @Test(
        "A speed beyond reason is brought within bounds",
        arguments: [0, -1, 1_000, .nan, .infinity, -.infinity] as [Double]
    )
    func extremeSpeed(speed: Double) async throws {
        #expect(try await !samples("Hello.", speed: speed).isEmpty)
    }

    @Test("A voice that isn't there is replaced by the default one")
    func unknownVoice() async throws {
        #expect(try await !samples("Hello.", voice: "alloy").isEmpty)
        #expect(engine.voices.first == "slt")
    }

    @Test("A long text is spoken to its end")
    func longText() async throws {
        let sentence = "This is one sentence of many. "
        let one = try await samples(sentence).count
        let hundred = try await samples(String(repeating: sentence, count: 100)).count
        #expect(hundred > one * 80)
    }

    @Test(
        "What has no sound gives no audio",
        arguments: ["", "  ", "🙂", "…", "?!", "\u{0}\u{7}\n"]
    )
    func noSound(text: String) async throws {
        #expect(try await frames(text).isEmpty)
    }

    @Test("Another script is refused", arguments: ["你好", "Привет", "こんにちは"])
    func foreign(text: String) async {
        let refusal = EngineError(.request, "found text without Latin letters, expected English")
        await #expect(throws: refusal) { try await frames(text) }
    }

    @Test("Cancelling ends the work in the middle")
    func cancel() async throws {
        let begun = Signal()
        let text = String(repeating: "This is one sentence of many. ", count: 1_000)
        let engine = engine
        let task = Task<Void, any Error> {
            try await engine.speak(SpeechRequest(text: text, voice: "kal16")) { _ in begun.send() }
        }
        await begun.received()
        task.cancel()
        #expect(await error(of: task)?.fault == .cancelled)
        #expect(engine.load.running == 0)
    }

    @Test("A listener that waits gets all of it in the end")
    func slowListener() async throws {
        let engine = engine
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let text = String(repeating: "This is one sentence of many, quite a long one. ", count: 50)
        let task = Task<Int, any Error> {
            var count = 0
            try await engine.speak(SpeechRequest(text: text, voice: "kal16")) { frame in
                if count == 0 { for await _ in gate { break } }
                count += frame.samples.count
            }
            return count
        }
        opening.yield()
        #expect(try await task.value > 16_000 * 50)
    }

    @Test("Random text does no harm", arguments: 0..<60 as Range<UInt64>)
    func randomText(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        for voice in engine.voices {
            let text = random.text(maximumLength: 120)
            do { _ = try await frames(text, voice: voice, speed: 4) } catch let error as EngineError
            {
                #expect(error.fault == .request, "seed \(seed)")
            }
        }
    }

    @Test("It is cold, then ready")
    func lifecycle() async throws {
        #expect(engine.state == .cold)
        try await engine.prepare()
        #expect(engine.state == .ready)
    }

    private func samples(
        _ text: String,
        voice: String = "kal16",
        speed: Double = 1
    ) async throws -> [Int16] {
        try await frames(text, voice: voice, speed: speed).flatMap(\.samples)
    }

    @discardableResult
    private func frames(
        _ text: String,
        voice: String = "kal16",
        speed: Double = 1
    ) async throws -> [AudioFrame] {
        var frames: [AudioFrame] = []
        try await engine.speak(SpeechRequest(text: text, voice: voice, speed: speed)) {
            frames.append($0)
        }
        return frames
    }
}

@Suite("Text for flite", .timeLimit(.minutes(5)))
struct SpokenTextTests {
    @Test(
        "Signs and letters become plain ones",
        arguments: [
            ("It’s 20 °C — fine…", "It's 20 degrees C , fine."), ("Café déjà vu", "Cafe deja vu"),
            ("Straße, Æsir, Łódź", "Strasse, AEsir, Lodz"), ("e\u{301}a", "ea"),
            ("5 € each", "5 euros each"), ("a\tb\nc\u{0}d", "a b c d"), ("hi 🙂 there", "hi there"),
            ("wait!!!! what????", "wait! what?"),
        ]
    )
    func plain(text: String, expected: String) {
        #expect(SpokenText(text).pieces.joined(separator: " ") == expected)
    }

    @Test("Pieces are short, and nothing is lost between them")
    func pieces() {
        let words = (1...500).map { "word\($0)" }
        let pieces = SpokenText(words.joined(separator: " ")).pieces
        #expect(pieces.allSatisfy { $0.utf8.count <= SpokenText.pieceLength })
        #expect(pieces.joined(separator: " ") == words.joined(separator: " "))
    }

    @Test("Pieces end after a sentence where they can")
    func sentences() {
        let text =
            "This sentence is long enough to stand for itself, so it does just that. And more."
        #expect(
            SpokenText(text).pieces == [
                "This sentence is long enough to stand for itself, so it does just that.",
                "And more.",
            ]
        )
    }

    @Test("Words that are too long are cut")
    func longWord() {
        let pieces = SpokenText(String(repeating: "a", count: 100_000)).pieces
        let words = pieces.flatMap { $0.split(separator: " ") }
        #expect(words.allSatisfy { $0.count <= SpokenText.wordLength })
        #expect(words.map(\.count).reduce(0, +) == 100_000)
    }

    @Test("Any text becomes plain ASCII", arguments: 0..<200 as Range<UInt64>)
    func anyText(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let pieces = SpokenText(random.text(maximumLength: 2_000)).pieces
        #expect(pieces.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
        #expect(pieces.allSatisfy { $0.utf8.count <= SpokenText.pieceLength })
    }
}

extension SplitMix {
    /// Text of all kinds: words, digits, signs, control characters, and anything that Unicode has.
    fileprivate mutating func text(maximumLength: Int) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...maximumLength, using: &self) {
            let range: ClosedRange<UInt32> =
                switch next() % 8 {
                case 0: 0...0x1F
                case 1: 0x30...0x39
                case 2: 0x20...0x2F
                case 3: 0...0x10_FFFF
                case 4: 0xA0...0x24F
                default: 0x61...0x7A
                }
            guard let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) else {
                continue
            }
            text.append(scalar)
        }
        return String(text)
    }
}
