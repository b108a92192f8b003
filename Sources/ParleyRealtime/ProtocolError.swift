/// What is wrong with something a client sent, or the reason a connection ends.
public struct ProtocolError: Error, Sendable, Hashable {
    /// `error.type`; an open set.
    public struct Kind: RawRepresentable, Sendable, Hashable {
        /// The text on the wire.
        public let rawValue: String

        /// Takes any text.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The client asked for something wrong.
        public static let invalidRequest = Kind(rawValue: "invalid_request_error")
        /// The server failed.
        public static let server = Kind(rawValue: "server_error")
        /// The client asked for too much.
        public static let rateLimit = Kind(rawValue: "rate_limit_error")
    }

    /// Whose fault it is, where ``Kind`` doesn't tell: for counts, clients never see it.
    public enum Origin: String, Sendable, CaseIterable {
        /// The client asked for something wrong, or for too much.
        case client
        /// We failed, or have more to do than we can.
        case server
        /// An engine failed, or the service behind it.
        case engine
    }

    /// `error.code`; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The text on the wire.
        public let rawValue: String

        /// Takes any text.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// A message is not one JSON object.
        public static let invalidJSON = Code(rawValue: "invalid_json")
        /// A message is binary.
        public static let invalidEvent = Code(rawValue: "invalid_event")
        /// A value is none of those allowed, or its type is none the session knows.
        public static let invalidValue = Code(rawValue: "invalid_value")
        /// A member is of the wrong JSON type.
        public static let invalidType = Code(rawValue: "invalid_type")
        /// A member is missing.
        public static let missingRequiredParameter = Code(rawValue: "missing_required_parameter")
        /// A member is not known, where the setting is strict.
        public static let unknownParameter = Code(rawValue: "unknown_parameter")
        /// A whole number is too small.
        public static let integerBelowMinimum = Code(rawValue: "integer_below_min_value")
        /// A whole number is too large.
        public static let integerAboveMaximum = Code(rawValue: "integer_above_max_value")
        /// A text is too long.
        public static let stringAboveMaximumLength = Code(rawValue: "string_above_max_length")
        /// A second response in the conversation was asked for.
        public static let responseInProgress = Code(
            rawValue: "conversation_already_has_active_response"
        )
        /// Nothing is there to cancel.
        public static let noResponseToCancel = Code(rawValue: "response_cancel_not_active")
        /// Less than 100 ms of audio was committed.
        public static let commitOfEmptyBuffer = Code(rawValue: "input_audio_buffer_commit_empty")
        /// The item to truncate is not there.
        public static let truncateOfUnknownItem = Code(rawValue: "item_truncate_invalid_item_id")
        /// The item to delete is not there.
        public static let deleteOfUnknownItem = Code(rawValue: "item_delete_invalid_item_id")
        /// The item to retrieve is not there.
        public static let retrieveOfUnknownItem = Code(rawValue: "item_retrieve_invalid_item_id")
        /// Something other than the model's audio was to be truncated.
        public static let unsupportedContentType = Code(rawValue: "unsupported_content_type")
        /// An output belongs to no function call.
        public static let invalidToolCallID = Code(rawValue: "invalid_tool_call_id")
        /// The voice was changed after it had been heard.
        public static let voiceLocked = Code(rawValue: "cannot_update_voice")
        /// The session is as old as it may get.
        public static let sessionExpired = Code(rawValue: "session_expired")
        /// The key is not known.
        public static let invalidAPIKey = Code(rawValue: "invalid_api_key")
        /// No model was named.
        public static let missingModel = Code(rawValue: "missing_model")
        /// The model is not known.
        public static let invalidModel = Code(rawValue: "invalid_model")
        /// The call to join is not there.
        public static let invalidCallID = Code(rawValue: "invalid_call_id")
        /// The server can't do this.
        public static let notImplemented = Code(rawValue: "not_implemented")
        /// The buffer holds as much as it may.
        public static let bufferFull = Code(rawValue: "buffer_size_exceeded")
        /// The server is at its limit.
        public static let rateLimitExceeded = Code(rawValue: "rate_limit_exceeded")
        /// An engine didn't load.
        public static let modelLoad = Code(rawValue: "model_load_error")
        /// The server failed.
        public static let server = Code(rawValue: "server_error")
    }

    /// What sort of error the client is told of.
    public var kind: Kind
    /// Nil where the reference has none, as for a missing key.
    public var code: Code?
    /// What was found and what was expected; shown to the client.
    public var message: String
    /// Dotted path of the member at fault, such as `session.audio.input.format.rate`.
    public var param: String?
    /// Whose fault it is.
    public var origin: Origin

    /// Makes an error; by default, what is not the server's fault is the client's.
    public init(
        _ code: Code?,
        _ message: String,
        param: String? = nil,
        kind: Kind = .invalidRequest,
        origin: Origin? = nil
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.param = param
        self.origin = origin ?? (kind == .server ? .server : .client)
    }
}

extension ProtocolError {
    /// A close frame's reason: `<type>.<code>`, or the type where there is no code.
    ///
    /// - Source: Realtime protocol, "Close codes".
    public var closeText: String {
        [kind.rawValue, code?.rawValue].compactMap(\.self).joined(separator: ".")
    }
}
