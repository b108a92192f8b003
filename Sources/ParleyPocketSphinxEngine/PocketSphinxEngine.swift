internal import ParleyAudio
package import ParleyEngine
internal import ParleyEngineThreads

/// PocketSphinx 5: built-in recognition of English, with nothing to download at run time.
///
/// Good for commands, demonstrations and end-to-end tests. Measured on the recordings that come
/// with it: 1 wrong word in 25 of short commands, 20 in 71 of read books; a tenth of a core for one
/// speaker, and with partial texts the first three seconds count twice. A decoder takes 91 MB, so a
/// few of them serve all sessions; ``DecoderPool`` says how. When more people speak at once than
/// there are decoders, partial texts are left out and the whole utterance is decoded at its end,
/// with the same result.
package final class PocketSphinxEngine: TranscriptionEngine {
    /// Utterances that may wait for a decoder after their end.
    ///
    /// Chosen: with two decoders the last one of short utterances waits about 10 s.
    package static let waitingCapacity = 64

    private let pool: DecoderPool
    private let threads: EngineThreads
    private let model = EngineModel<Bool>()

    /// Makes an engine that has not loaded anything.
    ///
    /// - Parameters:
    ///   - modelDirectory: The model's folder: `share/pocketsphinx/model/en-us`.
    ///   - decoders: Decoders at most, 91 MB each; all but the first are made when they are needed.
    ///     Nil for one on each core.
    package init(modelDirectory: String, decoders: Int? = nil) {
        let count = max(1, decoders ?? Cores.count)
        // Only who holds a decoder has work, so nobody waits for a thread in earnest.
        threads = EngineThreads("pocketsphinx", count: count, capacity: count)
        pool = DecoderPool(
            PocketSphinxModel(folder: modelDirectory),
            threads: threads,
            maximumCount: count,
            waitingCapacity: Self.waitingCapacity
        )
    }

    /// The name in configuration.
    package var name: String { "pocketsphinx" }
    /// Where it is in its life.
    package var state: EngineState { model.state }
    /// Decoders at work, and utterances that wait for one.
    package var load: EngineLoad { pool.load }
    /// Rate of the samples it wants, in Hz.
    package var sampleRate: Int { 16_000 }
    /// A text for nothing costs at most what three seconds of speech cost.
    package var isSpeculative: Bool { true }

    /// Makes the first decoder.
    ///
    /// - Throws: ``EngineError/Fault/load``, with the file that is missing.
    package func prepare() async throws(EngineError) {
        try await model.prepare { () async throws(EngineError) in
            let utterance = pool.makeUtterance()
            if let decoder = try await pool.takeFree(for: utterance) {
                pool.leave(decoder, of: utterance)
            }
            return true
        }
    }

    /// Recognises one utterance while it is being spoken.
    ///
    /// - Parameters:
    ///   - speech: The utterance as it comes, at ``sampleRate``.
    ///   - options: A language other than English is refused. Where probabilities are wanted, each
    ///     word is a token.
    ///   - report: Gets the text so far, about every 200 ms of audio, whenever it changed; in a
    ///     pause the final one, where a decoder is free for that.
    /// - Returns: The final text: lower case, without punctuation.
    /// - Throws: ``EngineError``; ``EngineError/Fault/overloaded`` when too many utterances wait.
    package func transcribe(
        _ speech: AsyncStream<SpeechPiece>,
        options: TranscriptionOptions,
        report: (TranscriptionReport) async -> Void
    ) async throws(EngineError) -> Transcript {
        if let language = options.language, !Self.isEnglish(language) {
            throw EngineError(
                .request,
                "found language \(language), expected en: the model is English"
            )
        }
        try await prepare()
        var recognition = Recognition(pool, threads: threads, options: options)
        defer { recognition.close() }
        for await piece in speech {
            switch piece {
            case .audio(let frame):
                try check(frame)
                if let partial = try await recognition.hear(frame) {
                    await report(.partial(partial))
                }
            case .pause(let pause):
                if let phrase = await recognition.conclude(in: pause) {
                    await report(.provisional(Transcript(phrase, options), pause))
                }
            }
        }
        // A cancelled task sees the end of the stream as well.
        guard !Task.isCancelled else { throw EngineError(.cancelled, "the caller cancelled") }
        return Transcript(try await recognition.finish(), options)
    }

    private func check(_ frame: AudioFrame) throws(EngineError) {
        guard frame.sampleRate != sampleRate else { return }
        throw EngineError(
            .request,
            "found audio at \(frame.sampleRate) Hz, expected \(sampleRate)"
        )
    }

    private static func isEnglish(_ language: String) -> Bool {
        let primary = language.lowercased().prefix { $0 != "-" && $0 != "_" }
        return primary == "en" || primary == "english"
    }
}

extension Transcript {
    fileprivate init(_ phrase: Phrase, _ options: TranscriptionOptions) {
        self.init(text: phrase.text, language: "en")
        if options.wantsLogprobs { logprobs = phrase.tokens }
    }
}
