/// Where continuous speech is cut into stretches that are translated one by one.
///
/// The silence that ends a stretch is the session's, 400 ms: longer than gaps between words, and as
/// long as speakers pause between sentences. Whoever speaks on without such a pause is cut at a
/// shorter one, and at last without any: listeners can't wait for the end of a speech. (Languages
/// put their verbs in different places, so that a cut costs quality: the model gets what came
/// before.)
struct SpeechSegmentation: Sendable, Equatable {
    /// Speech after which a shorter pause will do: chosen, a long sentence.
    private static let patience = Duration.seconds(8)
    /// That pause: chosen, five frames of the VAD; shorter ones lie within words.
    private static let shortPause = Duration.milliseconds(160)

    private let limits: Limits

    init(_ limits: Limits) {
        self.limits = limits
    }

    /// What ends a stretch that has lasted for some samples.
    func settings(_ standard: TurnDetector.Settings, at length: Int) -> TurnDetector.Settings {
        var settings = standard
        settings.limit = limits.translationSpeechDuration.sampleCount
        if length >= Self.patience.sampleCount {
            settings.silence = min(settings.silence, Self.shortPause.sampleCount)
        }
        return settings
    }
}
