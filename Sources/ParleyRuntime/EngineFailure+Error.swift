internal import ParleyEngine
internal import ParleyRealtime
internal import ParleySession

extension Session.EngineFailure {
    /// What a client may know of an engine's error: the kind, never the detail.
    init(_ role: EngineRole, _ error: EngineError) {
        self.init(
            code: error.fault.rawValue,
            message: "\(role.noun) \(Self.reason(error.fault))"
        )
        switch error.fault {
        case .rateLimited, .quotaExceeded: kind = .rateLimit
        default: break
        }
    }

    private static func reason(_ fault: EngineError.Fault) -> String {
        switch fault {
        case .load: "could not be loaded."
        case .unavailable: "is not available at the moment."
        case .refused: "does not let this server in."
        case .rejected: "rejected the request."
        case .rateLimited: "is asked too often at the moment; try again soon."
        case .quotaExceeded: "has no quota left for this server."
        case .contextLength: "was given more than it can read at once."
        case .timeout: "did not answer in time."
        case .malformedAnswer: "gave an answer that cannot be understood."
        case .overloaded: "has too much to do; try again soon."
        case .request: "does not offer what was asked for."
        default: "failed."
        }
    }
}

extension EngineRole {
    /// The engine in a sentence for a client.
    var noun: String {
        switch self {
        case .voiceActivity: "The voice activity detector"
        case .transcription: "The speech recogniser"
        case .language: "The language model"
        case .speech: "The speech synthesiser"
        case .summary: "The model for summaries"
        case .tools: "The server of tools"
        }
    }
}
