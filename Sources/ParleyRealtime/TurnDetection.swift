/// How the end of a user's turn is found.
public enum TurnDetection: Sendable, Hashable {
    /// Speech and silence decide.
    case serverVAD(ServerVAD)
    /// The words decide how much silence ends the turn.
    case semanticVAD(SemanticVAD)

    /// The response is created when the turn ends.
    public var createsResponse: Bool {
        switch self {
        case .serverVAD(let vad): vad.createsResponse
        case .semanticVAD(let vad): vad.createsResponse
        }
    }

    /// Speech cancels the response that is in progress.
    public var interruptsResponse: Bool {
        switch self {
        case .serverVAD(let vad): vad.interruptsResponse
        case .semanticVAD(let vad): vad.interruptsResponse
        }
    }
}

/// `turn_detection` of type `server_vad`.
public struct ServerVAD: Sendable, Hashable {
    /// Probability above which a frame is speech, 0 to 1.
    public var threshold = 0.5
    /// Audio kept from before the speech.
    public var prefixPadding = Duration.milliseconds(300)
    /// Silence that ends the turn.
    public var silenceDuration = Duration.milliseconds(500)
    /// Silence after an answer that makes the server speak up; nil to wait for ever.
    public var idleTimeout: Duration?
    /// The response is created when the turn ends.
    public var createsResponse = true
    /// Speech cancels the response that is in progress.
    public var interruptsResponse = true

    /// Makes the documented defaults.
    public init() {}
}

/// `turn_detection` of type `semantic_vad`.
public struct SemanticVAD: Sendable, Hashable {
    /// How soon the server takes a pause for the end.
    public enum Eagerness: String, Sendable, CaseIterable {
        case low, medium, high, auto
    }

    /// How soon a pause is the end.
    public var eagerness = Eagerness.auto
    /// The response is created when the turn ends.
    public var createsResponse = true
    /// Speech cancels the response that is in progress.
    public var interruptsResponse = true

    /// Makes the documented defaults.
    public init() {}
}
