import ParleyHTTP
import Testing

@Suite struct WebURLTests {
    private func message(_ text: String) -> String? {
        do throws(WebURL.ParseFailure) {
            _ = try WebURL(text)
            return nil
        } catch {
            return error.message
        }
    }

    @Test("A URL is split into what a connection and a request need")
    func parts() throws {
        let url = try WebURL("WSS://API.Example.org:8443/v1/realtime?model=a%20b#frag?x")
        #expect(url.scheme == .wss)
        #expect(url.host == "api.example.org")
        #expect(url.port == 8443)
        #expect(url.hostHeader == "api.example.org:8443")
        #expect(url.requestTarget == "/v1/realtime?model=a%20b")
        #expect(url.query["model"] == "a b")
        #expect(url.description == "wss://api.example.org:8443/v1/realtime?model=a%20b")
    }

    @Test(
        "The scheme gives the port, and its own port is not named",
        arguments: [("http", 80), ("ws", 80), ("https", 443), ("wss", 443)]
    )
    func ports(scheme: String, port: Int) throws {
        let url = try WebURL("\(scheme)://h")
        #expect(url.port == UInt16(port))
        #expect(url.requestTarget == "/")
        #expect(try WebURL("\(scheme)://h:\(port)/x").description == "\(scheme)://h/x")
    }

    @Test("An IPv6 address stands in brackets")
    func ipv6() throws {
        let url = try WebURL("http://[2001:DB8::1]:8080?a")
        #expect(url.host == "2001:db8::1")
        #expect(url.hostHeader == "[2001:db8::1]:8080")
        #expect(url.requestTarget == "/?a")
    }

    @Test(
        "What is no URL is refused with words",
        arguments: [
            "", "host/path", "/path", "http:/h", "mailto:a@b", "ftp://h/", "http://", "http:///x",
            "http://h:0/", "http://h:65536/", "http://h:8a/", "http://user@h/", "http://u:p@h/",
            "http://[::1/", "http://[::g]/", "http://h h/", "http://h/a b", "http://h/é",
            "http://h/\r\nX: y", "http://hé/", "http://h%41/", "http://h\\x/", "://h",
        ]
    )
    func refused(text: String) {
        #expect(message(text)?.isEmpty == false)
    }

    @Test("Refusals do not repeat a secret")
    func secrets() {
        #expect(message("https://user:geheim@h/")?.contains("geheim") == false)
    }

    @Test("A path is appended with one slash, whatever both bring")
    func appendingPath() throws {
        for base in ["http://h/v1", "http://h/v1/", "http://h/v1//"] {
            for path in ["chat/completions", "/chat/completions"] {
                #expect(try WebURL(base).appending(path: path).rawPath == "/v1/chat/completions")
            }
        }
        let url = try WebURL("http://h?key=1").appending(path: "x")
        #expect(url.description == "http://h/x?key=1")
    }

    @Test("Query items are appended encoded")
    func appendingQuery() throws {
        let url = try WebURL("http://h/x?a=1").appending(["b c": "d&é=+", "e": ""])
        #expect(url.rawQuery == "a=1&b%20c=d%26%C3%A9%3D%2B&e=")
        #expect(url.query.items.map(\.value) == ["1", "d&é=+", ""])
    }

    @Test("The scheme can change between HTTP and WebSocket, and keeps its security")
    func schemes() throws {
        #expect(try WebURL("https://h/x").forWebSocket.description == "wss://h/x")
        #expect(try WebURL("ws://h:81/x").forHTTP.description == "http://h:81/x")
    }
}

@Suite struct AuthorityTests {
    @Test(
        "IPv6 addresses are told from what is none",
        arguments: [
            ("::", true), ("::1", true), ("1::", true), ("1:2:3:4:5:6:7:8", true),
            ("1:2:3:4:5:6:7::", true), ("::2:3:4:5:6:7:8", true), ("fe80::1:2", true),
            ("::ffff:192.0.2.1", true), ("1:2:3:4:5:6:192.0.2.1", true),
            ("", false), (":", false), (":::", false), ("1::2::3", false), ("1:2:3", false),
            ("1:2:3:4:5:6:7:8:9", false), ("1:2:3:4:5:6:7:8::", false), ("12345::", false),
            ("::g", false), ("1:", false), (":1", false), ("::1.2.3", false),
            ("::256.1.1.1", false),
            ("1.2.3.4::", false), ("fe80::1%eth0", false), ("::1.2.3.4.5", false),
        ]
    )
    func ipv6(text: String, isAddress: Bool) {
        #expect((Authority("[\(text)]") != nil) == isAddress)
    }

    @Test("A host may be as long as a DNS name and no longer")
    func length() {
        let name = String(repeating: "a", count: 253)
        #expect(Authority(name + ":12345") != nil)
        #expect(Authority(name + "a:12345") == nil)
    }

    @Test("A host may have a port")
    func port() {
        #expect(Authority("h:80")?.port == 80)
        #expect(Authority("h")?.port == nil)
        #expect(Authority("h:")?.port == nil)
        #expect(Authority("[::1]:443")?.description == "[::1]:443")
        for text in [":80", "h:+1", "h:1:2", "[::1]80", "[::1", "::1", "h:-1"] {
            #expect(Authority(text) == nil, "\(text)")
        }
    }
}
