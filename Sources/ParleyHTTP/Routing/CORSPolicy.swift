/// Which pages of other origins may call this server from a browser.
///
/// Pure decisions: headers in, headers out.
///
/// - Source: WHATWG Fetch, section 3.3 (CORS protocol). Credentials (cookies) are never allowed:
///   keys travel in headers.
package struct CORSPolicy: Sendable, Hashable {
    /// Whose pages may call.
    package enum Origins: Sendable, Hashable {
        case any
        /// Serialised origins, such as `https://app.example.org`, compared without case.
        case only([String])
    }

    package var origins: Origins
    package var methods: [HTTPMethod]
    /// Names of request headers, compared without case; a trailing `*` stands for any rest.
    package var headers: [String]
    /// Response headers that pages may read.
    package var exposed: [HTTPFieldName]
    /// How long a browser may remember a preflight.
    ///
    /// Chosen: ten minutes; Chromium caps at two hours.
    package var maximumAge: Duration

    package init(
        origins: Origins = .any,
        methods: [HTTPMethod] = [.get, .post, .options],
        headers: [String] = ["Authorization", "Content-Type", "OpenAI-*", "X-*"],
        exposed: [HTTPFieldName] = [.location],
        maximumAge: Duration = .seconds(600)
    ) {
        self.origins = origins
        self.methods = methods
        self.headers = headers
        self.exposed = exposed
        self.maximumAge = maximumAge
    }

    /// Whether a page of this origin may call; without `Origin` there is no page.
    package func allows(origin: String) -> Bool {
        switch origins {
        case .any: true
        case .only(let list): list.contains { $0.equalsIgnoringCase(origin) }
        }
    }

    /// What to add to the response of an actual request.
    ///
    /// For an origin that is not allowed that is only `Vary`: the browser then keeps the response
    /// from the page.
    package func responseHeaders(for request: HTTPRequest) -> HTTPHeaders {
        var headers = originHeaders(request)
        guard headers[Self.allowOrigin] != nil, !exposed.isEmpty else { return headers }
        headers.add(
            "Access-Control-Expose-Headers",
            exposed.map(\.spelling).joined(separator: ", ")
        )
        return headers
    }

    /// The answer to a preflight; nil if the request is none.
    ///
    /// A preflight is an OPTIONS with `Origin` and `Access-Control-Request-Method`. It has no key,
    /// so it must be answered before authentication.
    package func preflight(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.method == .options, request.headers[.origin] != nil,
            let method = request.headers["Access-Control-Request-Method"]
        else { return nil }
        var headers = originHeaders(request)
        headers.add(.vary, "Access-Control-Request-Method, Access-Control-Request-Headers")
        let asked = request.headers.list("Access-Control-Request-Headers")
        guard headers[Self.allowOrigin] != nil, methods.contains(where: { $0.name == method }),
            asked.allSatisfy(allows(header:))
        else { return HTTPResponse(.forbidden, headers: headers) }
        headers.add(
            "Access-Control-Allow-Methods",
            methods.map(\.name).joined(separator: ", ")
        )
        if !asked.isEmpty {
            headers.add("Access-Control-Allow-Headers", asked.joined(separator: ", "))
        }
        headers.add("Access-Control-Max-Age", String(maximumAge.components.seconds))
        return HTTPResponse(.noContent, headers: headers)
    }

    private static let allowOrigin: HTTPFieldName = "Access-Control-Allow-Origin"

    private func originHeaders(_ request: HTTPRequest) -> HTTPHeaders {
        var headers = HTTPHeaders()
        if origins != .any { headers.add(.vary, "Origin") }
        guard let origin = request.headers[.origin], allows(origin: origin) else { return headers }
        headers.add(Self.allowOrigin, origins == .any ? "*" : origin)
        return headers
    }

    private func allows(header: String) -> Bool {
        header.isToken
            && headers.contains { pattern in
                guard pattern.hasSuffix("*") else { return pattern.equalsIgnoringCase(header) }
                return header.lowercased().hasPrefix(pattern.dropLast().lowercased())
            }
    }
}
