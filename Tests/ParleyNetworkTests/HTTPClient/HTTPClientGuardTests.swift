import ParleyHTTP
import Testing

@testable import ParleyNetwork

@Suite("Connections to the internet only", .timeLimit(.minutes(1)))
struct HTTPClientGuardTests {
    @Test(
        "A host that leads to this machine is refused once it is resolved",
        arguments: ["localhost", "127.1", "0x7f000001", "[::ffff:127.0.0.1]"]
    )
    func resolved(host: String) async throws {
        try await withServer(handler: { _, _, response in
            try await response.respond(HTTPResponse(.ok))
        }) { test in
            var configuration = HTTPClientConfiguration()
            configuration.demandsPublicAddresses = true
            let client = try HTTPClient(on: test.clientLoop, configuration: configuration)
            let url = try WebURL("http://\(host):\(test.server.address.port)/")
            let error = await #expect(throws: NetworkError.self) {
                _ = try await client.execute(HTTPClientRequest(.get, url))
            }
            #expect(error?.kind == .forbidden)
            await client.close()
        }
    }
}
