internal import ParleyAudio
internal import ParleyEngine
internal import ParleyEngineThreads

/// Recognises one utterance as it comes, in segments of bounded length.
///
/// A segment is decoded while it is spoken where a decoder is free; then there are partial texts.
/// Where none is, or where an utterance that has ended took it away, its audio is kept and decoded
/// at its end. The final text is the same either way: the search that counts begins when the first
/// three seconds, or all of a shorter segment, are there to be measured.
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

    /// Words of the segments that have ended.
    private var settled: [String] = []
    /// The audio of the segment that is being spoken.
    private var samples: [Int16] = []
    private var progress = Progress.unheard
    private var newestGuess = ""
    /// A decoder that is taken away once isn't asked for again in this segment: it would have to
    /// hear everything anew.
    private var hasLostDecoder = false
    private var lastReport = ""

    init(_ pool: DecoderPool, threads: EngineThreads, wantsPartials: Bool) {
        self.pool = pool
        self.threads = threads
        self.wantsPartials = wantsPartials
        utterance = pool.makeUtterance()
    }

    /// Gives the decoder back, if there is one.
    func close() {
        if let decoder = pool.unpark(utterance) { pool.leave(decoder) }
    }

    /// Hears more.
    ///
    /// - Returns: The new partial text, where it changed.
    mutating func hear(_ frame: AudioFrame) async throws(EngineError) -> PartialTranscript? {
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
    mutating func finish() async throws(EngineError) -> String {
        if samples.count >= PocketSphinxDecoder.minimumLength { try await endSegment() }
        return settled.joined(separator: " ")
    }

    private var isAtPause: Bool {
        guard samples.count >= Self.pauseLength else { return false }
        guard samples.count < Self.maximumLength else { return true }
        let newest = Level.rms(of: samples.suffix(Self.stepLength))
        return newest < Self.pauseLevel * Level.rms(of: samples)
    }

    private mutating func partial() -> PartialTranscript? {
        guard wantsPartials else { return nil }
        let before = settled.joined(separator: " ")
        let text = (settled + [newestGuess].filter { !$0.isEmpty }).joined(separator: " ")
        guard text != lastReport else { return nil }
        lastReport = text
        // The end of a segment may still change its beginning, and does: only what has ended stays.
        return PartialTranscript(text: text, stableCount: before.count)
    }
}

// MARK: - Segments

extension Recognition {
    private var isMeasurable: Bool { samples.count >= PocketSphinxDecoder.meanLength }

    /// Lets a decoder hear what is new, where one is free.
    private mutating func step() async throws(EngineError) {
        guard let decoder = try await decoderForStep() else { return }
        let (next, pass) = nextPass()
        let guess: String
        do throws(EngineError) {
            guess = try await threads.run { work throws(EngineError) in
                try pass(decoder, work)
                return decoder.hypothesis
            }
        } catch {
            pool.leave(decoder)
            throw error
        }
        pool.park(decoder, for: utterance)
        progress = next
        newestGuess = guess
    }

    private mutating func decoderForStep() async throws(EngineError) -> PocketSphinxDecoder? {
        if progress.count > 0 {
            if let decoder = pool.unpark(utterance) { return decoder }
            hasLostDecoder = true
            progress = .unheard
        }
        // Without partial texts the first seconds needn't be heard twice.
        guard wantsPartials || isMeasurable, !hasLostDecoder else { return nil }
        return try await pool.takeFree()
    }

    private typealias Pass = @Sendable (PocketSphinxDecoder, EngineWork) throws(EngineError) -> Void

    /// What a decoder does next, and how far it is then.
    private mutating func nextPass() -> (Progress, Pass) {
        let samples = samples
        switch progress {
        case .hearing(let count):
            return (
                .hearing(samples.count),
                { decoder, work throws(EngineError) in try decoder.feed(samples[count...], work) }
            )
        case .guessing(let count) where !isMeasurable:
            return (
                .guessing(samples.count),
                { decoder, work throws(EngineError) in try decoder.feed(samples[count...], work) }
            )
        case .unheard where !isMeasurable:
            return (
                .guessing(samples.count),
                { decoder, work throws(EngineError) in
                    try decoder.beginGuessing()
                    try decoder.feed(samples[...], work)
                }
            )
        case .guessing, .unheard:
            return (.hearing(samples.count), Self.hearAll(samples))
        }
    }

    private static func hearAll(_ samples: [Int16]) -> Pass {
        { decoder, work throws(EngineError) in
            try work.check()
            try decoder.begin(knowing: samples)
            try decoder.feed(samples[...], work)
        }
    }

    /// Decodes what is left of the segment, or all of it, and begins a new one.
    private mutating func endSegment() async throws(EngineError) {
        let kept = pool.unpark(utterance)
        let decoder: PocketSphinxDecoder
        if let kept { decoder = kept } else { decoder = try await pool.take() }
        defer { pool.leave(decoder) }
        let pass =
            if kept != nil, case .hearing = progress { nextPass().1 } else { Self.hearAll(samples) }
        let text = try await threads.run { work throws(EngineError) in
            try pass(decoder, work)
            return try decoder.end()
        }
        if !text.isEmpty { settled.append(text) }
        samples = []
        progress = .unheard
        hasLostDecoder = false
        newestGuess = ""
    }
}
