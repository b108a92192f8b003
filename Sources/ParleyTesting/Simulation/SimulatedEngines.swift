internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime
internal import ParleySession

/// Engines that do what they were asked for, at random moments, in random pieces, with random
/// failures.
struct SimulatedEngines: Sendable {
    private struct Writing: Sendable {
        var isGenerating = true
        var isCalling = false
        /// Clauses asked for; the first is being spoken.
        var clauses: [Int] = []
        var tools: [String] = []
    }

    private struct Ear: Sendable {
        var id: ItemID
        var isFinishing = false
        var text = ""
        /// Where the speaker paused, nil once he went on; and where he did so before.
        var pause: Int?
        var lastPause = -1
    }

    private var ears: [Ear] = []
    private var writings: [(id: ResponseID, work: Writing)] = []
    /// Frames that wait for a verdict, by their ends.
    private var unjudged: [Int] = []
    private var framePosition = 0
    private var isSpeech = false
    /// Reports may still come about these.
    private(set) var past: [ResponseID] = []
    private var tools = SimulatedToolServers()
    private var isSummarizing = false

    private static let words = [
        "Hello", " there", ", ", "I", " think", ". ", "It is", " 3.14", "! ", "今日は", "。",
        "Wirklich", "? ", "\n", "नमस्ते", "। ", " e.g.", " 🙂", "สวัสดีครับ ", "…", "、", " — ",
        "www.example.org",
    ]

    var isIdle: Bool { ears.isEmpty && writings.isEmpty && unjudged.isEmpty }

    /// Begins and stops work.
    mutating func perform(_ effect: Session.Effect) {
        switch effect {
        case .detect(let frame, let position): hear(frame.samples.count, from: position)
        case .resetDetection: (unjudged, framePosition) = ([], 0)
        case .startTranscription(let id, _): ears.append(Ear(id: id))
        case .startTrace, .warn, .reportRateLimits, .closeConnection: break
        case .feedTranscription(let id, _):
            change(id) { $0.pause = nil }
        case .pauseTranscription(let id, let position):
            change(id) { $0.pause = position }
        case .finishTranscription(let id):
            change(id) { $0.isFinishing = true }
        case .cancelTranscription(let id): ears.removeAll { $0.id == id }
        case .startGeneration(let id, let request):
            writings.append((id, Writing(tools: request.tools.map(\.name))))
        case .startSynthesis(let id, let request):
            for index in writings.indices where writings[index].id == id {
                writings[index].work.clauses.append(request.clause)
            }
        case .listTools, .callTool, .cancelTool, .disconnectTools: tools.perform(effect)
        case .startSummary: isSummarizing = true
        case .cancelSummary: isSummarizing = false
        case .cancel(let id):
            writings.removeAll { $0.id == id }
            past = past.suffix(8) + [id]
        }
    }

    private mutating func change(_ id: ItemID, _ body: (inout Ear) -> Void) {
        for index in ears.indices where ears[index].id == id { body(&ears[index]) }
    }

    private mutating func hear(_ count: Int, from position: Int) {
        if unjudged.isEmpty, framePosition == 0 { framePosition = position }
        let end = position + count
        while framePosition + VirtualDetector.frameLength <= end {
            framePosition += VirtualDetector.frameLength
            unjudged.append(framePosition)
        }
    }

    /// The next report of some engine; nil when none has anything to say.
    mutating func report(_ random: inout SeededRandom) -> Session.Input? {
        switch random.number(0...9) {
        case 0...3: verdict(&random)
        case 4...5: transcription(&random)
        case 6: tools.report(&random) ?? summary(&random)
        default: response(&random)
        }
    }

    /// The next verdict of the VAD.
    mutating func verdict(_ random: inout SeededRandom) -> Session.Input? {
        guard !unjudged.isEmpty else { return nil }
        if random.once(in: isSpeech ? 30 : 60) { isSpeech.toggle() }
        let noise = Float(random.number(0...34)) / 100
        let probability = isSpeech ? 1 - noise : noise
        let position = unjudged.removeFirst()
        return .speech(Session.SpeechActivity(position: position, probability: probability))
    }

    private mutating func summary(_ random: inout SeededRandom) -> Session.Input? {
        guard isSummarizing else { return nil }
        isSummarizing = false
        let failure = Session.EngineFailure(code: "busy", message: "The model is busy.")
        if random.once(in: 4) { return .summary(.failed(failure)) }
        return .summary(.written(random.once(in: 8) ? "" : "They spoke."))
    }

    private mutating func transcription(_ random: inout SeededRandom) -> Session.Input? {
        guard let index = random.pick(ears.indices) else { return nil }
        let ear = ears[index]
        if let pause = ear.pause, random.once(in: 2) {
            ears[index].lastPause = pause
            return .transcription(ear.id, .provisional(text: ear.text + " ?", position: pause))
        }
        if random.once(in: 10) {
            let text = "Too late \(random.number(0...9))"
            return .transcription(ear.id, .provisional(text: text, position: ear.lastPause))
        }
        guard ear.isFinishing || random.once(in: 40) else {
            ears[index].text += random.pick(Self.words) ?? ""
            let text = ears[index].text
            let stable = random.number(0...text.utf8.count)
            return .transcription(ear.id, .partial(text: text, stableByteCount: stable))
        }
        ears.remove(at: index)
        if random.once(in: 8) { return .transcription(ear.id, .failed(Self.failure)) }
        let text = random.once(in: 6) ? "" : ear.text + " end"
        return .transcription(ear.id, .final(text: text, details: Self.details(of: text, &random)))
    }

    private static func details(
        of text: String,
        _ random: inout SeededRandom
    ) -> Session.TranscriptionDetails {
        var details = Session.TranscriptionDetails()
        if random.once(in: 3) { details.logprobs = [["token": .string(text), "logprob": -0.5]] }
        guard random.once(in: 4) else { return details }
        details.segments = [
            TranscriptionSegment(
                contentIndex: 0,
                id: "seg_1",
                speaker: "A",
                span: .zero..<Duration.seconds(1),
                text: text
            )
        ]
        return details
    }

    private mutating func response(_ random: inout SeededRandom) -> Session.Input? {
        guard let index = random.pick(writings.indices) else { return nil }
        let (id, work) = writings[index]
        if work.isGenerating, work.clauses.isEmpty || random.once(in: 2) {
            return .generation(id, generation(index, &random))
        }
        guard let clause = work.clauses.first else {
            writings.remove(at: index)
            return nil
        }
        switch random.number(0...30) {
        case 0:
            writings[index].work.clauses = []
            return .synthesis(id, .failed(Self.failure))
        case 1...12:
            writings[index].work.clauses.removeFirst()
            return .synthesis(id, .finished(clause: clause))
        default:
            let count = random.once(in: 20) ? 20_000 : random.number(0...2_000)
            let samples = [Int16](repeating: 7, count: count)
            return .synthesis(id, .audio(clause: clause, AudioFrame(samples: samples)))
        }
    }

    private mutating func generation(
        _ index: Int,
        _ random: inout SeededRandom
    ) -> Session.Generation {
        switch random.number(0...40) {
        case 0:
            writings[index].work.isGenerating = false
            return .failed(Self.failure)
        case 1...3:
            writings[index].work.isGenerating = false
            return .finished(result(&random))
        case 4:
            writings[index].work.isCalling = true
            return .toolCallStarted(name: random.pick(writings[index].work.tools) ?? "get_time")
        case 5...14 where writings[index].work.isCalling:
            return .toolCallArguments(random.pick(["{}", "{}", "{", "}", "\"a\":1", ""]) ?? "")
        default:
            writings[index].work.isCalling = false
            return .text(random.pick(Self.words) ?? "")
        }
    }

    private func result(_ random: inout SeededRandom) -> Session.GenerationResult {
        var result = Session.GenerationResult()
        if random.once(in: 5) { result.incomplete = .maximumOutputTokens }
        if random.once(in: 2) {
            result.inputTokens = random.number(0...500)
            result.cachedTokens = random.number(0...600)
            result.outputTokens = random.number(0...100)
        }
        return result
    }

    private static let failure = Session.EngineFailure(
        code: "inference_failed",
        message: "The engine failed."
    )
}
