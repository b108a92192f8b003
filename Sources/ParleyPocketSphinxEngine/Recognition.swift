internal import ParleyAudio
internal import ParleyEngine
internal import ParleyEngineThreads

/// Recognises one utterance as it comes, in segments of bounded length.
///
/// A segment is decoded while it is spoken where a decoder is free; then there are partial texts.
/// Where none is, or where an utterance that has ended took it away, its audio is kept and decoded
/// at its end. The final text is the same either way: the search that counts begins when the first
/// three seconds, or all of a shorter utterance, are there to be measured.
///
/// In a pause the segment is decoded to its end, where a decoder is free. If the speaker goes on, a
/// segment of three seconds or more ends there for good; a shorter one, which is understood better
/// together with what follows, is heard once more.
struct Recognition {
    /// How far a decoder has come in the segment.
    private enum Progress {
        /// It has heard nothing, or was taken away.
        case unheard
        /// It has heard so many samples, for partial texts only.
        case guessing(Int)
        /// It has heard so many samples, for good.
        case hearing(Int)

        var count: Int {
            switch self {
            case .unheard: 0
            case .guessing(let count), .hearing(let count): count
            }
        }
    }

    /// Audio between two partial texts: 200 ms.
    static let stepLength = 3_200
    /// From here on a segment ends at the next pause: 20 s.
    static let pauseLength = 320_000
    /// Here it ends in any case: 30 s.
    ///
    /// Bounds the audio that is kept, and the search's memory.
    static let maximumLength = 480_000
    /// A step this much below the level of its segment is a pause: -20 dB.
    static let pauseLevel: Float = 0.1

    private let pool: DecoderPool
    private let threads: EngineThreads
    private let wantsPartials: Bool
    private let utterance: DecoderPool.Utterance

    /// What was said in the segments that have ended.
    private var settled: [Phrase] = []
    /// The audio of the segment that is being spoken.
    private var samples: [Int16] = []
    private var progress = Progress.unheard
    private var newestGuess = ""
    /// A decoder that is taken away once isn't asked for again in this segment: it would have to
    /// hear everything anew.
    private var hasLostDecoder = false
    private var lastReport = ""
    /// The mean of the speaker's spectrum, once there was enough to measure it.
    private var mean: String?
    /// What the segment comes to if it ends with the pause; nil where nobody pauses or knows.
    private var conclusion: Result<Phrase, EngineError>?

    init(_ pool: DecoderPool, threads: EngineThreads, options: TranscriptionOptions) {
        self.pool = pool
        self.threads = threads
        wantsPartials = options.wantsPartials
        utterance = pool.makeUtterance(of: options.owner)
    }

    /// Gives the decoder back, if there is one.
    func close() {
        if let decoder = pool.unpark(utterance) { pool.leave(decoder, of: utterance) }
    }

    /// Hears more.
    ///
    /// - Returns: The new partial text, where it changed.
    mutating func hear(_ frame: AudioFrame) async throws(EngineError) -> PartialTranscript? {
        resume()
        // A frame may be a whole recording; bounds hold for it as well.
        var rest = frame.samples[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.stepLength)
            rest = rest.dropFirst(piece.count)
            samples += piece
            guard samples.count - progress.count >= Self.stepLength else { continue }
            if isAtPause { try await endSegment() } else { try await step() }
        }
        return partial()
    }

    /// Ends the utterance.
    ///
    /// - Returns: All that was understood.
    mutating func finish() async throws(EngineError) -> Phrase {
        if let conclusion {
            settle(try conclusion.get())
        } else if isLongEnough {
            try await endSegment()
        }
        return Phrase(settled)
    }

    private var isLongEnough: Bool { samples.count >= PocketSphinxDecoder.minimumLength }

    private var isAtPause: Bool {
        guard samples.count >= Self.pauseLength else { return false }
        guard samples.count < Self.maximumLength else { return true }
        let newest = Level.rms(of: samples.suffix(Self.stepLength))
        return newest < Self.pauseLevel * Level.rms(of: samples)
    }

    private mutating func partial() -> PartialTranscript? {
        guard wantsPartials else { return nil }
        let before = Phrase(settled).text
        let text = [before, newestGuess].filter { !$0.isEmpty }.joined(separator: " ")
        guard text != lastReport else { return nil }
        lastReport = text
        // The end of a segment may still change its beginning, and does: only what has ended stays.
        return PartialTranscript(text: text, stableByteCount: before.utf8.count)
    }
}

// MARK: - Segments

extension Recognition {
    private typealias Pass =
        @Sendable (PocketSphinxDecoder, EngineWork) throws(EngineError) ->
        String?

    /// Enough was heard to measure the mean of the spectrum.
    private var isMeasurable: Bool { samples.count >= PocketSphinxDecoder.meanLength }

    /// Lets a decoder hear what is new, where one is free.
    private mutating func step() async throws(EngineError) {
        guard let decoder = try await decoderForStep() else { return }
        let (next, pass) = nextPass()
        let guess: (text: String, mean: String?)
        do throws(EngineError) {
            guess = try await threads.run { work throws(EngineError) in
                let mean = try pass(decoder, work)
                return (decoder.hypothesis, mean)
            }
        } catch {
            pool.leave(decoder, of: utterance)
            throw error
        }
        pool.park(decoder, for: utterance)
        progress = next
        mean = mean ?? guess.mean
        newestGuess = guess.text
    }

    private mutating func decoderForStep() async throws(EngineError) -> PocketSphinxDecoder? {
        if progress.count > 0 {
            if let decoder = pool.unpark(utterance) { return decoder }
            hasLostDecoder = true
            progress = .unheard
        }
        // Without partial texts the first seconds needn't be heard twice.
        guard wantsPartials || mean != nil || isMeasurable, !hasLostDecoder else { return nil }
        return try await pool.takeFree(for: utterance)
    }

    /// What a decoder does next, and how far it is then.
    private func nextPass() -> (Progress, Pass) {
        let samples = samples
        switch progress {
        case .hearing(let count): return (.hearing(samples.count), Self.hear(samples[count...]))
        case .guessing, .unheard:
            guard mean == nil, !isMeasurable else { return (.hearing(samples.count), hearAll()) }
        }
        if case .guessing(let count) = progress {
            return (.guessing(samples.count), Self.hear(samples[count...]))
        }
        let guess: Pass = { decoder, work throws(EngineError) in
            try decoder.beginGuessing()
            try decoder.feed(samples[...], work)
            return nil
        }
        return (.guessing(samples.count), guess)
    }

    private static func hear(_ samples: ArraySlice<Int16>) -> Pass {
        { decoder, work throws(EngineError) in
            try decoder.feed(samples, work)
            return nil
        }
    }

    /// Hears the segment from its beginning, for good; hands back the mean if it was measured on
    /// enough to be kept.
    private func hearAll() -> Pass {
        let (samples, known, isMeasurable) = (samples, mean, isMeasurable)
        return { decoder, work throws(EngineError) in
            try work.check()
            let mean: String
            if let known { mean = known } else { mean = try decoder.mean(of: samples) }
            try decoder.begin(mean: mean)
            try decoder.feed(samples[...], work)
            return isMeasurable ? mean : nil
        }
    }

    /// Decodes what is left of the segment, or all of it, and begins a new one.
    private mutating func endSegment() async throws(EngineError) {
        let kept = pool.unpark(utterance)
        let decoder: PocketSphinxDecoder
        if let kept {
            decoder = kept
        } else {
            decoder = try await pool.take(for: utterance, length: samples.count)
        }
        defer { pool.leave(decoder, of: utterance) }
        let end = ending(with: decoder, isKept: kept != nil)
        let outcome = try await end()
        mean = mean ?? outcome.mean
        settle(outcome.phrase)
    }

    private typealias Outcome = (phrase: Phrase, mean: String?)

    /// What decodes the segment to its end.
    private func ending(
        with decoder: PocketSphinxDecoder,
        isKept: Bool
    ) -> @Sendable () async throws(EngineError) -> Outcome {
        let pass = isKept && isHearing ? nextPass().1 : hearAll()
        let threads = threads
        return { () async throws(EngineError) in
            try await threads.run { work throws(EngineError) in
                let mean = try pass(decoder, work)
                let text = try decoder.end()
                return (Phrase(text, words: decoder.words), mean)
            }
        }
    }

    private var isHearing: Bool {
        if case .hearing = progress { true } else { false }
    }

    private mutating func settle(_ phrase: Phrase) {
        settled.append(phrase)
        samples = []
        progress = .unheard
        conclusion = nil
        hasLostDecoder = false
        newestGuess = ""
    }
}

// MARK: - Pauses

extension Recognition {
    /// Decodes the segment as if it ended with a pause, unless the speaker goes on meanwhile.
    ///
    /// - Returns: All that was understood; nil where that isn't known.
    mutating func conclude(in pause: SpeechPause) async -> Phrase? {
        guard isLongEnough else { return nil }
        let kept = pool.unpark(utterance)
        // Nobody who needs a decoder more waits for this.
        guard let decoder = await free(kept) else { return nil }
        let end = ending(with: decoder, isKept: kept != nil)
        let result: Result<Outcome, EngineError>?
        if kept != nil, isHearing {
            // Little is left, and if the speaker goes on it is of use as well.
            result = await Self.result(of: end)
        } else {
            result = await pause.attempt(end)
        }
        pool.leave(decoder, of: utterance)
        progress = .unheard
        conclusion = result?.map(\.phrase)
        guard case .success(let outcome) = result else { return nil }
        mean = mean ?? outcome.mean
        return Phrase(settled + [outcome.phrase])
    }

    private func free(_ kept: PocketSphinxDecoder?) async -> PocketSphinxDecoder? {
        if let kept { return kept }
        do throws(EngineError) {
            return try await pool.takeFree(for: utterance)
        } catch {
            return nil
        }
    }

    private static func result(
        of work: @Sendable () async throws(EngineError) -> Outcome
    ) async -> Result<Outcome, EngineError> {
        do throws(EngineError) { return .success(try await work()) } catch {
            return .failure(error)
        }
    }

    /// The speaker went on after a pause.
    private mutating func resume() {
        guard let conclusion else { return }
        self.conclusion = nil
        if isMeasurable, case .success(let phrase) = conclusion { settle(phrase) }
    }
}
