internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyNetwork

extension HTTPReply {
    /// A JSON body.
    static func json(_ status: HTTPStatus, _ body: JSON) -> HTTPReply {
        HTTPReply(
            HTTPResponse(status, headers: [.contentType: "application/json"]),
            body: body.serialized()
        )
    }

    /// The error body that every REST client of the protocol reads.
    ///
    /// - Source: Realtime protocol, "Error body and status codes".
    static func error(
        _ status: HTTPStatus,
        _ message: String,
        code: String? = nil,
        param: String? = nil
    ) -> HTTPReply {
        let kind =
            switch status.code {
            case 429: "rate_limit_exceeded"
            case 500...: "server_error"
            default: "invalid_request_error"
            }
        let error: JSONObject = [
            "message": .string(message), "type": .string(kind),
            "param": param.map(JSON.string) ?? .null, "code": code.map(JSON.string) ?? .null,
        ]
        return .json(status, ["error": .object(error)])
    }
}
