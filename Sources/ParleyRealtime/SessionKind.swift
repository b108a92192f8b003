/// What a session is for: its `type`, fixed when the connection opens.
public enum SessionKind: String, Sendable, CaseIterable {
    /// A conversation: responses answer what was said.
    case realtime
    /// What was said comes back as text, and nothing is answered.
    case transcription
    /// What was said is spoken in another language, while the speaker goes on.
    case translation
}

extension SessionKind {
    /// The turn detection that a session of this kind begins with, and whose members `null` goes
    /// back to.
    ///
    /// - Source: Realtime protocol, "turn_detection", "Transcription session, GA": silence of
    ///   200 ms is what the reference server has where nothing is answered.
    public var standardDetection: ServerVAD {
        var detection = ServerVAD()
        switch self {
        case .realtime: return detection
        case .transcription: detection.silenceDuration = .milliseconds(200)
        case .translation: detection.silenceDuration = Self.translationPause
        }
        detection.createsResponse = false
        detection.interruptsResponse = false
        return detection
    }

    /// Silence that ends a stretch of speech that is translated by itself.
    ///
    /// Chosen: speakers pause for as long between sentences, and seldom within a clause.
    private static let translationPause = Duration.milliseconds(400)
}
