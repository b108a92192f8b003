import ParleyHTTP
import Testing

@testable import ParleyNetwork

/// Bodies that nobody reads, or that come too slowly.
@Suite(.timeLimit(.minutes(1))) struct HTTPServerBodyTests {
    /// Answers without a look at the body.
    private let hasty: HTTPHandler = { _, _, response in
        try await response.respond(HTTPResponse(.ok), body: Array("done".utf8))
    }

    @Test(
        "Where a body was not read and its rest is long or unknown, the answer says that it closes",
        arguments: ["Content-Length: 262145", "Transfer-Encoding: chunked"]
    )
    func closesAfterUnreadBody(framing: String) async throws {
        try await withServer(handler: hasty) { test in
            let client = try await test.client()
            await client.send("POST / HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n")
            let answer = try await client.read(until: "done")
            #expect(answer.contains("Connection: close\r\n"))
            await client.endOutput()
            #expect(await client.readToEnd() == "")
            #expect(await !client.wasReset)
        }
    }

    @Test("An answer that comes before a long body survives the body")
    func lingers() async throws {
        try await withServer(handler: hasty) { test in
            let client = try await test.client()
            let body = [UInt8](repeating: 65, count: 1 << 20)
            await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
            await client.send(body)
            await client.untilSent()
            let answer = await client.readToEnd()
            #expect(answer.hasSuffix("done"))
            #expect(await !client.wasReset)
        }
    }

    @Test("A short body that was not read is skipped, and the next request answered")
    func skipsShortBody() async throws {
        try await withServer(handler: hasty) { test in
            let client = try await test.client()
            for _ in 0..<2 {
                await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
                let answer = try await client.read(until: "done")
                #expect(!answer.contains("Connection: close"))
            }
        }
    }

    @Test("The rest of a body that was read in part counts, not the whole")
    func countsRest() async throws {
        try await withServer(
            handler: { _, body, response in
                var count = 0
                while count < 200_000, let piece = try await body.next() { count += piece.count }
                try await response.respond(HTTPResponse(.ok), body: Array("done".utf8))
            },
            { test in
                let client = try await test.client()
                await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n")
                await client.send([UInt8](repeating: 65, count: 300_000))
                #expect(try await !client.read(until: "done").contains("Connection: close"))
                await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.read(until: "done").hasPrefix("HTTP/1.1 200 "))
            }
        )
    }

    @Test("A body that drips is answered with 408, however regular its drops are")
    func drips() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.bodyTimeout = .milliseconds(20)
        // No drop earns any time.
        configuration.bodyRate = .max
        let drops = Recorded(0)
        let dropped = AsyncStream.makeStream(of: Void.self)
        try await withServer(
            configuration,
            handler: { _, body, response in
                defer { dropped.continuation.finish() }
                while try await body.next() != nil {
                    drops.update { $0 += 1 }
                    dropped.continuation.yield()
                }
                try await response.respond(HTTPResponse(.ok))
            },
            { test in
                let client = try await test.client()
                await client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\na"
                )
                // The next drop falls as soon as the last one was heard.
                for await _ in dropped.stream { await client.send("a") }
                #expect((await client.readToEnd()).hasPrefix("HTTP/1.1 408 "))
            }
        )
        #expect(drops.value > 0)
    }

    @Test("An unread body that drips ends the connection, without a second answer")
    func dripsUnread() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.bodyTimeout = .milliseconds(5)
        try await withServer(configuration, handler: hasty) { test in
            let client = try await test.client()
            await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na")
            #expect((await client.readToEnd()).hasSuffix("done"))
        }
    }
}
