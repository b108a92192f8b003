/// What is wrong with something a client sent, or the reason a connection ends.
public struct ProtocolError: Error, Sendable, Hashable {
    /// `error.type`; an open set.
    public struct Kind: RawRepresentable, Sendable, Hashable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let invalidRequest = Kind(rawValue: "invalid_request_error")
        public static let server = Kind(rawValue: "server_error")
        public static let rateLimit = Kind(rawValue: "rate_limit_error")
    }

    /// `error.code`; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let invalidJSON = Code(rawValue: "invalid_json")
        public static let invalidEvent = Code(rawValue: "invalid_event")
        public static let invalidValue = Code(rawValue: "invalid_value")
        public static let invalidType = Code(rawValue: "invalid_type")
        public static let missingRequiredParameter = Code(rawValue: "missing_required_parameter")
        public static let unknownParameter = Code(rawValue: "unknown_parameter")
        public static let integerBelowMinimum = Code(rawValue: "integer_below_min_value")
        public static let integerAboveMaximum = Code(rawValue: "integer_above_max_value")
        public static let stringAboveMaximumLength = Code(rawValue: "string_above_max_length")
        public static let responseInProgress = Code(
            rawValue: "conversation_already_has_active_response"
        )
        public static let noResponseToCancel = Code(rawValue: "response_cancel_not_active")
        public static let commitOfEmptyBuffer = Code(rawValue: "input_audio_buffer_commit_empty")
        public static let truncateOfUnknownItem = Code(rawValue: "item_truncate_invalid_item_id")
        public static let deleteOfUnknownItem = Code(rawValue: "item_delete_invalid_item_id")
        public static let retrieveOfUnknownItem = Code(rawValue: "item_retrieve_invalid_item_id")
        public static let unsupportedContentType = Code(rawValue: "unsupported_content_type")
        public static let invalidToolCallID = Code(rawValue: "invalid_tool_call_id")
        public static let voiceLocked = Code(rawValue: "cannot_update_voice")
        public static let sessionExpired = Code(rawValue: "session_expired")
        public static let invalidAPIKey = Code(rawValue: "invalid_api_key")
        public static let missingModel = Code(rawValue: "missing_model")
        public static let invalidModel = Code(rawValue: "invalid_model")
        public static let notImplemented = Code(rawValue: "not_implemented")
        public static let bufferFull = Code(rawValue: "buffer_size_exceeded")
        public static let rateLimitExceeded = Code(rawValue: "rate_limit_exceeded")
        public static let modelLoad = Code(rawValue: "model_load_error")
        public static let server = Code(rawValue: "server_error")
    }

    public var kind: Kind
    /// Nil where the reference has none, as for a missing key.
    public var code: Code?
    /// What was found and what was expected; shown to the client.
    public var message: String
    /// Dotted path of the member at fault, such as `session.audio.input.format.rate`.
    public var param: String?

    /// Makes an error.
    public init(
        _ code: Code?,
        _ message: String,
        param: String? = nil,
        kind: Kind = .invalidRequest
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.param = param
    }
}
