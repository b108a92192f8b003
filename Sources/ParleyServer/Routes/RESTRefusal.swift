internal import ParleyHTTP
internal import ParleyNetwork
internal import ParleyRealtime

/// Why a REST request is not carried out.
struct RESTRefusal: Error, Equatable {
    var status: HTTPStatus
    var error: ProtocolError
    /// Seconds, where coming again helps.
    var retryAfter: Int?

    /// Makes a refusal.
    init(_ status: HTTPStatus, _ error: ProtocolError, retryAfter: Int? = nil) {
        self.status = status
        self.error = error
        self.retryAfter = retryAfter
    }

    /// The client has written something wrong.
    static func badRequest(_ error: ProtocolError) -> Self { Self(.badRequest, error) }

    /// What credentials lack that don't open what only keys do.
    init(_ verdict: AccessControl.Verdict) {
        switch verdict {
        case .admitted: self = .needsKey
        case .missingKey: self.init(.unauthorized, SessionRefusal.missingKey.error)
        case .wrongKey: self.init(.unauthorized, SessionRefusal.wrongKey.error)
        case .unavailable: self = .unavailable
        }
    }

    /// A client secret where only keys open.
    private static let needsKey = Self(
        .forbidden,
        ProtocolError(
            .insufficientPermissions,
            "A client secret opens sessions only: this needs an API key."
        )
    )

    /// A page of an origin that the operator doesn't allow.
    static let foreignOrigin = Self(
        .forbidden,
        ProtocolError(.insufficientPermissions, "Pages of this origin may not connect.")
    )

    /// The store of client secrets can't be asked.
    static let unavailable = Self(
        .serviceUnavailable,
        SessionRefusal.unavailable.error,
        retryAfter: 1
    )

    /// A limit is reached.
    static func tooMany(_ message: String, retryAfter: Int) -> Self {
        let error = ProtocolError(.rateLimitExceeded, message, kind: .rateLimit)
        return Self(.tooManyRequests, error, retryAfter: retryAfter)
    }

    /// The answer.
    ///
    /// - Source: Realtime protocol, "Error body and status codes".
    var reply: HTTPReply {
        var reply = HTTPReply.error(
            status,
            error.message,
            code: error.code?.rawValue,
            param: error.param
        )
        if let retryAfter { reply.response.headers[.retryAfter] = String(retryAfter) }
        if status == .unauthorized { reply.response.headers[.wwwAuthenticate] = "Bearer" }
        return reply
    }
}

extension ProtocolError.Code {
    /// The credentials don't reach this far.
    static let insufficientPermissions = Self(rawValue: "insufficient_permissions")
}
