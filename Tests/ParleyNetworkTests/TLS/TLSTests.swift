import Foundation
import ParleyHTTP
import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    private func connect(
        _ test: TestServer,
        host: String = "127.0.0.1",
        trusting file: String?
    ) async throws -> WebSocketConnection {
        var options = WebSocketClient.Options()
        options.tls = try TLSClientConfiguration(trustedFile: file)
        let url = try WebURL("wss://\(host):\(test.address.port)/ws")
        return try await WebSocketClient.connect(url, options, on: test.clientLoop)
    }

    @Test("A secured WebSocket carries messages of any size", arguments: [1, 20_000, 3_000_000])
    func echoes(size: Int) async throws {
        let certificate = try TestCertificate()
        let tls = try certificate.configuration()
        try await withServer(tls: tls, handler: webSocketHandler(echoMessages)) { test in
            let webSocket = try await connect(test, trusting: certificate.certificateFile)
            let bytes = [UInt8](repeating: 7, count: size)
            for _ in 0..<3 { try await webSocket.send(binary: bytes) }
            for _ in 0..<3 { #expect(try await webSocket.nextMessage() == .binary(bytes)) }
            await webSocket.close()
        }
    }

    @Test(
        "A certificate from nobody we know is refused, and so is one for another name",
        arguments: [false, true]
    )
    func untrusted(isKnown: Bool) async throws {
        let certificate = try TestCertificate(
            names: isKnown ? "DNS:elsewhere.example" : "IP:127.0.0.1"
        )
        let tls = try certificate.configuration()
        try await withServer(tls: tls, handler: webSocketHandler(echoMessages)) { test in
            let error = await #expect(throws: NetworkError.self) {
                try await connect(
                    test,
                    trusting: isKnown ? certificate.certificateFile : nil
                )
            }
            #expect(error?.kind == .tls)
            let reason = isKnown ? "mismatch" : "self-signed"
            #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
        }
    }

    @Test("The HTTP client speaks TLS and checks whom it speaks to")
    func httpClient() async throws {
        let certificate = try TestCertificate()
        let tls = try certificate.configuration()
        try await withServer(tls: tls, handler: echo) { test in
            let request = HTTPClientRequest(.get, try test.url("/s", "https"))
            for (file, kind) in [(certificate.certificateFile, nil), (nil, .tls)]
                as [(String?, NetworkError.Kind?)]
            {
                var configuration = HTTPClientConfiguration()
                configuration.usesEnvironmentProxy = false
                configuration.trustedFile = file
                let client = try HTTPClient(on: test.clientLoop, configuration: configuration)
                do throws(NetworkError) {
                    let body = try await client.execute(request).collect(limit: 100)
                    #expect(kind == nil && body == Array("GET /s ".utf8))
                } catch {
                    #expect(error.kind == kind)
                }
                await client.close()
            }
        }
    }

    @Test("A new certificate is used from its loading on, and a bad one leaves the old in place")
    func reload() async throws {
        let certificate = try TestCertificate()
        let tls = try certificate.configuration()
        try await withServer(tls: tls, handler: webSocketHandler(echoMessages)) { test in
            let old = try await connect(test, trusting: certificate.certificateFile)
            try certificate.make()
            // The old one is still in use: who trusts only the new one is turned away.
            await #expect(throws: NetworkError.self) {
                try await connect(test, trusting: certificate.certificateFile)
            }
            try tls.reload()
            let new = try await connect(test, trusting: certificate.certificateFile)
            try Data("rubbish".utf8).write(to: URL(filePath: certificate.keyFile))
            let error = #expect(throws: TLSError.self) { try tls.reload() }
            #expect(error?.description.contains("key.pem") == true)
            let again = try await connect(test, trusting: certificate.certificateFile)
            for webSocket in [old, new, again] {
                try await webSocket.send("still here")
                #expect(try await webSocket.nextMessage() == .text(Array("still here".utf8)))
                await webSocket.close()
            }
        }
    }

    @Test("A pair that does not fit, and files that are missing, are named")
    func unusable() throws {
        let one = try TestCertificate()
        let two = try TestCertificate()
        let mixed = #expect(throws: TLSError.self) {
            try TLSConfiguration(certificateFile: one.certificateFile, keyFile: two.keyFile)
        }
        #expect(mixed?.description.contains(two.keyFile) == true)
        let missing = #expect(throws: TLSError.self) {
            try TLSConfiguration(certificateFile: "/nowhere.pem", keyFile: one.keyFile)
        }
        #expect(missing?.description.contains("/nowhere.pem") == true)
    }

    @Test("A key under a pass phrase is refused, and nobody is asked for it")
    func encryptedKey() throws {
        let certificate = try TestCertificate()
        try certificate.encryptKey()
        let error = #expect(throws: TLSError.self) { try certificate.configuration() }
        #expect(error?.file == certificate.keyFile)
        #expect(
            error?.description.hasSuffix("it needs a pass phrase, expected a key without") == true
        )
    }

    @Test("A client that speaks no TLS is turned away, and the server goes on")
    func plainClient() async throws {
        let certificate = try TestCertificate()
        let tls = try certificate.configuration()
        try await withServer(tls: tls, handler: webSocketHandler(echoMessages)) { test in
            let client = try await test.client()
            await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(!(await client.readToEnd()).contains("HTTP/1.1"))
            let webSocket = try await connect(test, trusting: certificate.certificateFile)
            await webSocket.close()
        }
    }
}
