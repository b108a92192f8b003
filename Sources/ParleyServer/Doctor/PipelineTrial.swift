internal import ParleyAudio
internal import ParleyEngine
internal import ParleyRealtime
internal import ParleyRuntime

/// Tries every stage of a pipeline with the sentence that its own voice speaks.
struct PipelineTrial {
    private let pipeline: Pipeline
    /// What the voice says, and what the recogniser should understand.
    private static let sentence = "Please tell me what time it is."

    init(_ pipeline: Pipeline) {
        self.pipeline = pipeline
    }

    /// Tries all stages, in the order in which one needs the other.
    func run() async -> [StageReport] {
        let (speech, audio) = await trySpeech()
        let voiceActivity = await tryVoiceActivity(audio)
        let transcription = await tryTranscription(audio)
        let language = await tryLanguage(.language, pipeline.language)
        var reports = [voiceActivity, transcription, language, speech]
        if let summarizer = pipeline.compaction?.language {
            reports.append(await tryLanguage(.summary, summarizer))
        }
        return reports
    }

    // MARK: Stages

    private func trySpeech() async -> (StageReport, AudioFrame?) {
        var frame: AudioFrame?
        let report = await attempt(.speech, pipeline.speech) { () async throws(EngineError) in
            var samples: [Int16] = []
            var rate = AudioFormat.sessionSampleRate
            try await pipeline.speech.speak(SpeechRequest(text: Self.sentence)) { piece in
                samples += piece.samples
                rate = piece.sampleRate
            }
            let audio = AudioFrame(samples: samples, sampleRate: rate)
            guard !samples.isEmpty else { return (.failed, "no audio came out") }
            frame = audio
            let peak = samples.map { Int($0.magnitude) }.max() ?? 0
            guard peak > 500 else { return (.doubtful, "the audio is almost silent") }
            return (.works, "\(Self.milliseconds(audio.duration)) ms of audio at \(rate) Hz")
        }
        return (report, frame)
    }

    private func tryVoiceActivity(_ audio: AudioFrame?) async -> StageReport {
        await attempt(.voiceActivity, pipeline.voiceActivity) { () async throws(EngineError) in
            let detector = try pipeline.voiceActivity.makeDetector()
            let silence = Self.highestProbability(
                in: [Int16](repeating: 0, count: 16_000),
                at: 16_000,
                detector
            )
            guard silence < 0.5 else { return (.doubtful, "silence is taken for speech") }
            guard let audio else { return (.works, "silence is no speech; no voice to try") }
            detector.reset()
            let speech = Self.highestProbability(
                in: audio.samples,
                at: audio.sampleRate,
                detector
            )
            guard speech >= 0.5 else { return (.doubtful, "the voice is not taken for speech") }
            return (.works, "speech \(Self.percent(speech)), silence \(Self.percent(silence))")
        }
    }

    private func tryTranscription(_ audio: AudioFrame?) async -> StageReport {
        let engine = pipeline.transcription
        guard let audio else {
            return StageReport(
                role: .transcription,
                engine: engine.name,
                verdict: .skipped,
                detail: "there is no speech to understand, for the voice failed"
            )
        }
        return await attempt(.transcription, engine) { () async throws(EngineError) in
            var resampler = Resampler(from: audio.sampleRate, to: engine.sampleRate)
            let samples = resampler.process(audio.samples) + resampler.finish()
            let (stream, continuation) = AsyncStream.makeStream(of: SpeechPiece.self)
            let frame = AudioFrame(samples: samples, sampleRate: engine.sampleRate)
            continuation.yield(.audio(frame))
            continuation.finish()
            let options = TranscriptionOptions(
                language: pipeline.spokenLanguage,
                wantsPartials: false
            )
            let transcript = try await engine.transcribe(stream, options: options) { _ in }
            let detail = "understood \"\(transcript.text)\""
            return (Self.sharesWords(transcript.text) ? .works : .doubtful, detail)
        }
    }

    private func tryLanguage(_ role: EngineRole, _ engine: any LanguageEngine) async -> StageReport
    {
        await attempt(role, engine) { () async throws(EngineError) in
            var answer = ""
            let request = LanguageRequest(
                instructions: pipeline.defaults.instructions.text,
                messages: [.user(Self.sentence)],
                conversation: "doctor"
            )
            _ = try await engine.generate(request) { event in
                if case .text(let text) = event { answer += text }
            }
            guard !answer.isEmpty else { return (.doubtful, "the answer is empty") }
            return (.works, "answered \"\(answer.prefix(60))\"")
        }
    }

    // MARK: One attempt

    private typealias Finding = (verdict: StageReport.Verdict, detail: String)

    private func attempt(
        _ role: EngineRole,
        _ engine: any Engine,
        _ work: () async throws(EngineError) -> Finding
    ) async -> StageReport {
        do {
            try await engine.prepare()
            let began = ContinuousClock.now
            let finding = try await work()
            return StageReport(
                role: role,
                engine: engine.name,
                verdict: finding.verdict,
                duration: began.duration(to: .now),
                detail: finding.detail
            )
        } catch {
            return StageReport(
                role: role,
                engine: engine.name,
                verdict: .failed,
                detail: "\(error.fault.rawValue): \(error.detail)"
            )
        }
    }

    private static func highestProbability(
        in samples: [Int16],
        at sampleRate: Int,
        _ detector: any VoiceActivityDetector
    ) -> Float {
        var resampler = Resampler(from: sampleRate, to: detector.sampleRate)
        let floats = resampler.process(samples).map { Float($0) / 32_768 }
        var highest: Float = 0
        floats.withUnsafeBufferPointer { all in
            var start = 0
            while start + detector.frameLength <= all.count {
                let frame = all[start..<start + detector.frameLength]
                highest = max(
                    highest,
                    detector.probability(of: UnsafeBufferPointer(rebasing: frame))
                )
                start += detector.frameLength
            }
        }
        return highest
    }

    /// Recognisers may err; half of the words is proof enough that this one listens.
    private static func sharesWords(_ text: String) -> Bool {
        let expected = words(sentence)
        let found = Set(words(text))
        return expected.filter(found.contains).count * 2 >= expected.count
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && $0 != "'" }.map(String.init)
    }

    private static func percent(_ probability: Float) -> String {
        "\(Int((probability * 100).rounded()))%"
    }

    static func milliseconds(_ duration: Duration) -> Int {
        Int(duration / .milliseconds(1))
    }
}
