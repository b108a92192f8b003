import ParleyClient
import ParleyHTTP
import Testing

@Suite("Addresses")
struct RealtimeURLTests {
    @Test(
        "Every way to write an address leads to the socket",
        arguments: [
            ("localhost", "ws://localhost/v1/realtime"),
            ("localhost:8080", "ws://localhost:8080/v1/realtime"),
            ("localhost:8080/", "ws://localhost:8080/v1/realtime"),
            ("http://localhost:8080", "ws://localhost:8080/v1/realtime"),
            ("http://localhost:8080/v1", "ws://localhost:8080/v1/realtime"),
            ("http://localhost:8080/v1/", "ws://localhost:8080/v1/realtime"),
            ("https://Example.org/v1//", "wss://example.org/v1/realtime"),
            ("ws://127.0.0.1:9/v1/realtime", "ws://127.0.0.1:9/v1/realtime"),
            ("ws://127.0.0.1:9/v1/realtime/", "ws://127.0.0.1:9/v1/realtime"),
            ("WSS://h/realtime", "wss://h/realtime"),
            ("wss://h/openai/v1", "wss://h/openai/v1/realtime"),
            ("ws://[::1]:8080", "ws://[::1]:8080/v1/realtime"),
            ("ws://h?model=a", "ws://h/v1/realtime?model=a"),
            ("ws://h/v1?intent=transcription&x=1", "ws://h/v1/realtime?intent=transcription&x=1"),
        ] as [(String, String)]
    )
    func normalisation(_ row: (String, String)) throws {
        #expect(try RealtimeURL(row.0).description == row.1)
    }

    @Test("A model that is asked for replaces the address's own")
    func model() throws {
        let url = try RealtimeURL("ws://h?x=1&model=old", model: "a model/é")
        #expect(url.socket.requestTarget == "/v1/realtime?model=a%20model%2F%C3%A9&x=1")
        #expect(url.model == "a model/é")
        #expect(try RealtimeURL("ws://h?model=old").model == "old")
    }

    @Test(
        "What is no address is refused with its reason",
        arguments: [
            ("", "The URL has no valid host and port"),
            ("ftp://h", "The URL's scheme must be http, https, ws or wss"),
            ("http://", "The URL has no valid host and port"),
            ("ws://h:99999", "The URL has no valid host and port"),
            ("ws://user:secret@h", "The URL holds user information; give keys in a header"),
            ("ws://h/a b", "The URL has a character that must be percent-encoded"),
            ("ws://h/\r\nX: y", "The URL has a character that must be percent-encoded"),
        ] as [(String, String)]
    )
    func refusals(_ row: (String, String)) {
        let expected = ConnectionError(.badURL, "\"\(row.0)\" is no address: \(row.1)")
        #expect(throws: expected) { try RealtimeURL(row.0) }
    }

    @Test(
        "Only this machine's own addresses are loopback",
        arguments: [
            ("localhost", true), ("127.0.0.1:80", true), ("127.9.8.7", true), ("[::1]", true),
            ("a.localhost", true), ("128.0.0.1", false), ("127.0.0.1.example.org", false),
            ("127.example.org", false), ("10.0.0.1", false), ("[::2]", false),
            ("localhost.org", false),
        ] as [(String, Bool)]
    )
    func loopback(_ row: (String, Bool)) throws {
        #expect(try RealtimeURL(row.0).isLoopback == row.1)
    }

    @Test("The place for people has no query, where a key may be")
    func place() throws {
        #expect(try RealtimeURL("ws://h?api_key=secret").place == "ws://h/v1/realtime")
    }
}
