internal import ParleyEngine
internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleyRuntime

/// Why a connection gets no session: the error event and the close code that follows it.
struct SessionRefusal: Error, Equatable {
    var error: ProtocolError
    var closeCode: UInt16

    /// - Source: Realtime protocol, "Close codes".
    private enum CloseCode {
        static let authentication: UInt16 = 3000
        static let badRequest: UInt16 = 4000
        static let internalError: UInt16 = 1011
        static let restart: UInt16 = 1012
        static let tryAgainLater: UInt16 = 1013
    }

    static let missingKey = SessionRefusal(
        error: ProtocolError(
            nil,
            "No API key was found. Send one as Authorization: Bearer, X-API-Key, ?api_key= or the "
                + "subprotocol openai-insecure-api-key.<key>."
        ),
        closeCode: CloseCode.authentication
    )

    static let wrongKey = SessionRefusal(
        error: ProtocolError(.invalidAPIKey, "The API key or client secret is unknown or expired."),
        closeCode: CloseCode.authentication
    )

    static func badRequest(_ error: ProtocolError) -> Self {
        SessionRefusal(error: error, closeCode: CloseCode.badRequest)
    }

    /// The store of client secrets can't be asked.
    static let unavailable = SessionRefusal(
        error: ProtocolError(
            .server,
            "Client secrets can't be checked at the moment; try again soon.",
            kind: .server
        ),
        closeCode: CloseCode.tryAgainLater
    )

    static func overLimit(_ refusal: QuotaRefusal) -> Self {
        SessionRefusal(error: .overLimit(refusal), closeCode: CloseCode.tryAgainLater)
    }

    static func engineFailed(_ failure: PipelineError) -> Self {
        SessionRefusal(
            error: ProtocolError(
                .modelLoad,
                "Pipeline \"\(failure.pipeline)\" is not ready: its \(failure.role.rawValue) "
                    + "engine \"\(failure.engine)\" could not be prepared "
                    + "(\(failure.cause.fault.rawValue)).",
                kind: .server
            ),
            closeCode: CloseCode.internalError
        )
    }

    static func noPlace(_ refusal: SessionRegistry.Refusal) -> Self {
        switch refusal {
        case .full(let capacity):
            SessionRefusal(
                error: ProtocolError(
                    .rateLimitExceeded,
                    "All \(capacity) sessions of this server are taken; try again soon.",
                    kind: .rateLimit
                ),
                closeCode: CloseCode.tryAgainLater
            )
        case .draining:
            SessionRefusal(
                error: ProtocolError(
                    .server,
                    "This server is about to stop; please reconnect.",
                    kind: .server
                ),
                closeCode: CloseCode.restart
            )
        }
    }
}

extension ProtocolError {
    /// A key's limit is reached.
    static func overLimit(_ refusal: QuotaRefusal) -> Self {
        ProtocolError(.rateLimitExceeded, refusal.message, kind: .rateLimit)
    }
}
