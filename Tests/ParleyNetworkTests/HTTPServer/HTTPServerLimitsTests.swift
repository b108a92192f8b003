import ParleyHTTP
import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct HTTPServerLimitsTests {
    private func configured(
        _ change: (inout HTTPServerConfiguration) -> Void
    ) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        change(&configuration)
        return configuration
    }

    @Test("A head that does not arrive in time is answered with 408")
    func headTimeout() async throws {
        let configuration = configured { $0.headTimeout = .milliseconds(5) }
        try await withServer(configuration, handler: echo) { test in
            let client = try await test.client()
            await client.send("GET / HTTP/1.1\r\nHo")
            #expect((await client.readToEnd()).hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        }
    }

    @Test("A connection that says nothing is closed without a word")
    func silent() async throws {
        let configuration = configured { $0.headTimeout = .milliseconds(5) }
        try await withServer(configuration, handler: echo) { test in
            let client = try await test.client()
            #expect(await client.readToEnd() == "")
        }
    }

    @Test("A body that stops midway is answered with 408")
    func bodyTimeout() async throws {
        let configuration = configured { $0.bodyTimeout = .milliseconds(5) }
        try await withServer(configuration, handler: echo) { test in
            let client = try await test.client()
            await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(answer.contains("Connection: close"))
        }
    }

    @Test("A connection without a further request is closed")
    func idleTimeout() async throws {
        let configuration = configured { $0.idleTimeout = .milliseconds(5) }
        try await withServer(configuration, handler: echo) { test in
            let client = try await test.client()
            await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect((await client.readToEnd()).hasSuffix("GET / "))
        }
    }

    @Test("A client that takes nothing of its answer is dropped, and the handler hears of it")
    func writeTimeout() async throws {
        let configuration = configured { $0.writeTimeout = .milliseconds(20) }
        let failed = Gate()
        try await withServer(
            configuration,
            handler: { _, _, response in
                defer { failed.open() }
                try await response.begin(HTTPResponse(.ok))
                while true { try await response.write([UInt8](repeating: 65, count: 100_000)) }
            },
            { test in
                let client = try await test.client(reads: false)
                await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                await failed.wait()
            }
        )
    }

    @Test("A body that nobody reads waits at the client, and arrives whole once somebody does")
    func inputBackpressure() async throws {
        let gate = Gate()
        let total = 24_000_000
        let held = Recorded(0)
        try await withServer(
            handler: { _, body, response in
                await gate.wait()
                var count = 0
                while let piece = try await body.next() {
                    count += piece.count
                    let largest = max(held.value, piece.count)
                    held.update { $0 = largest }
                }
                try await response.respond(HTTPResponse(.ok), body: Array("\(count)".utf8))
            },
            { test in
                let client = try await test.client()
                await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(total)\r\n\r\n")
                await client.send([UInt8](repeating: 65, count: total))
                await client.untilBlocked()
                #expect(await client.pendingOutput > 0)
                gate.open()
                _ = try await client.read(until: "\r\n\r\n\(total)")
            }
        )
        // What one reading may find is what the server has held.
        #expect(held.value <= HTTPServerConfiguration().inputHighWater + Limits.readSize)
    }

    @Test("A slow client makes the handler wait")
    func outputBackpressure() async throws {
        let written = Recorded(0)
        let gate = Gate()
        try await withServer(
            handler: { _, _, response in
                try await response.begin(HTTPResponse(.ok), length: .fixed(100 * 1_000_000))
                for _ in 0..<100 {
                    try await response.write([UInt8](repeating: 65, count: 1_000_000))
                    written.update { $0 += 1 }
                    gate.open()
                }
                try await response.finish()
            },
            { test in
                let client = try await test.client(reads: false)
                await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                await gate.wait()
                #expect(written.value < 100)
                await client.startReading()
                _ = try await client.read(until: "\r\n\r\n")
                _ = try await client.read(count: 100 * 1_000_000)
            }
        )
    }

    @Test("Connections beyond the limit hear 503, and room made is used again")
    func maximumConnections() async throws {
        let configuration = configured { $0.maximumConnections = 1 }
        try await withServer(configuration, handler: echo) { test in
            let first = try await test.client()
            await first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await first.read(until: "GET / ")
            let second = try await test.client()
            let answer = await second.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(answer.contains("Retry-After: 1\r\n"))
            await second.close()
            await first.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            _ = await first.readToEnd()
            await first.close()
            var last = ""
            while !last.hasPrefix("HTTP/1.1 200") {
                let next = try await test.client()
                await next.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                last = await next.readToEnd()
                await next.close()
            }
        }
    }

    @Test("A client that is gone cancels the handler")
    func clientGone() async throws {
        let started = Gate()
        let cancelled = Recorded(false)
        try await withServer(
            handler: { _, _, _ in
                started.open()
                let wasCancelled = await Gate().waitForCancellation()
                cancelled.update { $0 = wasCancelled }
            },
            { test in
                let client = try await test.client()
                await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                await started.wait()
                await client.reset()
                await test.server.shutDown(grace: .seconds(600))
            }
        )
        #expect(cancelled.value)
    }

    @Test("Draining closes idle connections, lets a request finish and accepts no more")
    func drain() async throws {
        let started = Gate()
        let gate = Gate()
        try await withServer(
            handler: { request, _, response in
                if request.target.rawPath == "/slow" {
                    started.open()
                    await gate.wait()
                }
                try await response.respond(HTTPResponse(.ok), body: Array("done".utf8))
            },
            { test in
                let idle = try await test.client()
                await idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try await idle.read(until: "done")
                let busy = try await test.client()
                await busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
                await started.wait()
                async let drained: Void = test.server.shutDown(grace: .seconds(600))
                #expect(await idle.readToEnd() == "")
                await #expect(throws: RawClient.Failure.self) { try await test.client() }
                gate.open()
                let answer = await busy.readToEnd()
                #expect(answer.contains("Connection: close\r\n"))
                #expect(answer.hasSuffix("done"))
                await drained
            }
        )
    }

    @Test("Draining cancels what has not finished when its time is over")
    func drainCancels() async throws {
        let started = Gate()
        try await withServer(
            handler: { _, _, _ in
                started.open()
                _ = await Gate().waitForCancellation()
                throw CancellationError()
            },
            { test in
                let client = try await test.client()
                await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                await started.wait()
                await test.server.shutDown(grace: .milliseconds(1))
                #expect((await client.readToEnd()).hasPrefix("HTTP/1.1 503 "))
            }
        )
    }
}
