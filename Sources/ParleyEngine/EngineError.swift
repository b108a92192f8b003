/// Why an engine could not do its work, sorted by whose fault it is.
public struct EngineError: Error, Sendable, Equatable {
    /// Whose fault it is; an open set.
    public struct Fault: RawRepresentable, Sendable, Hashable {
        /// The code that a client may see.
        public let rawValue: String

        /// Makes a fault of this name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The engine has no model, or a model it can't read.
        public static let load = Fault(rawValue: "model_load_error")
        /// The engine took the work and failed at it.
        public static let inference = Fault(rawValue: "inference_failed")
        /// The request asks for what the engine doesn't offer.
        public static let request = Fault(rawValue: "invalid_request")
        /// The service behind the engine can't be reached, is overloaded, or broke off.
        public static let unavailable = Fault(rawValue: "engine_unavailable")
        /// The service behind the engine refuses us: our key.
        public static let refused = Fault(rawValue: "engine_refused")
        /// The service behind the engine finds the request itself wrong.
        public static let rejected = Fault(rawValue: "engine_rejected_request")
        /// We ask the service behind the engine too often; it may answer soon.
        public static let rateLimited = Fault(rawValue: "rate_limit_exceeded")
        /// The service behind the engine gives us nothing more.
        public static let quotaExceeded = Fault(rawValue: "insufficient_quota")
        /// The request is longer than what the model reads.
        public static let contextLength = Fault(rawValue: "context_length_exceeded")
        /// The answer did not come in time.
        public static let timeout = Fault(rawValue: "engine_timeout")
        /// The service answered with something that is no answer.
        public static let malformedAnswer = Fault(rawValue: "engine_malformed_answer")
        /// The engine's queue is full.
        public static let overloaded = Fault(rawValue: "engine_overloaded")
        /// The caller cancelled.
        public static let cancelled = Fault(rawValue: "cancelled")
    }

    /// Whose fault it is.
    public let fault: Fault
    /// What happened, for the log: may name files and services, never keys, prompts or transcripts.
    public let detail: String

    /// Makes an error.
    public init(_ fault: Fault, _ detail: String) {
        self.fault = fault
        self.detail = detail
    }
}
