internal import ParleyRealtime

/// `turn_detection`, safe to calculate with.
///
/// - Units: lengths are samples at the session's rate.
struct TurnSettings: Sendable, Equatable {
    private(set) var detector: TurnDetector.Settings
    /// Samples from before the onset that belong to the turn.
    let prefixPadding: Int
    let createsResponse: Bool
    let interruptsResponse: Bool
    /// Nil for `server_vad`.
    private let pause: SemanticPause?

    init(_ detection: TurnDetection, limits: Limits) {
        createsResponse = detection.createsResponse
        interruptsResponse = detection.interruptsResponse
        let limit = limits.speechDuration.sampleCount
        switch detection {
        case .serverVAD(let vad):
            pause = nil
            prefixPadding = vad.prefixPadding.sampleCount
            detector = TurnDetector.Settings(
                threshold: Float(vad.threshold),
                silence: vad.silenceDuration.sampleCount,
                pause: limits.pause.sampleCount,
                limit: limit
            )
        case .semanticVAD(let vad):
            let pause = SemanticPause(vad.eagerness)
            self.pause = pause
            let standard = ServerVAD()
            prefixPadding = standard.prefixPadding.sampleCount
            detector = TurnDetector.Settings(
                threshold: Float(standard.threshold),
                silence: pause.usual.sampleCount,
                pause: limits.pause.sampleCount,
                limit: limit
            )
        }
    }

    /// Whether partial text is of use.
    var wantsPartials: Bool { pause != nil }

    mutating func hear(_ partial: String) {
        guard let pause else { return }
        detector.patience = pause.duration(after: partial).sampleCount
    }
}
