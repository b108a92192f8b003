import ParleyHTTP
import Testing

@testable import ParleyServer

@Suite("Keys that requests show")
struct CredentialsTests {
    private func key(
        _ fields: [(HTTPFieldName, String)],
        target: String = "/v1/realtime"
    ) -> String? {
        var request = HTTPRequest(.get, HTTPTarget(target))
        for (name, value) in fields { request.headers.add(name, value) }
        return Credentials(request).key
    }

    private static let places: [(HTTPFieldName, prefix: String)] = [
        (.authorization, "Bearer "), (.webSocketProtocol, "openai-insecure-api-key."),
        ("api-key", ""), ("X-API-Key", ""), ("xi-api-key", ""),
    ]

    @Test("Of several places the first counts")
    func order() {
        var fields = Self.places.enumerated().map { ($1.0, $1.prefix + "key-\($0)") }
        while let first = fields.first {
            let number = Self.places.count - fields.count
            #expect(key(fields, target: "/?api_key=url") == "key-\(number)", "\(first.0)")
            fields.removeFirst()
        }
        #expect(key([], target: "/?api_key=url") == "url")
    }

    @Test("A place that is empty hides no other", arguments: places.indices)
    func empty(index: Int) {
        let (name, prefix) = Self.places[index]
        #expect(key([(name, prefix)]) == nil)
        #expect(key([(name, prefix)], target: "/?api_key=url") == "url")
    }
}
