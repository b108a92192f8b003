/// The version a message was sent in; higher minor versions of 1 count as 1.1.
package enum HTTPVersion: Sendable, Hashable {
    case http10
    case http11
}

/// How long a body is, as the header tells.
package enum HTTPBodyLength: Sendable, Hashable {
    case none
    case fixed(Int)
    /// The sender does not know yet.
    case chunked
}

/// The head of a request: everything before the body.
package struct HTTPRequest: Sendable, Hashable {
    package var method: HTTPMethod
    package var target: HTTPTarget
    package var version: HTTPVersion
    package var headers: HTTPHeaders
    /// How much body follows; decided by the parser, no matter what headers say elsewhere.
    package var bodyLength: HTTPBodyLength

    package init(
        _ method: HTTPMethod,
        _ target: HTTPTarget,
        headers: HTTPHeaders = HTTPHeaders(),
        version: HTTPVersion = .http11,
        bodyLength: HTTPBodyLength = .none
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        self.bodyLength = bodyLength
    }

    /// Whether the client wants to use the connection again.
    ///
    /// - Source: RFC 9112, section 9.3.
    package var keepsAlive: Bool {
        if headers.contains(.connection, token: "close") { return false }
        return version == .http11 || headers.contains(.connection, token: "keep-alive")
    }

    /// Whether the client holds its body back until it hears "100 Continue".
    ///
    /// - Source: RFC 9110, section 10.1.1.
    package var expectsContinue: Bool {
        version == .http11 && bodyLength != .none
            && headers.contains(.expect, token: "100-continue")
    }

    /// Whom the client believes to speak to: `host` or `host:port`.
    ///
    /// - Source: RFC 9112, section 3.2.2: an absolute target outranks `Host`.
    package var authority: String? { target.authority ?? headers[.host] }

    /// The media type of the body, in lower case and without parameters.
    package var mediaType: String? {
        headers[.contentType].map { value in
            value.prefix { $0 != ";" }.trimmingBlanks.lowercased()
        }
    }
}
