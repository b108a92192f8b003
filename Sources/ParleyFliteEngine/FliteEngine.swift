package import ParleyAudio
package import ParleyEngine
internal import ParleyEngineThreads

/// flite 2: built-in speech in English, with nothing to download at run time.
///
/// Voices `slt`, the default, and `kal16`, which sounds worse and gives the same samples each time.
/// Both speak at 16 kHz, and are done in a hundredth of the time that they sound.
package final class FliteEngine: SpeechEngine {
    /// How much faster or slower than natural a voice may speak.
    package static let speeds = 0.25...4.0
    /// Pieces of text that may wait for a thread.
    ///
    /// Chosen: each takes 5 to 100 ms.
    private static let waitingCapacity = 256

    private let threads: EngineThreads
    private let model = EngineModel<[FliteVoice]>()

    /// Makes an engine that has not loaded anything.
    ///
    /// - Parameter workers: Texts that are spoken at once; nil for one on each core.
    package init(workers: Int? = nil) {
        threads = EngineThreads(
            "flite",
            count: workers ?? Cores.count,
            capacity: Self.waitingCapacity
        )
    }

    /// The name in configuration.
    package var name: String { "flite" }
    /// Where it is in its life.
    package var state: EngineState { model.state }
    /// Pieces that are spoken, and pieces that wait.
    package var load: EngineLoad { threads.load }
    /// The voices it has, the default first.
    package static let voices = ["slt", "kal16"]
    /// The voices it has, the default first.
    package var voices: [String] { Self.voices }
    /// Its voices read all text as English.
    package var languages: [String] { ["en"] }

    /// Makes the voices.
    ///
    /// - Throws: ``EngineError/Fault/load`` when the library lacks one.
    package func prepare() async throws(EngineError) {
        try await loadedVoices()
    }

    /// Speaks one clause.
    ///
    /// What has no sound is left out; a text without any, such as emoji alone, is no error and
    /// gives no audio. Audio waits in memory while `report` does, of one piece of 80 characters at
    /// most.
    ///
    /// - Parameters:
    ///   - request: What to say. A voice that isn't there is replaced by the default one: clients
    ///     name voices of services that they know. The speed is brought within ``speeds``.
    ///   - report: Gets the audio piece by piece, at 16 kHz, as early as it exists.
    /// - Throws: ``EngineError``; ``EngineError/Fault/request`` for text in another script than the
    ///   Latin one.
    package func speak(
        _ request: SpeechRequest,
        report: (AudioFrame) async -> Void
    ) async throws(EngineError) {
        let voices = try await loadedVoices()
        let text = SpokenText(request.text)
        guard !text.isForeign else {
            throw EngineError(.request, "found text without Latin letters, expected English")
        }
        guard let voice = voices.first(where: { $0.name == request.voice }) ?? voices.first else {
            throw EngineError(.load, "flite has no voices")
        }
        let stretch = Self.stretch(request.speed)
        var silence = request.beginsSpeech ? LeadingSilence() : nil
        for piece in text.pieces {
            try await speak(piece, voice, stretch) { frame in
                let samples = silence?.trim(frame.samples) ?? frame.samples
                guard !samples.isEmpty else { return }
                await report(AudioFrame(samples: samples, sampleRate: frame.sampleRate))
            }
        }
    }

    private func speak(
        _ piece: String,
        _ voice: FliteVoice,
        _ stretch: Float,
        _ report: (AudioFrame) async -> Void
    ) async throws(EngineError) {
        let (frames, continuation) = AsyncStream.makeStream(of: AudioFrame.self)
        async let outcome = Self.outcome(threads, voice, piece, stretch, continuation)
        for await frame in frames { await report(frame) }
        try await outcome.get()
    }

    /// Speaks on a thread, then ends the stream, however it went.
    private static func outcome(
        _ threads: EngineThreads,
        _ voice: FliteVoice,
        _ piece: String,
        _ stretch: Float,
        _ continuation: AsyncStream<AudioFrame>.Continuation
    ) async -> Result<Void, EngineError> {
        defer { continuation.finish() }
        do throws(EngineError) {
            try await threads.run { work throws(EngineError) in
                try voice.speak(piece, stretch: stretch, work) { continuation.yield($0) }
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    @discardableResult
    private func loadedVoices() async throws(EngineError) -> [FliteVoice] {
        try await model.prepare { () async throws(EngineError) in
            let expected = voices.count
            return try await threads.run { _ throws(EngineError) in
                let found = FliteVoice.all
                guard found.count == expected else {
                    throw EngineError(
                        .load,
                        "flite has \(found.count) voices, expected \(expected)"
                    )
                }
                return found
            }
        }
    }

    private static func stretch(_ speed: Double) -> Float {
        guard speed.isFinite else { return 1 }
        return Float(1 / min(max(speed, speeds.lowerBound), speeds.upperBound))
    }
}
