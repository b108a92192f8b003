import ParleyHTTP
import ParleyNetwork
import ParleyNetworkTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPServerTests {
    @Test("A request is answered, and the connection kept for the next one")
    func keepAlive() async throws {
        try await withServer(handler: echo) { test in
            let client = try await test.client()
            for target in ["/a", "/b?c=d"] {
                await client.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
                let head = try await client.read(until: "\r\n\r\n")
                #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(head.contains("\r\nDate: "))
                #expect(!head.contains("Connection"))
                #expect(try await client.read(until: "GET \(target) ") == "GET \(target) ")
            }
            #expect(test.server.connectionCount == 1)
        }
    }

    @Test("Pipelined requests are answered in order")
    func pipelining() async throws {
        try await withServer(handler: echo) { test in
            let client = try await test.client()
            await client.send(
                "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                    + "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            )
            let all = await client.readToEnd()
            let bodies = all.split(separator: "\r\n\r\n").dropFirst().map {
                $0.prefix { $0 != "\r" }
            }
            #expect(all.contains("POST /1 abcHTTP/1.1 200 OK"))
            #expect(all.contains("GET /2 HTTP/1.1 200 OK"))
            #expect(all.hasSuffix("GET /3 "))
            #expect(bodies.count == 3)
        }
    }

    @Test("A chunked upload arrives whole, however it is cut")
    func chunkedUpload() async throws {
        try await withServer(handler: echo) { test in
            let client = try await test.client()
            let request =
                "POST /u HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "4\r\nwiki\r\n5\r\npedia\r\n0\r\n\r\n"
            for byte in request.utf8 { await client.send([byte]) }
            #expect(try await client.read(until: "wikipedia").hasSuffix("POST /u wikipedia"))
        }
    }

    @Test("A response can be streamed while it is made")
    func streamedResponse() async throws {
        let gate = Gate()
        try await withServer(
            handler: { _, _, response in
                try await response.begin(HTTPResponse(.ok))
                try await response.write(Array("one".utf8))
                await gate.wait()
                try await response.write(Array("two".utf8))
                try await response.finish()
            },
            { test in
                let client = try await test.client()
                await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.read(until: "3\r\none\r\n").contains("chunked"))
                gate.open()
                #expect(try await client.read(until: "0\r\n\r\n") == "3\r\ntwo\r\n0\r\n\r\n")
            }
        )
    }

    @Test("A client that ends its side after the request still gets its answer")
    func halfClosed() async throws {
        try await withServer(handler: echo) { test in
            let client = try await test.client()
            await client.send("GET /half HTTP/1.1\r\nHost: x\r\n\r\n")
            await client.endOutput()
            #expect((await client.readToEnd()).hasSuffix("GET /half "))
        }
    }

    @Test("HEAD gets the head of GET and no body")
    func head() async throws {
        try await withServer(handler: echo) { test in
            let client = try await test.client()
            await client.send("HEAD /h HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let answer = await client.readToEnd()
            #expect(answer.contains("Content-Length: 8\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("A body that waits for leave gets it when the handler reads")
    func expectContinue() async throws {
        try await withServer(handler: echo) { test in
            let client = try await test.client()
            await client.send(
                "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
            )
            #expect(try await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            await client.send("ok")
            #expect(try await client.read(until: "/e ok").hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    @Test("A body that was refused before it came ends the connection")
    func expectRefused() async throws {
        try await withServer(
            handler: { _, _, _ in throw HTTPFailure(.unauthorized, "No key") },
            { test in
                let client = try await test.client()
                await client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                        + "Expect: 100-continue\r\n\r\n"
                )
                let answer = await client.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
                #expect(answer.contains("Connection: close"))
                #expect(answer.hasSuffix("No key\n"))
            }
        )
    }

    @Test("A handler that fails is answered for with 500, and logged")
    func failingHandler() async throws {
        struct Broken: Error {}
        let capture = LogCapture()
        let log = Logger(label: "test", output: LogOutput(level: .info, sink: capture))
        try await withServer(
            telemetry: Telemetry(log: log, metrics: nil),
            handler: { _, _, _ in throw Broken() },
            { test in
                let client = try await test.client()
                await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try await client.read(until: "failed\n")
                #expect(answer.hasPrefix("HTTP/1.1 500 "))
            }
        )
        #expect(capture.records.map(\.message) == ["An HTTP handler failed"])
        #expect(capture.records.first?["error"] == .text("<private>"))
    }

    @Test("A response that breaks off midway does not look whole")
    func brokenResponse() async throws {
        struct Broken: Error {}
        try await withServer(
            handler: { _, _, response in
                try await response.begin(HTTPResponse(.ok))
                try await response.write(Array("half".utf8))
                throw Broken()
            },
            { test in
                let client = try await test.client()
                await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(!(await client.readToEnd()).contains("0\r\n\r\n"))
            }
        )
    }

    @Test("An unread small body is skipped for the sake of the next request")
    func unreadBody() async throws {
        try await withServer(
            handler: { _, _, response in try await response.respond(HTTPResponse(.noContent)) },
            { test in
                let client = try await test.client()
                for _ in 0..<2 {
                    await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
                    let head = try await client.read(until: "\r\n\r\n")
                    #expect(head.hasPrefix("HTTP/1.1 204"))
                }
            }
        )
    }

    @Test("An unread large body ends the connection, and the answer still arrives")
    func unreadLargeBody() async throws {
        try await withServer(
            handler: { _, _, _ in throw HTTPFailure(.contentTooLarge, "Too much") },
            { test in
                let client = try await test.client()
                await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n")
                await client.send([UInt8](repeating: 65, count: 8_000_000))
                #expect((await client.readToEnd()).hasSuffix("Too much\n"))
                #expect(await !client.wasReset)
            }
        )
    }

    @Test("A request that is none is refused, with a message that arrives")
    func badRequest() async throws {
        try await withServer(handler: echo) { test in
            let client = try await test.client()
            await client.send("NONSENSE\r\n\r\n" + String(repeating: "x", count: 100_000))
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(await !client.wasReset)
        }
    }

    @Test("Requests are counted by method and status")
    func metrics() async throws {
        let registry = MetricsRegistry()
        try await withServer(
            telemetry: Telemetry(log: .disabled, metrics: registry),
            handler: echo
        ) { test in
            let client = try await test.client()
            await client.send("BREW / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            _ = await client.readToEnd()
        }
        #expect(
            registry.prometheusText().contains(
                "http_server_request_duration_seconds_count"
                    + "{http_request_method=\"_OTHER\",http_response_status_code=\"200\"} 1\n"
            )
        )
    }
}
