package import ParleyHTTP

/// A request of ours to some server.
package struct HTTPClientRequest: Sendable {
    /// What to do.
    package var method: HTTPMethod
    /// Where; `http` or `https`.
    package var url: WebURL
    /// More headers; `Host` and framing are written without being asked for.
    package var headers: HTTPHeaders
    /// What to send along; nil sends no body.
    package var body: [UInt8]?
    /// How long to wait for what.
    package var timeouts = HTTPClientTimeouts()
    /// Bytes of response body that are taken at most.
    package var responseLimit = 256 << 20

    package init(
        _ method: HTTPMethod,
        _ url: WebURL,
        headers: HTTPHeaders = HTTPHeaders(),
        body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// A form with files, to be posted.
    package init(posting form: consuming MultipartBuilder, to url: WebURL) {
        let contentType = form.contentType
        self.init(.post, url, headers: [.contentType: contentType], body: form.finish())
    }
}

/// How long a client waits; nil waits for ever.
package struct HTTPClientTimeouts: Sendable, Hashable {
    /// For name, connection and TLS.
    package var connect: Duration = .seconds(10)
    /// From the request's start to the response's head.
    package var firstByte: Duration? = .seconds(60)
    /// Between two pieces of the response, while somebody is waiting for them.
    package var idle: Duration? = .seconds(60)
    /// For everything, up to the response's last byte.
    package var total: Duration?

    package init() {}
}

/// What all requests of a client have in common.
package struct HTTPClientConfiguration: Sendable {
    /// A PEM file with the roots to trust; nil trusts the system's.
    package var trustedFile: String?
    /// Whether the proxy that the environment names is used (`https_proxy`, `no_proxy`, …).
    package var usesEnvironmentProxy = true
    /// Whether only addresses of the internet may be connected to, whatever a name resolves to.
    ///
    /// For URLs that strangers give. A proxy is not used then: where it leads to can't be seen.
    package var demandsPublicAddresses = false
    /// Connections kept for further requests.
    package var keptConnections = 32
    /// Response bytes that wait for a slow reader before the server does.
    package var highWater = 256 << 10

    package init() {}
}
