internal import ParleyEngine
internal import ParleyHTTP
internal import ParleyNetwork

/// Why one try failed, and whether another one has a chance.
struct RemoteFailure: Error, Sendable, Equatable {
    var error: EngineError
    /// The same request may succeed later, as far as the service is concerned.
    var isPassing = false
    /// How long the service asks us to wait.
    var retryAfter: Duration?
    /// A parameter that the service says it doesn't know.
    var unsupportedParameter: String?

    init(_ fault: EngineError.Fault, _ detail: String, isPassing: Bool = false) {
        error = EngineError(fault, detail)
        self.isPassing = isPassing
    }
}

extension RemoteFailure {
    /// What the network says, which names the host and no more.
    init(_ error: NetworkError) {
        switch error.kind {
        case .timeout: self.init(.timeout, error.message)
        case .cancelled: self.init(.cancelled, error.message)
        case .tooLarge, .protocolViolation: self.init(.malformedAnswer, error.message)
        case .tls, .refused, .forbidden: self.init(.unavailable, error.message)
        case .resolve, .connect, .reset: self.init(.unavailable, error.message, isPassing: true)
        }
    }

    /// What a status says that is no success.
    ///
    /// Of the body only names and codes are kept: its message may repeat keys and prompts.
    init(status: HTTPStatus, headers: HTTPHeaders, body: ErrorBody?, host: String) {
        let reason = body?.summary.map { " (\($0))" } ?? ""
        let fault = body?.fault ?? Self.fault(of: status)
        let passes =
            switch status.code {
            case 408, 429, 500, 502, 503, 504: fault != .quotaExceeded && fault != .contextLength
            default: false
            }
        self.init(
            fault,
            "\(host) answered with status \(status.code)\(reason)",
            isPassing: passes
        )
        retryAfter = Self.retryAfter(headers)
        if status.code == 400 { unsupportedParameter = body?.unsupportedParameter }
    }

    /// What a status says by itself.
    private static func fault(of status: HTTPStatus) -> EngineError.Fault {
        switch status.code {
        case 401, 403: .refused
        case 402: .quotaExceeded
        case 404, 405, 501: .request
        case 408: .unavailable
        case 429: .rateLimited
        case 400...499: .rejected
        case 500: .inference
        case 500...599: .unavailable
        default: .malformedAnswer
        }
    }

    /// Seconds; a date is not understood, and so not waited for longer than the backoff.
    ///
    /// - Source: RFC 9110, section 10.2.3; `retry-after-ms` is an extension of OpenAI's.
    private static func retryAfter(_ headers: HTTPHeaders) -> Duration? {
        if let milliseconds = headers["Retry-After-Ms"].flatMap(Int32.init), milliseconds >= 0 {
            return .milliseconds(milliseconds)
        }
        guard let seconds = headers[.retryAfter].flatMap(Int32.init), seconds >= 0 else {
            return nil
        }
        return .seconds(seconds)
    }

    /// An answer that is none.
    static func malformed(_ host: String, _ what: String) -> RemoteFailure {
        RemoteFailure(.malformedAnswer, "\(host) sent \(what)")
    }
}
