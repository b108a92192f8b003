/// The first line of a request; with the headers it becomes a head.
struct HTTPRequestLine: Sendable {
    private let method: HTTPMethod
    private let target: HTTPTarget
    private let version: HTTPVersion

    /// Reads a request line.
    ///
    /// - Source: RFC 9112, section 3. Single spaces only: lenient splitting is a way to smuggle.
    init(_ line: [UInt8]) throws(HTTPFailure) {
        let parts = line.split(separator: .space, omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw .bad("The request line has \(parts.count) parts, expected: method target version")
        }
        guard let method = HTTPMethod(String(decoding: parts[0], as: UTF8.self)) else {
            throw .bad("The method is no token")
        }
        self.method = method
        version = try Self.version(parts[2])
        guard let target = String(validating: parts[1], as: UTF8.self), !target.isEmpty else {
            throw .bad("The request target is no ASCII text")
        }
        self.target = try HTTPTarget.parse(target, for: method)
    }

    /// Ends the head.
    ///
    /// - Throws: ``HTTPFailure`` when host or framing are missing, doubled or contradictory.
    func head(_ headers: HTTPHeaders, limits: HTTPLimits) throws(HTTPFailure) -> HTTPRequest {
        try checkHost(headers)
        try checkExpectation(headers)
        let length = try headers.announcedBody(limit: limits.body) ?? HTTPBodyLength.none
        guard version == .http11 || length != .chunked else {
            throw .bad("Transfer-Encoding is not for HTTP/1.0")
        }
        return HTTPRequest(method, target, headers: headers, version: version, bodyLength: length)
    }

    private static func version(_ bytes: ArraySlice<UInt8>) throws(HTTPFailure) -> HTTPVersion {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("HTTP/"), bytes.count == 8, let major = text.utf8.dropFirst(5).first,
            let minor = text.utf8.last, text.utf8.dropFirst(6).first == UInt8(ascii: "."),
            major.isDigit, minor.isDigit
        else { throw .bad("The request line does not end in an HTTP version") }
        guard major == UInt8(ascii: "1") else {
            throw HTTPFailure(.versionNotSupported, "Found \(text), expected HTTP/1.1")
        }
        return minor == UInt8(ascii: "0") ? .http10 : .http11
    }

    /// - Source: RFC 9112, section 3.2.
    private func checkHost(_ headers: HTTPHeaders) throws(HTTPFailure) {
        let hosts = headers.values(.host)
        guard hosts.count <= 1 else {
            throw .bad("Found \(hosts.count) Host headers, expected one")
        }
        guard let host = hosts.first else {
            if version == .http10 { return }
            throw .bad("The Host header is missing")
        }
        guard host.isEmpty || Authority(host) != nil else {
            throw .bad("The Host header is no host with an optional port")
        }
    }

    private func checkExpectation(_ headers: HTTPHeaders) throws(HTTPFailure) {
        guard version == .http11 else { return }
        for expectation in headers.list(.expect)
        where !expectation.equalsIgnoringCase("100-continue") {
            throw HTTPFailure(.expectationFailed, "The only expectation known is 100-continue")
        }
    }
}
